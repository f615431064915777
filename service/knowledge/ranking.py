"""Fuse vector and word scores into one relevance, and cut off what is not relevant. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.text.function_words import WORDS

_WORD = re.compile(r"[^\W\d_]{3,}|\d{2,}")
_MAX_TERMS = 32
_SMALL_WORDS = frozenset().union(*(WORDS[code] for code in ("en", "pl", "es", "de")))


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """Where an embedding model's cosines begin to mean something, and what counts as relevant.

    Measured per model on labelled pairs (see the README): `floor` is the cosine of unrelated
    texts, `ceiling` that of clear hits; the word score saturates at `enough_bm25`.
    """

    floor: float
    ceiling: float
    cut_off: float
    word_weight: float = 0.35
    enough_bm25: float = 8.0
    enough_per_term: float = 2.5


@dataclass(frozen=True)
class PartScores:
    """What each search said about one piece for one query; None where it did not find it."""

    vector: float | None = None
    text: float | None = None

    def relevance(self, calibration: Calibration, terms: int) -> float:
        """Between 0 (nothing in common) and about 1 (a clear hit) for a query of so many words."""
        width = calibration.ceiling - calibration.floor
        meaning = 0.0 if self.vector is None else (self.vector - calibration.floor) / width
        # A short query can't collect as much as a long one.
        enough = min(calibration.enough_bm25, calibration.enough_per_term * max(terms, 1))
        words = min((self.text or 0.0) / enough, 1.0)
        weight = calibration.word_weight
        return (1 - weight) * max(meaning, 0.0) + weight * words


@dataclass(frozen=True)
class Ranked:
    """A passage or reply with its best piece."""

    ref: str
    text: str
    score: float
    parts: PartScores
    relevant: bool


@dataclass(frozen=True)
class Piece:
    """One piece with its scores for one query."""

    ref: str
    text: str
    parts: PartScores
    terms: int = 10


def search_terms(query: str) -> tuple[str, ...]:
    """The words worth searching for, each once, in order."""
    words = (match.group().lower() for match in _WORD.finditer(query))
    return tuple(dict.fromkeys(word for word in words if word not in _SMALL_WORDS))[:_MAX_TERMS]


def fuse(
    queries: Sequence[Iterable[Piece]], *, calibration: Calibration, limit: int
) -> tuple[Ranked, ...]:
    """One ranking over all queries: each ref once, by its best piece for any of them.

    Each query's own best comes first, so that a second issue is not crowded out by look-alikes
    of the first; then the rest by score.
    """
    best: dict[str, Ranked] = {}
    seats: list[str] = []
    for pieces in queries:
        ranked = sorted((_rank(piece, calibration) for piece in pieces), key=_by_score)
        if ranked and ranked[0].relevant:
            seats.append(ranked[0].ref)
        for item in ranked:
            if item.ref not in best or item.score > best[item.ref].score:
                best[item.ref] = item
    order = sorted(best.values(), key=lambda item: (item.ref not in seats, *_by_score(item)))
    return tuple(order[:limit])


def _by_score(item: Ranked) -> tuple[float, str]:
    return (-item.score, item.ref)


def _rank(piece: Piece, calibration: Calibration) -> Ranked:
    score = piece.parts.relevance(calibration, piece.terms)
    return Ranked(piece.ref, piece.text, score, piece.parts, score >= calibration.cut_off)
