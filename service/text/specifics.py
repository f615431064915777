"""Checkable specifics in a text, made comparable across languages and spellings."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from service.text.calendar_words import (
    clock_at,
    date_at,
    dates_with_month_first,
    day_words,
    year_at,
)
from service.text.folding import fold
from service.text.measures import measure_at, within_one
from service.text.numbers import NUMBER, Digitised, digitise
from service.text.reading import Reading, SpecificKind
from service.text.references import references_in
from service.text.urls import without_links

__all__ = ["TIMES", "Specific", "SpecificKind", "find_specifics", "granted_by"]

TIMES = frozenset(
    {SpecificKind.DURATION, SpecificKind.DATE, SpecificKind.WEEKDAY, SpecificKind.CLOCK}
)
_READERS: tuple[Callable[[str, int, int], Reading | None], ...] = (
    date_at,
    clock_at,
    measure_at,
    year_at,
)


@dataclass(frozen=True, slots=True)
class Specific:
    """A value that can be checked.

    `readings` are the ways it can be understood, `grants` what it vouches for in another text:
    `3-5 days` vouches for itself and for `within 5 days`.
    """

    kind: SpecificKind
    value: str
    unit: str
    start: int
    end: int
    text: str
    readings: frozenset[str] = field(default=frozenset())
    grants: frozenset[str] = field(default=frozenset())


def _specific(reading: Reading, text: str, start: int, end: int) -> Specific:
    return Specific(
        kind=reading.kind,
        value=reading.value,
        unit=reading.unit,
        start=start,
        end=end,
        text=text[start:end],
        readings=reading.readings,
        grants=reading.grants,
    )


def _numeric(digitised: Digitised) -> Iterator[Reading]:
    """What each number means, left to right; a reading swallows the numbers inside it."""
    reached = 0
    for match in NUMBER.finditer(digitised.text):
        start, end = match.span()
        if start < reached:
            continue
        for reader in _READERS:
            if reading := reader(digitised.text, start, end):
                reached = max(reached, reading.end)
                yield reading
                break


def _precedence(specific: Specific) -> tuple[int, bool, int]:
    return specific.start, specific.kind is not SpecificKind.REFERENCE, -specific.end


def _without_overlaps(found: list[Specific]) -> tuple[Specific, ...]:
    """Earlier first; of two that begin together a reference, else the longer one."""
    kept: list[Specific] = []
    for specific in sorted(found, key=_precedence):
        if not kept or specific.start >= kept[-1].end:
            kept.append(specific)
    return tuple(kept)


@lru_cache(maxsize=512)
def find_specifics(text: str) -> tuple[Specific, ...]:
    """Amounts, percentages, durations, dates, weekdays, times, references, counts and years."""
    plain = without_links(text)
    digitised = digitise(fold(plain))
    references = list(references_in(plain))
    readings = [
        *_numeric(digitised),
        *dates_with_month_first(digitised.text),
        *within_one(digitised.text),
        *day_words(digitised.text),
    ]
    found = [_specific(one, text, one.start, one.end) for one in references]
    found += [_specific(one, text, *digitised.span(one.start, one.end)) for one in readings]
    return _without_overlaps(found)


def granted_by(texts: tuple[str, ...]) -> frozenset[str]:
    """Everything that the specifics of these texts vouch for."""
    return frozenset().union(*(one.grants for text in texts for one in find_specifics(text)))
