"""Days by their name or their date, as a promise names them: "by Friday", "on 20 November"."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from service.text.reading import SpecificKind
from service.text.specifics import Specific, find_specifics

_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_FRIDAY = 4
_LONG_PAST_DAYS = 60
"""A date without a year is the first one that lies no further back."""
_NEXT_WEEK = re.compile(
    r"(?<!\w)(?:next week|(?:w )?(?:przyszlym|nastepnym) tygodniu|"
    r"(?:la )?(?:proxima semana|semana que viene)|(?:nachste|kommende)[rn]? woche)(?!\w)"
)
_THIS_WEEK = re.compile(
    r"(?<!\w)(?:this week|(?:the )?end of (?:the|this) week|(?:w )?tym tygodniu|"
    r"konca (?:tego )?tygodnia|esta (?:misma )?semana|fin(?:al)? de (?:la )?semana|"
    r"diese[rn]? woche|ende der woche|laufe der woche)(?!\w)"
)
_NEXT = (
    r"(?:this |next |coming |ten |te |najblizsz\w+ |przyszl\w+ |este |proximo |"
    r"(?:diesen|nachsten|kommenden|kommendem?) )?"
)
_LEADS = re.compile(
    r"(?<!\w)(?:by|until|till|before|on|no later than|do|przed|w|we|na|najpozniej w|"
    r"el|hasta(?: el)?|antes del?|para el|a mas tardar el|am|bis(?: zum)?|vor|ab)\s(?:the\s)?"
    rf"{_NEXT}$|"
    r"(?<!\w)(?:this|next|coming|este|proximo|diesen|nachsten|kommenden)\s$"
)
_OF = re.compile(
    r"(?<!\w)(?:(?:of|from|since|z|ze|od|del?|desde|vom|von|seit|dated)\s(?:the\s|el\s)?|"
    r"(?:placed|ordered|sent|left|shipped|bought|booked|paid|made|delivered|came|arrived)\s"
    r"(?:on\s)?(?:the\s)?|"
    r"(?:zlozon\w+|zamowion\w+|wyslan\w+|kupion\w+|dostarczon\w+|nadan\w+|wyszl\w+)\s(?:w\s|we\s)?|"
    r"(?:hech[oa]|comprad[oa]|pedid[oa]|enviad[oa]|salio|llego)\s(?:el\s)?|"
    r"(?:die|der|das|den|ging|kam)\sam\s)$"
)
_OF_THE_DAY = re.compile(r"['\u2019]s\b|\s(?:delivery|visit|slot|appointment|order)\b")
# What stands behind these tells what was, not when somebody will write.
_TELLS_OF = re.compile(
    r"(?<!\w)(?:what|why|how|who|which|whether|because|about|dlaczego|czemu|co|jak|czy|ktor\w+|"
    r"bo|o|que|como|quien|porque|sobre|lo de|was|warum|wieso|wie|wer|ob|weil|uber|wegen)(?!\w)"
)
_WHETHER = re.compile(r"(?<!\w)(?:if|whether|czy|jesli|si|ob|wenn|falls)(?!\w)")
_DOTTED = re.compile(r"(?<![\d.])\d{1,2}\.\s?\d{1,2}\.(?:\s?\d{4}|\d{2})?(?!\d)")
_A_DAY = re.compile(r"(?<!\w)(?:today|tomorrow|heute|morgen|dzis\w*|jutro|hoy|manana)(?!\w)")
_BY = re.compile(
    r"(?<!\w)(?:by|until|till|before|no later than|do|przed|hasta(?: el)?|antes del?|"
    r"a mas tardar el|bis(?: zum)?|vor)\s(?:the\s)?"
    rf"{_NEXT}$"
)
_CLAUSE = re.compile(r"[,;:.!?]")


@dataclass(frozen=True)
class NamedDay:
    """A day of the week, or of a month; the year is two digits, or None."""

    weekday: int | None = None
    month: int = 0
    day: int = 0
    year: int | None = None
    next_week: bool = False
    is_deadline: bool = False
    """A "by" stands before it, so it can't be when something was."""

    def after(self, today: date, *, with_today: bool) -> date:
        """The day that is meant, said today. A date may lie in the past: then it is no promise."""
        if self.weekday is None:
            return self._date(today)
        if self.next_week:
            return today + timedelta(days=7 - today.weekday() + self.weekday)
        ahead = (self.weekday - today.weekday()) % len(_NAMES)
        return today + timedelta(days=ahead or (0 if with_today else len(_NAMES)))

    def _date(self, today: date) -> date:
        if self.year is not None:
            return date(2000 + self.year, self.month, self.day)
        first = today - timedelta(days=_LONG_PAST_DAYS)
        years = (today.year - 1, today.year, today.year + 1)
        dates = (date(year, self.month, self.day) for year in years)
        return next(day for day in dates if day >= first)


def promised_day(folded: str, promise: re.Pattern[str]) -> NamedDay | None:
    """The day for which something is promised; None where no day stands with the promise."""
    found = promise.search(folded)
    if found is None:
        return None
    next_week = _NEXT_WEEK.search(folded) is not None
    days = [
        day
        for one in find_specifics(folded)
        if (day := _day(one, folded, found, next_week=next_week)) is not None
    ]
    # "On Friday nobody came, and by Monday you'll hear from me": a "by" says it clearest.
    days.sort(key=lambda day: not day.is_deadline)
    a_week = next_week or _THIS_WEEK.search(folded, found.end()) is not None
    end_of_it = NamedDay(weekday=_FRIDAY, next_week=next_week) if a_week else None
    return days[0] if days else end_of_it


def without_dates(folded: str) -> str:
    """The text, as long as it was, with nothing where dates were: 20.11. is no time of day."""
    if _A_DAY.search(folded):
        return folded  # "bis heute 11.10." is one
    for date_in in _DOTTED.finditer(folded):
        blank = " " * len(date_in.group())
        folded = folded[: date_in.start()] + blank + folded[date_in.end() :]
    return folded


def _day(one: Specific, folded: str, promise: re.Match[str], *, next_week: bool) -> NamedDay | None:
    """The day, where it stands there for the promise."""
    by = _BY.search(folded[: one.start]) is not None
    if not _is_promised(one, folded, promise, by=by):
        return None
    if one.kind is SpecificKind.WEEKDAY:
        weekday = _NAMES.index(one.value)
        return NamedDay(weekday=weekday, next_week=next_week, is_deadline=by)
    month, day, *year = (int(part) for part in one.value.split("-"))
    if (month, day) == (2, 29):
        return None  # who promises a leap day may write the time down by hand
    try:
        date(2001, month, day)
    except ValueError:
        return None
    return NamedDay(month=month, day=day, year=year[0] if year else None, is_deadline=by)


def _is_promised(one: Specific, folded: str, promise: re.Match[str], *, by: bool) -> bool:
    before, behind = folded[: one.start], folded[one.end :]
    if one.kind is SpecificKind.WEEKDAY:
        if one.value not in _NAMES or not _LEADS.search(before):
            return False
    elif one.kind is not SpecificKind.DATE:
        return False
    if (_OF.search(before) and not by) or _OF_THE_DAY.match(behind):
        return False
    if one.start < promise.start():
        return not _CLAUSE.search(folded[one.end : promise.start()].lstrip(" ,"))
    between = folded[promise.end() : one.start]
    return not (_WHETHER if by else _TELLS_OF).search(between)
