"""The sentences of policy that answer a complaint, as they stand in the passage."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from service.domain.knowledge import Evidence
from service.domain.triage import Kind, MoveKind, Triage
from service.embedding.embedder import TextVectors
from service.knowledge.formats.pages import plain_parts
from service.knowledge.ranking import strength_of
from service.text.sentences import split_sentences
from service.text.specifics import SpecificKind, find_specifics

_LEAD = 1.5
"""How far, in log odds, a passage must lie before every other to be quoted: of those on our
labelled complaints (dev) fourteen in fifteen are right, of all first passages two in three. A model
may leave aside what doesn't fit; a quote can't."""
_MOST_SENTENCES = 3
_ENDS = (".", "!", "?", "…", '."', ".”", ".)")
_GRANTED = frozenset({SpecificKind.AMOUNT, SpecificKind.PERCENTAGE, SpecificKind.DURATION})
_GRANTS = 0.03
"""What a sentence with a figure in it is worth, as a cosine: it tells what the customer gets."""
Floats = npt.NDArray[np.float32]


async def quoted_rule(
    evidence: Evidence, triage: Triage, complaint: str, vectors: TextVectors, *, limit: int
) -> str | None:
    """A stretch of the first passage, whole sentences of at most so many characters; None where
    nothing applies or every sentence is longer.

    The second passage is left alone: of those found for complaints with two points, one in five was
    right.
    """
    praised = triage.kind is Kind.COMPLIMENT or triage.move.kind is MoveKind.CLOSING_UPDATE
    if praised or not _stands_out(evidence):
        return None
    points = [issue.text for issue in triage.issues] or [complaint]
    asked = await vectors.of([*points, complaint])
    parts = [_sentences(part) for part in plain_parts(evidence.policy[0].text)]
    return await _stretch([part for part in parts if part], asked, vectors, limit)


def _stands_out(evidence: Evidence) -> bool:
    """Whether there is a first passage, and none comes near it, be it kept or cut."""
    if not evidence.policy:
        return False
    others = [*(one.score for one in evidence.policy[1:]), *(one.score for one in evidence.cut)]
    lead = strength_of(evidence.policy[0].score) - strength_of(max(others, default=0.0))
    return lead >= _LEAD


async def _stretch(
    parts: Sequence[Sequence[str]], asked: Floats, vectors: TextVectors, limit: int
) -> str | None:
    """The neighbouring sentences of one part that tell most of what was asked, as many as there is
    room for."""
    sentences = [sentence for part in parts for sentence in part]
    if not sentences:
        return None
    near = (await vectors.of(sentences)) @ asked.T
    worth = near.max(axis=1) + [_GRANTS * _grants(sentence) for sentence in sentences]
    worth = worth - float(worth.mean())
    stretches = [
        (float(worth[first:last].sum()), " ".join(sentences[first:last]))
        for first, end in _begins(parts)
        for last in range(first + 1, min(end, first + _MOST_SENTENCES) + 1)
    ]
    fitting = [one for one in stretches if len(one[1]) <= limit]
    return max(fitting)[1] if fitting else None


def _begins(parts: Sequence[Sequence[str]]) -> Iterator[tuple[int, int]]:
    """Where each sentence stands among all of them, and where its part ends."""
    begin = 0
    for part in parts:
        end = begin + len(part)
        yield from ((place, end) for place in range(begin, end))
        begin = end


def _sentences(part: str) -> list[str]:
    """An item of a list may stand without its full stop."""
    texts = [sentence.text.rstrip() for sentence in split_sentences(part)]
    return [text if text.endswith(_ENDS) else f"{text.rstrip(',;:')}." for text in texts if text]


def _grants(sentence: str) -> bool:
    return any(one.kind in _GRANTED for one in find_specifics(sentence))
