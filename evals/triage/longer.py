"""Longer posts out of written ones: what matters stands among sentences that say nothing of it.

Authors write a danger into most of the sentences of a post, so a network that has read only theirs
loses one that follows two calm sentences about the delivery.
"""

import random
from collections.abc import Iterator, Sequence

from evals.training import SEED
from evals.triage.rows import LabelledPost
from service.domain.triage import Kind, Sensitivity

SENSITIVE, HARMLESS = 1_200, 600
"""How many of each; a harmless one has in it what nearly is sensitive."""
_LONGEST = 160
_MOST_AROUND = 2


def longer_posts(rows: Sequence[LabelledPost]) -> list[LabelledPost]:
    """Posts with one or two calm complaints of their language around them; the same each time."""
    dice = random.Random(SEED)  # noqa: S311 (draws rows)
    fit = [row for row in rows if _fits(row)]
    calm = [row for row in fit if not row.sensitivities and not row.near]
    sensitive = [row for row in fit if row.sensitivities]
    nearly = [row for row in fit if not row.sensitivities and row.near in set(Sensitivity)]
    drawn = [*_drawn(sensitive, SENSITIVE, dice), *_drawn(nearly, HARMLESS, dice)]
    return [_among(row, calm, dice) for row in drawn]


def _fits(row: LabelledPost) -> bool:
    """Only complaints of known issues: whatever stands around them, the whole is a complaint."""
    return row.kind is Kind.COMPLAINT and bool(row.issues) and len(row.text) <= _LONGEST


def _drawn(rows: Sequence[LabelledPost], count: int, dice: random.Random) -> Iterator[LabelledPost]:
    yield from dice.sample(rows, min(count, len(rows)))


def _among(row: LabelledPost, calm: Sequence[LabelledPost], dice: random.Random) -> LabelledPost:
    own = [one for one in calm if one.language == row.language]
    parts = [row, *dice.sample(own, dice.randint(1, _MOST_AROUND))]
    dice.shuffle(parts)
    return row.model_copy(
        update={
            "id": "+".join(part.id for part in parts),
            "text": "\n".join(part.text for part in parts),
            "needs_personal_data": any(part.needs_personal_data for part in parts),
            "upset": any(part.upset for part in parts),
            "chases": any(part.chases for part in parts),
            "issues": tuple(issue for part in parts for issue in part.issues or ()),
        }
    )
