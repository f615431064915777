"""Times that a brand lets its people promise: read from plain sentences, said in any language."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from service.domain.hours import Calendar
from service.text.folding import fold
from service.text.named_days import NamedDay, promised_day, without_dates

_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "seven": 7,
    "jednego": 1, "jednej": 1, "jeden": 1, "dwoch": 2, "dwa": 2, "dwie": 2, "trzech": 3, "trzy": 3,
    "un": 1, "una": 1, "dos": 2, "tres": 3,
    "einem": 1, "einer": 1, "eines": 1, "ein": 1, "zwei": 2, "drei": 3,
}  # fmt: skip
_COUNT = r"(\d{1,3}|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + r")"
_WITHIN = (
    r"(?:within|in|inside|under|w ciagu|w przeciagu|do|w|dentro de|en(?: un plazo de)?|"
    r"en menos de|innerhalb(?: von)?|binnen)\s+(?:the next |las proximas |los proximos |"
    r"najblizszych |der nachsten |den nachsten )?"
)
_HOUR = r"(?:hours?|h|hrs?|godzin\w{0,2}|godz|horas?|stunden?)\b"
_WORKING = r"(?:working|business|roboczy\w{0,2}|robocze\w{0,2}|habil\w{0,2}|laborable\w{0,1})"
_DAY = (
    rf"(?:{_WORKING}[ -])?(?:days?|dni\w?|dnia|dzien|dias?|"
    r"tag\w{0,2}|werktag\w{0,2}|arbeitstag\w{0,2})\b"
)
_NEXT_WORKING = (
    r"(?:the )?next (?:working|business) day|nastepnego dnia roboczego|"
    r"(?:del )?(?:proximo|siguiente) dia (?:laborable|habil)|"
    r"(?:am )?nachsten (?:werktag|arbeitstag)"
)
_DAY_AFTER = r"(?:the )?day after tomorrow|pojutrze|pasado manana|ubermorgen"
_TOMORROW = (
    r"tomorrow|jutro|jutra|(?<!esta )(?<!la )(?<!por )manana|"
    r"(?<!guten )(?<!heute )(?<!am )morgen|(?:the )?(?:next|following) day|nastepnego dnia|"
    r"(?:del |el )?dia siguiente|(?:am )?(?:nachsten|folgenden) tag|folgetag"
)
_TODAY = (
    r"today|tonight|this (?:afternoon|evening)|end of (?:the )?day|dzis(?:iaj)?|"
    r"hoy|esta (?:tarde|noche)|heute"
)
_BY = r"(?:by|before|until|do|antes de(?: las)?|hasta(?: las)?|bis(?: zum| um)?|vor)"

# A word needs its space: `ahora` is no hour.
_HOURS_RE = re.compile(rf"\b(?:{_WITHIN})?{_COUNT}(?:(?<=\d)\s?|\s){_HOUR}")
_DAYS_RE = re.compile(rf"\b{_WITHIN}{_COUNT}\s({_DAY})(\s{_WORKING})?")
_DAY_NAME_RE = re.compile(rf"\b({_NEXT_WORKING}|{_DAY_AFTER}|{_TOMORROW}|{_TODAY})\b")
_NOON = (
    (re.compile(r"\b(?:noon|midday|poludni[ae]|(?<=hasta )mediodia|mittags?)\b"), "12:00"),
    (re.compile(r"\b(?:del |al )?mediodia\b"), "de las 12:00"),
)
_CLOCK_RE = re.compile(r"\b(\d{1,2})(?:[:.](\d{2})\b|\s?(am|pm|uhr)\b)")
_BY_CLOCK_RE = re.compile(rf"\b{_BY}\s\d{{1,2}}(?:[:.]\d{{2}}\b|\s?(?:am|pm|uhr)\b)")


@dataclass(frozen=True)
class Window:
    """A promised time: within some hours, within some days, or at a clock time of a coming day."""

    hours: int | None = None
    days: int | None = None
    working: bool = False
    clock: time | None = None
    on: NamedDay | None = None

    def due(self, now: datetime, calendar: Calendar) -> datetime:
        """The moment the promise is due, in the brand's time zone.

        An hour is an hour, also on the nights on which the clock is changed.
        """
        if self.hours is not None:
            return (now.astimezone(UTC) + timedelta(hours=self.hours)).astimezone(calendar.zone)
        local = now.astimezone(calendar.zone)
        at = self.clock or _END_OF_WORK
        if self.on is not None:
            # Said on a Friday morning, "by Friday 17:00" means today.
            day = self.on.after(local.date(), with_today=local.time() < at)
        elif self.working:
            day = _working_day(local.date(), self.days or 0, calendar)
        else:
            day = local.date() + timedelta(days=self.days or 0)
        return datetime.combine(day, at, calendar.zone)

    def ahead(self, now: datetime, calendar: Calendar) -> "Window":
        """The window; where its hour of today is over, or nearly, that of the next working day."""
        today = self.clock is not None and self.on is None and not self.days
        if today and self.due(now, calendar) < now + _LEAST_AHEAD:
            return replace(self, days=1, working=True)
        return self

    def words(self, language: str) -> str | None:
        """The window as a clause in that language; None where we don't speak it."""
        phrases = _PHRASES.get(language)
        if phrases is None:
            return None
        if self.hours is not None:
            return _counted(phrases, "hours", self.hours)
        if self.clock is not None and (self.days or 0) < 2:
            name = "working_day" if self.working else ("tomorrow" if self.days else "today")
            return phrases["clock"].format(t=_clock(self.clock, language), day=phrases[name])
        return _counted(phrases, "working_days" if self.working else "days", self.days or 0)


_END_OF_WORK = time(18, 0)
_LEAST_AHEAD = timedelta(hours=1)
_SOME_TIME_TODAY = Window(days=0, clock=time(23, 59))
_PHRASES = {
    "en": {
        "hours": "within {n} hours", "days": "within {n} days",
        "working_days": "within {n} working days", "clock": "by {t} {day}",
        "one_hours": "within an hour", "two_hours": "within two hours",
        "one_days": "within a day",        "one_working_days": "within one working day",
        "today": "today", "tomorrow": "tomorrow", "working_day": "the next working day",
    },
    "pl": {
        "hours": "w ciągu {n} godzin", "days": "w ciągu {n} dni",
        "working_days": "w ciągu {n} dni roboczych", "clock": "do {t} {day}",
        "one_hours": "w ciągu jednej godziny", "two_hours": "w ciągu dwóch godzin",
        "one_days": "w ciągu jednego dnia",
        "one_working_days": "w ciągu jednego dnia roboczego",
        "today": "dziś", "tomorrow": "jutro", "working_day": "następnego dnia roboczego",
    },
    "es": {
        "hours": "en un plazo de {n} horas", "days": "en un plazo de {n} días",
        "working_days": "en un plazo de {n} días laborables", "clock": "antes de las {t} {day}",
        "one_hours": "en un plazo de una hora", "two_hours": "en un plazo de dos horas",
        "one_days": "en un plazo de un día",
        "one_working_days": "en un plazo de un día laborable",
        "today": "de hoy", "tomorrow": "de mañana", "working_day": "del próximo día laborable",
    },
    "de": {
        "hours": "innerhalb von {n} Stunden", "days": "innerhalb von {n} Tagen",
        "working_days": "innerhalb von {n} Werktagen", "clock": "bis {t} {day}",
        "one_hours": "innerhalb einer Stunde", "two_hours": "innerhalb von zwei Stunden",
        "one_days": "innerhalb eines Tages",
        "one_working_days": "innerhalb eines Werktags",
        "today": "heute", "tomorrow": "morgen", "working_day": "am nächsten Werktag",
    },
}  # fmt: skip


def _counted(phrases: dict[str, str], name: str, count: int) -> str:
    spelt = {1: f"one_{name}", 2: f"two_{name}"}.get(count, name)
    return phrases.get(spelt, phrases[name]).format(n=count)


def find_window(text: str) -> Window | None:
    """The promised time in a sentence of any of the four languages."""
    folded = _plain(fold(text))
    counted = _read_hours(folded) or _read_days(folded)
    day = _read_day(folded)
    # "I'm asking today and will be back within two hours": today is when the asking happens.
    return counted if counted and day == _SOME_TIME_TODAY else day or counted


def promised_time(sentence: str, promise: re.Pattern[str]) -> Window | None:
    """By when something is promised: a window, or a day by its name or its date.

    `promise` finds the promise itself in the folded sentence, since other days may stand there:
    when it happened, or what the customer asks about.
    """
    folded = fold(sentence)
    day, window = promised_day(folded, promise), find_window(sentence)
    # "I'm asking today and will write by Friday", but "I'll write today about last Friday".
    told = window is not None and (window.days != 0 or re.search(rf"\b(?:{_TODAY})\b", folded))
    if day is None or (told and not day.is_deadline):
        return window
    return Window(on=day, clock=_time_at(_clock_of(_plain(folded))))


def first_window(sentences: tuple[str, ...]) -> Window | None:
    """The first sentence that names a time."""
    return next((window for text in sentences if (window := find_window(text))), None)


def promised_window(sentences: tuple[str, ...]) -> Window:
    """The time that a brand's people may promise: the first one named, or a day."""
    return first_window(sentences) or Window(hours=24)


def _read_day(folded: str) -> Window | None:
    """A coming day with or without a clock time, or "by 18:00", which means today.

    Of several days the one beside the clock time is meant, or else the last to come.
    """
    days = list(_DAY_NAME_RE.finditer(folded))
    if not days and _BY_CLOCK_RE.search(folded) is None:
        return None
    clock = _clock_of(folded)
    at = _time_at(clock)
    if clock and days:
        days = [min(days, key=lambda day: _apart(day, clock))]
    named = [_on_day(day.group(1), at) for day in days] or [_on_day(None, at)]
    return max(named, key=lambda one: (one.days or 0, one.working))


def _clock_of(folded: str) -> re.Match[str] | None:
    """The time after a "by", or else the last one: earlier ones tell what has been."""
    by = _BY_CLOCK_RE.search(folded)
    clocks = list(_CLOCK_RE.finditer(folded, by.start() if by else 0))
    return (clocks[0] if by else clocks[-1]) if clocks else None


def _time_at(clock: re.Match[str] | None) -> time | None:
    return _as_time(clock.group(1), clock.group(2), clock.group(3)) if clock else None


def _plain(folded: str) -> str:
    """Without dates, which look like clock times, and with noon as one."""
    plain = without_dates(folded)
    for pattern, clock in _NOON:
        plain = pattern.sub(clock, plain)
    return plain


def _apart(one: re.Match[str], other: re.Match[str]) -> int:
    return max(one.start() - other.end(), other.start() - one.end())


def _read_hours(folded: str) -> Window | None:
    match = _HOURS_RE.search(folded)
    return Window(hours=_as_number(match.group(1))) if match else None


def _read_days(folded: str) -> Window | None:
    match = _DAYS_RE.search(folded)
    if match is None:
        return None
    said = f"{match.group(2)} {match.group(3) or ''}"
    working = bool(re.search(rf"{_WORKING}|werktag|arbeitstag", said))
    return Window(days=_as_number(match.group(1)), working=working)


def _on_day(named: str | None, clock: time | None) -> Window:
    if named is None or re.fullmatch(_TODAY, named):
        return replace(_SOME_TIME_TODAY, clock=clock) if clock else _SOME_TIME_TODAY
    if re.fullmatch(_DAY_AFTER, named):
        return Window(days=2, clock=clock)
    if re.fullmatch(_TOMORROW, named):
        return Window(days=1, clock=clock)
    return Window(days=1, working=True, clock=clock)


def _as_number(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS[word]


def _as_time(hour: str, minute: str | None, half: str | None) -> time | None:
    value = int(hour) + (12 if half == "pm" and int(hour) < 12 else 0)
    return time(value, int(minute or 0)) if value < 24 and int(minute or 0) < 60 else None


def _working_day(today: date, number: int, calendar: Calendar) -> date:
    """The working day that many working days after today."""
    day = today
    for _ in range(number):
        day += timedelta(days=1)
        while not calendar.works_on(day):
            day += timedelta(days=1)
    return day


def _clock(value: time, language: str) -> str:
    if language == "de":
        return f"{value.hour} Uhr" if value.minute == 0 else f"{value:%H:%M} Uhr"
    return f"{value:%H:%M}"
