"""The sentences of policy that answer a complaint, as they stand in the passage."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from service.domain.knowledge import Evidence, FoundPassage
from service.domain.triage import Kind, MoveKind, Triage
from service.embedding.embedder import TextVectors
from service.text.sentences import split_sentences
from service.text.specifics import SpecificKind, find_specifics

_SURE = 0.9
"""A second rule is quoted for a second point only where it is this surely relevant."""
_MOST_SENTENCES = 3
_GRANTED = frozenset({SpecificKind.AMOUNT, SpecificKind.PERCENTAGE, SpecificKind.DURATION})
_GRANTS = 0.03
"""What a sentence with a figure in it is worth, as a cosine: it tells what the customer gets."""
Floats = npt.NDArray[np.float32]


async def quoted_rules(
    evidence: Evidence, triage: Triage, complaint: str, vectors: TextVectors, *, limit: int
) -> list[str]:
    """One stretch of each rule that applies, of at most so many characters, whole sentences; none
    of a rule whose sentences are all longer."""
    if triage.kind is Kind.COMPLIMENT or triage.move.kind is MoveKind.CLOSING_UPDATE:
        return []
    points = [issue.text for issue in triage.issues] or [complaint]
    asked = await vectors.of([*points, complaint])
    quoted = [
        _stretch([s.text for s in split_sentences(passage.text)], asked, vectors, limit)
        for passage in _applying(evidence.policy, triage)
    ]
    return [text for stretch in quoted if (text := await stretch)]


def _applying(found: Sequence[FoundPassage], triage: Triage) -> Sequence[FoundPassage]:
    """The first, and the second where there is a second point."""
    second = [one for one in found[1:2] if len(triage.issues) > 1 and one.score >= _SURE]
    return [*found[:1], *second]


async def _stretch(
    sentences: Sequence[str], asked: Floats, vectors: TextVectors, limit: int
) -> str:
    """The neighbouring sentences that tell most of what was asked, as many as there is room for."""
    near = (await vectors.of(sentences)) @ asked.T
    worth = near.max(axis=1) + [_GRANTS * _grants(sentence) for sentence in sentences]
    worth = worth - float(worth.mean())
    stretches = [
        (float(worth[first:last].sum()), " ".join(sentences[first:last]))
        for first in range(len(sentences))
        for last in range(first + 1, min(len(sentences), first + _MOST_SENTENCES) + 1)
    ]
    fitting = [one for one in stretches if len(one[1]) <= limit]
    return max(fitting, default=(0.0, ""))[1]


def _grants(sentence: str) -> bool:
    return any(one.kind in _GRANTED for one in find_specifics(sentence))
