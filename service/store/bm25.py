"""BM25 as FTS5 reckons it: what finding a word is worth, and what entries score for a query.

Pure; the places of words come packed, eight bytes each, as the index of words keeps them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np
import numpy.typing as npt

K1 = 1.2
B = 0.75
_LEAST = 1e-6
_MOST = 65_535
PLACE = np.dtype([("entry", "<i4"), ("times", "<u2"), ("length", "<u2")])
"""A word in an entry: which, how often, and how many words that entry has."""

Places = npt.NDArray[Any]


@dataclass(frozen=True)
class Totals:
    """What a brand's index holds: how many entries, and how many words they have together."""

    entries: int
    words: int


@dataclass(frozen=True)
class Scored:
    """Entries with their scores, the best first; of equal ones the older."""

    entries: npt.NDArray[np.int64]
    scores: npt.NDArray[np.float64]


def pack(places: Iterable[tuple[int, int, int]]) -> bytes:
    """Places as (entry, times, length)."""
    capped = [(entry, min(times, _MOST), min(length, _MOST)) for entry, times, length in places]
    return np.array(capped, PLACE).tobytes()


def unpack(packed: Sequence[bytes]) -> Places:
    """The places of several rows as one."""
    return np.frombuffer(b"".join(packed), PLACE)


def without(packed: bytes, entries: Sequence[int]) -> bytes:
    """The places that are left when these entries go."""
    places = unpack([packed])
    return places[~np.isin(places["entry"], entries)].tobytes()


def score(totals: Totals, words: Sequence[Places]) -> Scored:
    """All entries that hold any of the words; each item is one word of the query."""
    parts = [_worth(totals, places) for places in words if len(places)]
    if not parts:
        return Scored(np.empty(0, np.int64), np.empty(0))
    entries, at = np.unique(np.concatenate([entry for entry, _ in parts]), return_inverse=True)
    worths = np.concatenate([worth for _, worth in parts])
    scores = np.bincount(at, weights=worths).astype(np.float64)
    order = np.lexsort((entries, -scores))
    return Scored(entries[order].astype(np.int64), scores[order])


def _worth(totals: Totals, places: Places) -> tuple[npt.NDArray[Any], npt.NDArray[np.float64]]:
    """What one word gives each entry; several endings of one beginning count together."""
    entries, first, at = np.unique(places["entry"], return_index=True, return_inverse=True)
    times = np.bincount(at, weights=places["times"])
    average = max(totals.words / max(totals.entries, 1), 1.0)
    length = 1 - B + B * places["length"][first] / average
    return entries, _rarity(totals, len(entries)) * times * (K1 + 1) / (times + K1 * length)


def _rarity(totals: Totals, entries: int) -> float:
    elsewhere = max(totals.entries - entries, 0)
    return max(log((elsewhere + 0.5) / (entries + 0.5)), _LEAST)
