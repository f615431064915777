"""Office hours and response targets, as `brand.yaml` holds them."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, model_validator

from service.domain.base import Frozen, Text
from service.domain.thread import Channel
from service.domain.triage import DeadlineClass

DEFAULT_MINUTES = {DeadlineClass.URGENT: 15, DeadlineClass.NORMAL: 60, DeadlineClass.LOW: 480}
DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
_WORKING_DAYS = DAYS[:5]
DAY_MINUTES = 24 * 60

WeekHours = tuple[tuple[tuple[int, int], ...], ...]
"""For each weekday, Monday first, from which minute to which minute the office is open."""

_SPAN = re.compile(r"(?:([a-z]{2})(?:-([a-z]{2}))? +)?(\d\d?):(\d\d) ?- ?(\d\d?):(\d\d)")
_HOW = 'write "08:00-20:00" or "Mo-Fr 09:00-17:00, Sa 10:00-14:00"'


@dataclass(frozen=True)
class Calendar:
    """The days a brand goes by: its time zone, and when it works on no weekday."""

    zone: ZoneInfo
    holidays: Collection[date] = ()

    def works_on(self, day: date) -> bool:
        """Whether it is a working day."""
        return day.weekday() < len(_WORKING_DAYS) and day not in self.holidays


@lru_cache(maxsize=256)
def week_of(hours: str) -> WeekHours:
    """Read office hours; ValueError in words. Hours past midnight ("22:00-06:00") may be given."""
    week: list[list[tuple[int, int]]] = [[] for _ in DAYS]
    for part in hours.split(","):
        for day, opens, closes in _spans(part.strip()):
            week[day].append((opens, closes))
    return tuple(_merged(spans) for spans in week)


def _spans(part: str) -> list[tuple[int, int, int]]:
    found = _SPAN.fullmatch(part.lower())
    if found is None:
        raise ValueError(f"{part!r} are no office hours: {_HOW}")
    first, last, *clock = found.groups()
    opens, closes = _minute(part, *clock[:2]), _minute(part, *clock[2:])
    if opens in (closes, DAY_MINUTES):
        raise ValueError(f"{part!r} is no time at all: {_HOW}, or 00:00-24:00 for the whole day")
    days = _days(part, first, last)
    if opens < closes:
        return [(day, opens, closes) for day in days]
    late = [(day, opens, DAY_MINUTES) for day in days]
    return late + [((day + 1) % 7, 0, closes) for day in days if closes]


def _minute(part: str, hour: str, minute: str) -> int:
    found = int(hour) * 60 + int(minute)
    if int(minute) > 59 or found > DAY_MINUTES:
        raise ValueError(f"{part!r} holds a time that no clock shows: {_HOW}")
    return found


def _days(part: str, first: str | None, last: str | None) -> list[int]:
    if first is None:
        return list(range(7))
    for name in (first, last or first):
        if name not in DAYS:
            raise ValueError(f"{part!r} holds no day {name!r}: days are Mo Tu We Th Fr Sa Su")
    begin, end = DAYS.index(first), DAYS.index(last or first)
    return [day % 7 for day in range(begin, end + 1 if begin <= end else end + 8)]


def _merged(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """In order, and no minute twice."""
    merged: list[tuple[int, int]] = []
    for opens, closes in sorted(spans):
        if merged and opens <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(closes, merged[-1][1])
        else:
            merged.append((opens, closes))
    return tuple(merged)


def _readable(hours: str) -> str:
    week_of(hours)
    return hours


Hours = Annotated[str, AfterValidator(_readable)]
Minutes = Annotated[int, Field(ge=1, le=100_000)]


class ChannelTarget(Frozen):
    """How many minutes an answer may take on a channel, and in which hours that counts."""

    minutes: Minutes
    hours: Hours | None = None


def _with_its_time(value: object) -> object:
    """Midnight of a day is a moment, and not the day."""
    if isinstance(value, str) and len(value.strip()) > len("2026-11-27"):
        return datetime.fromisoformat(value.strip())
    return value


DayOrMoment = Annotated[date | datetime, BeforeValidator(_with_its_time)]


class Peak(Frozen):
    """A time with targets of its own: an event, a promotion, an outage."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True)

    name: Text = Field(min_length=1)
    begins: DayOrMoment = Field(alias="from")
    """A day, or a moment of it; without an offset it is the brand's own wall clock."""
    ends: DayOrMoment = Field(alias="to")
    """The last day, or the moment after it."""
    minutes: dict[DeadlineClass, Minutes] = Field(min_length=1)
    channels: tuple[Channel, ...] = ()
    why: Text = Field(min_length=1)

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        begins, ends = _compared(self.begins), _compared(self.ends)
        one_day = begins == ends and not isinstance(self.ends, datetime)
        if not (begins < ends or one_day):
            raise ValueError(f"peak {self.name!r} ends before it begins")
        return self

    def covers(self, moment: datetime, zone: ZoneInfo) -> bool:
        """Whether it lasts at that moment."""
        if not _at_or_after(moment, self.begins, zone):
            return False
        if isinstance(self.ends, datetime):
            return not _at_or_after(moment, self.ends, zone)
        return moment.astimezone(zone).date() <= self.ends


def _compared(when: date | datetime) -> datetime:
    """Good enough to see that the end is not before the beginning."""
    if not isinstance(when, datetime):
        return datetime(when.year, when.month, when.day, tzinfo=UTC)
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _at_or_after(moment: datetime, when: date | datetime, zone: ZoneInfo) -> bool:
    if not isinstance(when, datetime):
        return moment.astimezone(zone).date() >= when
    return moment >= (when.replace(tzinfo=zone) if when.tzinfo is None else when)


class ResponseTargets(Frozen):
    """When an answer is due."""

    channels: dict[Channel, ChannelTarget] = Field(default_factory=dict)
    classes: dict[DeadlineClass, Minutes] = Field(default_factory=dict)
    hours: Hours | None = None
    """For the channels that name no hours of their own; without any, all hours count."""
    holidays: tuple[date, ...] = ()
    urgent_in_hours: bool = False
    """Whether what is urgent waits for the office to open, too."""
    peaks: tuple[Peak, ...] = ()

    def minutes(
        self, channel: Channel, deadline_class: DeadlineClass, *, asked: datetime, zone: ZoneInfo
    ) -> int:
        """Minutes until an answer is due: a peak's, else the stricter of class and channel."""
        for peak in self.peaks:
            fits = not peak.channels or channel in peak.channels
            if fits and deadline_class in peak.minutes and peak.covers(asked, zone):
                return peak.minutes[deadline_class]
        by_class = self.classes.get(deadline_class, DEFAULT_MINUTES[deadline_class])
        target = self.channels.get(channel)
        if target is None or deadline_class is DeadlineClass.LOW:
            return by_class
        return min(by_class, target.minutes)

    @property
    def longest(self) -> int:
        """The most minutes that any answer may take."""
        of_peaks = (minutes for peak in self.peaks for minutes in peak.minutes.values())
        return max(*DEFAULT_MINUTES.values(), *self.classes.values(), *of_peaks)

    def week(self, channel: Channel, deadline_class: DeadlineClass) -> WeekHours | None:
        """The hours in which the minutes count; None where all do."""
        if deadline_class is DeadlineClass.URGENT and not self.urgent_in_hours:
            return None
        target = self.channels.get(channel)
        hours = target.hours if target and target.hours else self.hours
        return week_of(hours) if hours else None
