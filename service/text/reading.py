"""How one specific was understood, before its place in the written text is known."""

from dataclasses import dataclass
from enum import StrEnum


class SpecificKind(StrEnum):
    """What a specific measures."""

    AMOUNT = "amount"
    PERCENTAGE = "percentage"
    DURATION = "duration"
    DATE = "date"
    WEEKDAY = "weekday"
    CLOCK = "clock"
    REFERENCE = "reference"
    YEAR = "year"
    COUNT = "count"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Reading:
    """A specific with its place in the text that was read."""

    kind: SpecificKind
    value: str
    unit: str
    start: int
    end: int
    readings: frozenset[str]
    grants: frozenset[str]


def plain_reading(
    kind: SpecificKind, value: str, *, start: int, end: int, unit: str = ""
) -> Reading:
    """A specific that can be understood in one way only."""
    key = frozenset({f"{kind}:{value}:{unit}"})
    return Reading(kind, value, unit, start, end, key, key)


def ambiguous_reading(
    kind: SpecificKind, values: tuple[str, ...], *, start: int, end: int
) -> Reading:
    """A specific that can be understood in several ways, each as good as the other."""
    keys = frozenset(f"{kind}:{value}:" for value in values)
    return Reading(kind, values[0], "", start, end, keys, keys)
