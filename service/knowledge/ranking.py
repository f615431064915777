"""Fuse what each search said into one relevance, and cut off what is not relevant. Pure."""

import hashlib
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from service.text.function_words import WORDS
from service.text.stems import stems

_FUSION = Path(__file__).with_name("fusion.yaml")
_WORD = re.compile(r"[^\W\d_]{3,}|\d{2,}")
_MAX_TERMS = 32
_ENOUGH_BM25, _ENOUGH_PER_TERM = 12.0, 2.5
_NEARLY_SAME = 0.6
_LONG = 10
"""So many telling words are no short query any more."""
_SURE = 0.95
"""A point alone counts from here on: out of its conversation it says less than it seems to."""
_LEAST = 1e-4
_SMALL_WORDS = frozenset().union(*(WORDS[code] for code in ("en", "pl", "es", "de")))


class Fusion(BaseModel):
    """How much each search's score counts (fitted on labelled complaints).

    `vector` and `trained` weigh cosines, `text` the share of a full BM25 score; `cut_off` is the
    relevance from which on a passage is evidence. `short` makes up for what a query of few words
    can't say.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    bias: float
    vector: float = 0.0
    trained: float = 0.0
    text: float = 0.0
    short: float = 0.0
    cut_off: float


@cache
def fusions() -> Mapping[str, Fusion]:
    """The measured fusions by name; `fusion.yaml` says where they come from."""
    listed = yaml.safe_load(_FUSION.read_text(encoding="utf-8"))
    return {name: Fusion.model_validate(one) for name, one in listed.items()}


def fusion_version() -> str:
    """A hash of the fusions."""
    return hashlib.sha256(_FUSION.read_bytes()).hexdigest()[:8]


@dataclass(frozen=True)
class PartScores:
    """What each search said about one piece; None where it did not find it.

    `vector` is the cosine with the nearest point raised; `trained` that with the conversation as
    the trained complaint encoder reads it, `alone` the best with one of several points; `text` is
    BM25.
    """

    vector: float | None = None
    text: float | None = None
    trained: float | None = None
    alone: float | None = None

    def relevance(self, fusion: Fusion, terms: int) -> float:
        """Between 0 and 1: how surely the piece answers a query of so many words."""
        whole = self._relevance(self.trained, fusion, terms)
        one = 0.0 if self.alone is None else self._relevance(self.alone, fusion, terms)
        return max(whole, one) if one >= _SURE else whole

    def _relevance(self, trained: float | None, fusion: Fusion, terms: int) -> float:
        strength = (
            fusion.bias
            + fusion.vector * (self.vector or 0.0)
            + fusion.trained * (trained or 0.0)
            + fusion.text * fullness(self.text, terms)
            + fusion.short * max(0.0, 1 - terms / _LONG)
        )
        return 1 / (1 + math.exp(-strength))


def fullness(bm25: float | None, terms: int) -> float:
    """The share of a full word score; a short query can't collect as much as a long one."""
    enough = min(_ENOUGH_BM25, _ENOUGH_PER_TERM * max(terms, 1))
    return min((bm25 or 0.0) / enough, 1.0)


@dataclass(frozen=True)
class Piece:
    """One piece with its scores for one query."""

    ref: str
    text: str
    parts: PartScores
    terms: int = 10


@dataclass(frozen=True)
class Ranked:
    """A passage or reply with its best piece."""

    ref: str
    text: str
    score: float
    parts: PartScores
    relevant: bool


def search_terms(query: str) -> tuple[str, ...]:
    """The words worth searching for, each once, in order."""
    words = (match.group().lower() for match in _WORD.finditer(query))
    return tuple(dict.fromkeys(word for word in words if word not in _SMALL_WORDS))[:_MAX_TERMS]


def fuse(pieces: Iterable[Piece], *, fusion: Fusion, limit: int) -> tuple[Ranked, ...]:
    """One ranking: each ref once, by its best piece."""
    best: dict[str, Ranked] = {}
    for piece in pieces:
        item = _rank(piece, fusion)
        if item.ref not in best or item.score > best[item.ref].score:
            best[item.ref] = item
    return tuple(sorted(best.values(), key=lambda item: (-item.score, item.ref))[:limit])


def _rank(piece: Piece, fusion: Fusion) -> Ranked:
    score = piece.parts.relevance(fusion, piece.terms)
    return Ranked(piece.ref, piece.text, score, piece.parts, score >= fusion.cut_off)


def strength_of(relevance: float) -> float:
    """The log odds of a relevance."""
    sure = min(max(relevance, _LEAST), 1 - _LEAST)
    return math.log(sure / (1 - sure))


def unlike(texts: Iterable[str], *, wanted: int) -> list[int]:
    """Places of the first texts that don't nearly repeat one before: three examples, three ways."""
    chosen: list[int] = []
    seen: list[frozenset[str]] = []
    for place, text in enumerate(texts):
        words = stems(text)
        if len(chosen) < wanted and not any(_alike(words, other) for other in seen):
            chosen.append(place)
            seen.append(words)
    return chosen


def _alike(words: frozenset[str], others: frozenset[str]) -> bool:
    return len(words & others) >= _NEARLY_SAME * max(1, len(words | others))
