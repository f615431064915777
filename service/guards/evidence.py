"""The sentences that a reply may rest on, and which of them lie nearest to what it says."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from service.domain.thread import Author
from service.embedding.embedder import Embedder, Side
from service.guards.context import CheckContext
from service.guards.reading import Source, SourceKind
from service.text.sentences import split_sentences
from service.text.specifics import SpecificKind, find_specifics
from service.text.stems import stems

Floats = npt.NDArray[np.float32]
_MOST_CHARS = 170
_LEAST_CHARS = 8
_COSINE_FLOOR, _COSINE_SPAN = 0.78, 0.14
_WORDS, _VALUES = 0.8, 0.5
_POLICY, _OTHERS = 2, 2
_VAGUE = {SpecificKind.COUNT, SpecificKind.NUMBER}
_CLAUSE = re.compile(r"(?<=[;:])\s+")


@lru_cache(maxsize=4096)
def _cut(text: str) -> tuple[str, ...]:
    """Sentences, long ones cut at semicolons, so that each says one thing."""
    parts = [
        part
        for sentence in split_sentences(text)
        for part in (
            _CLAUSE.split(sentence.text) if len(sentence.text) > _MOST_CHARS else (sentence.text,)
        )
    ]
    return tuple(part[: 2 * _MOST_CHARS] for part in parts if len(part) >= _LEAST_CHARS)


def sources_of(context: CheckContext) -> tuple[Source, ...]:
    """Every sentence of policy, thread, known facts and follow-up windows, each once."""
    return tuple(dict.fromkeys(_sources(context)))


def _sources(context: CheckContext) -> Iterator[Source]:
    for found in context.policy:
        passage = (found.id, found.version)
        for text in _cut(found.text):
            titled = f"{found.title}: {text}" if found.title else text
            yield Source(SourceKind.POLICY, titled, passage)
    case = context.case
    for message in case.others:
        kind = SourceKind.SAID if message.author is Author.BRAND else SourceKind.TOLD
        yield from (Source(kind, text) for text in _cut(message.text))
    yield from (Source(SourceKind.TOLD, text) for text in _cut(case.complaint.text))
    for fact in case.facts:
        if not (fact.private and context.is_public):
            yield from (Source(SourceKind.KNOWN, text) for text in _cut(fact.text))
    yield from (Source(SourceKind.WINDOW, text) for text in context.brand.follow_up_windows)


@lru_cache(maxsize=4096)
def _values(text: str) -> frozenset[str]:
    telling = (one for one in find_specifics(text) if one.kind not in _VAGUE)
    return frozenset().union(*(one.readings | one.grants for one in telling))


def _closeness(sentence: str, source: Source, cosine: float) -> float:
    """Meaning, shared words and shared values together."""
    own, theirs = stems(sentence), stems(source.text)
    shared = len(own & theirs) / max(1, min(len(own), len(theirs)))
    meaning = (cosine - _COSINE_FLOOR) / _COSINE_SPAN
    return meaning + _WORDS * shared + _VALUES * bool(_values(sentence) & _values(source.text))


class Finder:
    """Finds the sources nearest to a sentence."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def nearest(self, texts: Sequence[str], sources: Sequence[Source]) -> list[tuple[Source, ...]]:
        """For each text the two nearest sentences of policy and the two nearest others."""
        if not sources or not texts:
            return [() for _ in texts]
        theirs = self._embedder.embed([source.text for source in sources], Side.QUERY)
        cosines = self._embedder.embed(texts, Side.QUERY) @ theirs.T
        return [_nearest(text, sources, row) for text, row in zip(texts, cosines, strict=True)]


def _nearest(text: str, sources: Sequence[Source], cosines: Floats) -> tuple[Source, ...]:
    closeness = [_closeness(text, s, float(c)) for s, c in zip(sources, cosines, strict=True)]
    ranked = [sources[n] for n in sorted(range(len(sources)), key=lambda n: -closeness[n])]
    policy = [source for source in ranked if source.kind is SourceKind.POLICY]
    others = [source for source in ranked if source.kind is not SourceKind.POLICY]
    return (*policy[:_POLICY], *others[:_OTHERS])


def told_by(sources: Sequence[Source]) -> str:
    """Sources as the reader sees them beside a sentence."""
    told = (f"[{source.kind.value}] {source.text[:_MOST_CHARS]}" for source in sources)
    return " ".join(told) or "[nothing]"
