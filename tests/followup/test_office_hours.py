"""Targets in office hours: wall clocks, real minutes."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from service.domain.brand import Brand
from service.domain.hours import week_of
from service.domain.thread import Case
from service.domain.triage import DeadlineClass
from service.triage.moves import deadline_at
from service.triage.office_hours import after_minutes
from tests.factories import LAMPS

WARSAW = ZoneInfo("Europe/Warsaw")
WEEK = "Mo-Fr 09:00-17:00, Sa 10:00-14:00"
NOW = "2026-12-31T20:00+00:00"


def brand(zone: str | None = "Europe/Warsaw", **targets: Any) -> Brand:
    settings = {**LAMPS.model_dump(mode="json"), "response_targets": targets}
    if zone is None:
        del settings["timezone"]
    return Brand.model_validate(settings | ({"timezone": zone} if zone else {}))


def due(
    of: Brand, posted: str | None, wanted: str = "normal", *, channel: str = "x", now: str = NOW
) -> str:
    """On the wall of Warsaw."""
    complaint = {"text": "It broke.", "posted_at": posted}
    asked = Case.model_validate({"channel": channel, "complaint": complaint})
    found = deadline_at(asked, of, DeadlineClass(wanted), datetime.fromisoformat(now))
    return f"{found.astimezone(WARSAW):%Y-%m-%d %H:%M}"


def counted(begin: str, minutes: int, hours: str, *holidays: str, zone: ZoneInfo = WARSAW) -> str:
    found = after_minutes(
        datetime.fromisoformat(begin).astimezone(UTC),
        minutes,
        week=week_of(hours),
        zone=zone,
        holidays=[date.fromisoformat(day) for day in holidays],
    )
    return f"{found.astimezone(zone):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("begin", "minutes", "hours", "holidays", "end"),
    [
        ("2026-11-20T10:00+01:00", 60, WEEK, (), "2026-11-20 11:00"),
        ("2026-11-20T16:30+01:00", 60, WEEK, (), "2026-11-21 10:30"),  # Friday into Saturday
        ("2026-11-20T16:00+01:00", 60, WEEK, (), "2026-11-20 17:00"),  # at closing, not at opening
        ("2026-11-20T17:00+01:00", 1, WEEK, (), "2026-11-21 10:01"),
        ("2026-11-22T12:00+01:00", 30, WEEK, (), "2026-11-23 09:30"),  # Sunday
        ("2026-11-23T07:00+01:00", 30, WEEK, (), "2026-11-23 09:30"),  # before opening
        ("2026-12-24T16:30+01:00", 60, WEEK, ("2026-12-25", "2026-12-26"), "2026-12-28 09:30"),
        ("2026-11-20T21:00+01:00", 600, "22:00-06:00", (), "2026-11-22 00:00"),
        ("2026-11-20T10:00+01:00", 3000, "00:00-24:00", (), "2026-11-22 12:00"),
        ("2026-11-20T12:00+01:00", 60, "Fr 09:00-12:00, Fr 11:00-12:30", (), "2026-11-27 09:30"),
        ("2026-11-22T12:00+01:00", 60, "Sa-Mo 09:00-12:30", (), "2026-11-23 09:30"),
    ],
)
def test_minutes_count_while_the_office_is_open(
    begin: str, minutes: int, hours: str, holidays: tuple[str, ...], end: str
) -> None:
    assert counted(begin, minutes, hours, *holidays) == end


@pytest.mark.parametrize(
    ("begin", "minutes", "hours", "end"),
    [
        # 29 March: 02:00 becomes 03:00, so the night has an hour less.
        ("2026-03-29T00:30+01:00", 120, "00:00-24:00", "2026-03-29 03:30"),
        ("2026-03-28T16:30+01:00", 60, "09:00-17:00", "2026-03-29 09:30"),
        ("2026-03-28T23:00+01:00", 60, "02:10-02:50", "2026-03-30 02:30"),
        # 25 October: 03:00 becomes 02:00, so an hour comes twice.
        ("2026-10-25T00:30+02:00", 180, "00:00-24:00", "2026-10-25 02:30"),
        ("2026-10-24T16:30+02:00", 60, "09:00-17:00", "2026-10-25 09:30"),
        ("2026-10-24T23:00+02:00", 210, "Su 00:00-02:30", "2026-10-25 02:30"),
    ],
)
def test_clocks_that_are_changed(begin: str, minutes: int, hours: str, end: str) -> None:
    assert counted(begin, minutes, hours) == end


def test_hours_that_never_suffice_still_end() -> None:
    assert counted("2026-01-05T12:00+01:00", 100_000, "Su 09:00-09:01").startswith("2029-01")


@pytest.mark.parametrize(
    ("posted", "wanted", "channel", "end"),
    [
        ("2026-11-20T19:30+01:00", "normal", "x", "2026-11-21 08:30"),
        ("2026-11-20T19:30+01:00", "normal", "email", "2026-11-23 10:00"),  # hours of its own
        ("2026-11-20T19:30+01:00", "low", "x", "2026-11-21 15:30"),
        ("2026-11-20T23:00+01:00", "urgent", "x", "2026-11-20 23:15"),  # around the clock
        ("2026-12-24T19:50+01:00", "normal", "x", "2026-12-26 08:50"),  # a holiday between
        ("2026-11-20T12:00", "normal", "x", "2026-11-20 14:00"),  # no zone: UTC
        ("0001-01-01T00:00Z", "normal", "x", "1970-01-01 09:00"),  # long ago is overdue
        ("2031-01-01T00:00Z", "normal", "x", "2027-01-01 09:00"),  # the future is now
        (None, "normal", "x", "2027-01-01 09:00"),
    ],
)
def test_the_target_of_a_class_and_a_channel(
    posted: str | None, wanted: str, channel: str, end: str
) -> None:
    opens = brand(
        hours="08:00-20:00",
        holidays=["2026-12-25"],
        channels={"email": {"minutes": 240, "hours": "Mo-Fr 09:00-17:00"}},
    )
    assert due(opens, posted, wanted, channel=channel) == end


def test_without_hours_every_hour_counts_and_the_stricter_target_wins() -> None:
    plain = brand(channels={"x": {"minutes": 30}}, classes={"normal": 90})
    assert due(plain, "2026-11-20T23:00+01:00") == "2026-11-20 23:30"
    assert due(plain, "2026-11-20T23:00+01:00", channel="chat") == "2026-11-21 00:30"


def test_the_urgent_may_wait_for_the_office_too() -> None:
    waits = brand(hours="08:00-20:00", urgent_in_hours=True)
    assert due(waits, "2026-11-20T23:00+01:00", "urgent") == "2026-11-21 08:15"


def test_without_a_time_zone_the_hours_are_utc() -> None:
    assert due(brand(None, hours="08:00-20:00"), "2026-11-20T06:00Z") == "2026-11-20 10:00"


@pytest.mark.parametrize(
    ("posted", "channel", "end"),
    [
        ("2026-11-26T23:59+01:00", "x", "2026-11-27 00:59"),
        ("2026-11-27T00:00+01:00", "x", "2026-11-27 04:00"),
        ("2026-11-30T23:59+01:00", "x", "2026-12-01 03:59"),  # the last day, too
        ("2026-12-01T00:00+01:00", "x", "2026-12-01 01:00"),
        ("2026-12-03T09:59+01:00", "chat", "2026-12-03 10:59"),
        ("2026-12-03T10:00+01:00", "chat", "2026-12-03 10:10"),
        ("2026-12-03T10:00+01:00", "x", "2026-12-03 11:00"),  # another channel
        ("2026-12-03T14:00+01:00", "chat", "2026-12-03 15:00"),
    ],
)
def test_a_peak_has_targets_of_its_own_while_it_lasts(posted: str, channel: str, end: str) -> None:
    sale = {
        "name": "Black Friday",
        "from": "2026-11-27",
        "to": "2026-11-30",
        "minutes": {"normal": 240},
        "why": "four times the posts",
    }
    outage = {
        "name": "outage",
        "from": "2026-12-03 10:00",
        "to": "2026-12-03T13:00:00Z",
        "minutes": {"normal": 10},
        "channels": ["chat"],
        "why": "everybody asks at once",
    }
    busy = brand(peaks=[sale, outage])
    assert due(busy, posted, channel=channel) == end
    assert Brand.model_validate(busy.model_dump(mode="json")) == busy


PEAK = {"name": "sale", "from": "2026-11-27", "to": "2026-11-30", "why": "a sale"}


@pytest.mark.parametrize(
    ("targets", "words"),
    [
        ({"hours": "9 to 5"}, "'9 to 5' are no office hours: write"),
        ({"hours": ""}, "are no office hours"),
        ({"hours": "Mo, We 09:00-10:00"}, "'Mo' are no office hours"),
        ({"hours": "09:00-25:00"}, "a time that no clock shows"),
        ({"hours": "09:60-17:00"}, "a time that no clock shows"),
        ({"hours": "09:00-09:00"}, "no time at all"),
        ({"hours": "Mo-Fx 09:00-17:00"}, "no day 'fx': days are Mo Tu We Th Fr Sa Su"),
        ({"channels": {"x": {"minutes": 9, "hours": "nine"}}}, "are no office hours"),
        ({"classes": {"normal": 0}}, "greater than or equal to 1"),
        ({"holidays": ["Christmas"]}, "holidays"),
        ({"peaks": [{**PEAK, "minutes": {}}]}, "minutes"),
        ({"peaks": [{**PEAK, "minutes": {"normal": 5}, "to": "2026-11-26"}]}, "ends before"),
        ({"peaks": [{**PEAK, "minutes": {"normal": 5}, "from": "Friday"}]}, "from"),
    ],
    ids=str,
)
def test_targets_that_cannot_be_are_refused_in_words(targets: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        brand(**targets)
