"""When so many minutes of office hours are over. Pure: wall clocks in, moments out."""

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from service.domain.brand import Brand
from service.domain.hours import DAY_MINUTES, WeekHours
from service.domain.thread import Channel
from service.domain.triage import DeadlineClass

_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
"""Calendars and time zones agree from here on; what is older is as late as can be anyway."""
_FURTHEST_DAYS = 3 * 366


def due_at(
    brand: Brand, channel: Channel, wanted: DeadlineClass, *, asked: datetime, now: datetime
) -> datetime:
    """When an answer is due; a post from the future counts as posted now."""
    targets, zone = brand.response_targets, brand.zone
    begin = max(min(asked, now), _EARLIEST)
    minutes = targets.minutes(channel, wanted, asked=begin, zone=zone)
    week = targets.week(channel, wanted)
    if week is None:
        return begin + timedelta(minutes=minutes)
    return after_minutes(begin, minutes, week=week, zone=zone, holidays=targets.holidays)


def after_minutes(
    begin: datetime,
    minutes: int,
    *,
    week: WeekHours,
    zone: ZoneInfo,
    holidays: Collection[date] = (),
) -> datetime:
    """The moment at which so many minutes of opening time have passed since `begin`.

    The clock on the office's wall says when it opens; a minute is a minute, also on the days on
    which that clock is changed. What three years of office hours don't hold is due after them.
    """
    left = timedelta(minutes=minutes)
    for opens, closes in _open(begin, week, zone, frozenset(holidays)):
        since = max(opens, begin)
        if left <= closes - since:
            return since + left
        left -= max(closes - since, timedelta())
    return begin + timedelta(days=_FURTHEST_DAYS)


def _open(
    begin: datetime, week: WeekHours, zone: ZoneInfo, holidays: frozenset[date]
) -> Iterator[tuple[datetime, datetime]]:
    """When the office is open from that day on, in UTC, oldest first."""
    first = begin.astimezone(zone).date()
    for number in range(_FURTHEST_DAYS):
        day = first + timedelta(days=number)
        for opens, closes in () if day in holidays else week[day.weekday()]:
            yield min(_moments(day, opens, zone)), max(_moments(day, closes, zone))


def _moments(day: date, minute: int, zone: ZoneInfo) -> list[datetime]:
    """What the wall clock calls so: twice on the night that it is put back. 24:00 is midnight."""
    days, minute = divmod(minute, DAY_MINUTES)
    wall = datetime.combine(day + timedelta(days=days), time(*divmod(minute, 60)), zone)
    first, second = (wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    # A time that the clock jumps over is as long after the last one that it showed.
    return [first, second] if first <= second else [first]
