"""A boundary statement that draws no boundary."""

import re
from collections.abc import Iterator
from pathlib import Path

from service.domain.triage import MoveKind
from service.guards.context import CheckContext, Hit
from service.guards.reading import Label
from service.text.folding import fold
from service.text.wordlists import patterns

_DRAWN = 0.4
_FILE = Path(__file__).with_name("lexicon") / "facts_boundary.yaml"
_LISTS = {key: re.compile(one.pattern + r"(?!\w)") for key, one in patterns(_FILE).items()}


def _draws(sentence: str) -> bool:
    """Whether a folded sentence says of a way of speaking that it will not do.

    "Not acceptable" alone is not enough: that may be said of the brand's own delay.
    """
    if _LISTS["drawn"].search(sentence) or _LISTS["here"].search(sentence):
        return True
    return bool(_LISTS["manner"].search(sentence) and _LISTS["limit"].search(sentence))


def find_missing_boundary(context: CheckContext) -> Iterator[Hit]:
    """Nothing to point at: the finding is about what is not there."""
    if context.move is not MoveKind.BOUNDARY_STATEMENT:
        return
    if any(_draws(fold(sentence.text)) for sentence in context.sentences):
        return
    if any(reading.share(Label.BOUNDARY) >= _DRAWN for reading in context.read):
        return
    terms = ", and name the terms" if context.brand.community_guidelines.strip() else ""
    yield Hit(
        message="The customer wrote abuse, and the reply does not say that it is not acceptable.",
        suggestion=f"Say once, calmly, that such language has no place here{terms}.",
    )
