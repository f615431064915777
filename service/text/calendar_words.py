"""Dates, times of day, days of the week and years, in four languages."""

import re
from collections.abc import Iterator
from functools import cache

from service.text.folding import fold
from service.text.numbers import WORD
from service.text.reading import Reading, SpecificKind, ambiguous_reading, plain_reading
from service.text.wordlists import HERE, lookup, read_list

_FILE = HERE / "calendar.yaml"
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?!\d)")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2}(?!\d))?")
_SLASHED = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d{2})(?!\d)")
_DAY_MONTH = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|\.|º|o)?\s?(?:(?:of|de)\s)?([^\W\d_]{3,12})\b"
    r"(?:[.,]?\s(?:de\s|del\s)?(\d{4})(?!\d))?"
)
_MONTH_DAY = re.compile(
    r"(?<!\w)([a-z]{3,9})\.?\s(?:the\s)?(\d{1,2})(?:st|nd|rd|th)?(?!\w|[.,:]\d|\s?%)"
    r"(?:,?\s(\d{4})(?!\d))?"
)
_MAY_THE_VERB = re.compile(
    r"\d{1,2}\s(?:may|mar)\s(?:be|have|not|take|need|seem|still|well|also)\b"
)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?!\d)\s?(am|pm|a\.\s?m\.?|p\.\s?m\.?)?(?:\s?(?:uhr|h)\b)?")
_CLOCK_WORD = re.compile(
    r"(\d{1,2})(?:\.(\d{2}))?\s?(?:(am\b|pm\b|a\.\s?m\.?|p\.\s?m\.?)|uhr\b|o'clock)"
)
_CLOCK_LED = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?(?!\w|[.,]?\d|\s?(?:%|€|zl|eur))")
_LEADS = re.compile(r"(?<!\w)(?:a las|las|godz\.|godz|godzinie|godziny|at|um)\s$")
_DATE_LEADS = re.compile(
    r"(?<!\w)(?:am|vom|bis|zum|zu|ab|seit|do|od|z|dnia|el|del|al|desde|hasta|on|by|until|since)\s$"
)
_BETWEEN = re.compile(
    r"(?<!\w)(?:between|from|zwischen|von|entre las|de|miedzy|od)\s(\d{1,2})()\s"
    r"(?:and|to|und|bis|y las|a|y|i|a|do)\s\d{1,2}"
    r"(?=\s?(?:tomorrow|today|in the|on |uhr|am\b|pm\b|manana|jutro|morgen|heute)|\s?$)"
)
_YEAR = re.compile(r"(?:19|20)\d{2}(?!\d)")


def _date(day: str, month: str, year: str | None, place: tuple[int, int]) -> Reading | None:
    if not (1 <= int(day) <= 31 and 1 <= int(month) <= 12):
        return None
    plain = f"{int(month):02}-{int(day):02}"
    full = f"{plain}-{year[-2:]}" if year else plain
    keys = {f"date:{full}", f"date:{plain}-*"} if year else {f"date:{plain}"}
    grants = {f"date:{plain}", f"date:{full}"} | (set() if year else {f"date:{plain}-*"})
    return Reading(SpecificKind.DATE, full, "", *place, frozenset(keys), frozenset(grants))


def _either_order(match: re.Match[str]) -> Reading | None:
    """Slashes are day first or month first, depending on who writes."""
    first, second, year = match.groups()
    both = [_date(first, second, year, match.span()), _date(second, first, year, match.span())]
    readings = [one for one in both if one]
    if not readings:
        return None
    keys = frozenset().union(*(one.readings for one in readings))
    grants = frozenset().union(*(one.grants for one in readings))
    return Reading(SpecificKind.DATE, readings[0].value, "", *match.span(), keys, grants)


def _is_padded(match: re.Match[str]) -> bool:
    """`12.05.` is a date; `11.1.` may be a version at the end of a sentence."""
    return len(match[1]) == 2 and len(match[2]) == 2


def _numeric_date(text: str, start: int) -> Reading | None:
    if match := _ISO.match(text, start):
        year, month, day = match.groups()
        return _date(day, month, year, match.span())
    if match := _SLASHED.match(text, start):
        if text[match.end(1)] == "/":
            return _either_order(match)
        return _date(match[1], match[2], match[3], match.span())
    match = _DOTTED.match(text, start)
    if match and (match[3] or _is_padded(match) or _DATE_LEADS.search(text, start - 8, start)):
        return _date(match[1], match[2], match[3], match.span())
    return None


def date_at(text: str, start: int, _end: int) -> Reading | None:
    """The date that begins with the number at this place."""
    if numeric := _numeric_date(text, start):
        return numeric
    match = _DAY_MONTH.match(text, start)
    month = lookup(_FILE, "months").get(match[2]) if match else None
    if not match or not month or _MAY_THE_VERB.match(text, start):
        return None
    return _date(match[1], month, match[3], match.span())


def dates_with_month_first(text: str) -> Iterator[Reading]:
    """`May 12th` and the like."""
    months = lookup(_FILE, "months")
    for match in _MONTH_DAY.finditer(text):
        month = months.get(match[1])
        if month and (date := _date(match[2], month, match[3], match.span())):
            yield date


def _clock(match: re.Match[str], half: str | None) -> Reading | None:
    hour, minute = int(match[1]), int(match[2] or 0)
    if hour > 24 or minute > 59:
        return None
    if half:
        hours: tuple[int, ...] = (hour % 12 + (12 if half[0] == "p" else 0),)
    else:
        hours = (hour % 24,) if hour > 12 or hour == 0 else (hour, (hour + 12) % 24)
    values = tuple(f"{one:02}:{minute:02}" for one in hours)
    return ambiguous_reading(SpecificKind.CLOCK, values, start=match.start(), end=match.end())


def clock_at(text: str, start: int, _end: int) -> Reading | None:
    """The time of day that begins with the number at this place."""
    if match := _CLOCK.match(text, start) or _CLOCK_WORD.match(text, start):
        return _clock(match, match[3])
    if _LEADS.search(text, max(0, start - 10), start):
        match = _CLOCK_LED.match(text, start)
        return _clock(match, None) if match else None
    match = _BETWEEN.search(text, max(0, start - 12), start + 30)
    return _clock(match, None) if match and match.start(1) == start else None


def year_at(text: str, start: int, _end: int) -> Reading | None:
    """A year that stands alone."""
    match = _YEAR.match(text, start)
    if not match:
        return None
    return plain_reading(SpecificKind.YEAR, match.group(), start=start, end=match.end())


@cache
def _after_these_morning() -> frozenset[str]:
    return frozenset(fold(word) for word in read_list(_FILE)["morning_after"])


def day_words(text: str) -> Iterator[Reading]:
    """Names of days, today and tomorrow, noon and midnight."""
    days = lookup(_FILE, "weekdays")
    before = ""
    for match in WORD.finditer(text):
        name = days.get(match.group())
        is_morning = name == "tomorrow" and before in _after_these_morning()
        if name and not is_morning:
            kind = SpecificKind.CLOCK if ":" in name else SpecificKind.WEEKDAY
            yield plain_reading(kind, name, start=match.start(), end=match.end())
        before = match.group()
