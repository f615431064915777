"""What was answered and what was not, as a lead would count it by hand."""

import csv
import io
from datetime import UTC, date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from service.bootstrap import Services, open_services
from service.domain.reports import Dimension, Period, ReportQuery, share
from service.domain.thread import Case, Channel, Complaint
from service.errors import InvalidInput, NotFound
from service.settings import Settings
from service.store.drafts import DraftRepository
from service.store.threads import ThreadRepository
from service.text.spreadsheets import csv_of
from tests.factories import LAMPS, case
from tests.followup.reporting import NOW, Ledger, reporting

WEEK = ReportQuery(brand_id="lampwick", first=date(2026, 11, 16), last=date(2026, 11, 20))
ANN, ANN_AGAIN = {"author_handle": "@Ann"}, {"author_handle": " ann", "author_name": "A."}
BEN = {"author_handle": "@ben", "author_name": "Ben"}


async def _page_of_praise_and_silence(ledger: Ledger) -> None:
    """Two compliments answered, and between them a complaint that was not."""
    for thread, asked in (("praise-1", "18 09:00"), ("praise-2", "18 15:00")):
        await ledger.message(
            thread, asked, kind="compliment", status="approved", decided=asked[:3] + "16:00"
        )
    await ledger.message("between", "18 12:00", language="pl")
    await ledger.message("elsewhere", "18 12:00", channel="email", status="failed")
    ignored = await ledger.message("before", "17 08:00", status="ignored", decided="17 10:00")
    await ledger.decision(ignored, "ignore", "17 10:00", "they took it down")
    await ledger.message("late", "20 10:00", status="stale", stale_reason="the thread changed")
    await ledger.message("hidden", "18 11:00", kind="hate")
    await ledger.message("spam", "18 11:00", kind="spam", came_as="no_reply")
    await ledger.message("asks", "18 11:30", kind="question", came_as="no_reply")
    await ledger.message(
        "cross", "19 23:30", kind="question", sentiment="negative", came_as="no_reply"
    )


async def test_negatives_between_answered_praise_come_first(
    settings: Settings,
) -> None:
    async with reporting(settings) as (services, ledger):
        await _page_of_praise_and_silence(ledger)
        found = await services.coverage.report(WEEK)
        told = [(one.thread_id, one.place, one.ended, one.reason) for one in found.unanswered]
        assert told == [
            ("between", "between_praise", "waiting", None),
            ("before", "alone", "ignored", "they took it down"),
            ("elsewhere", "alone", "failed", None),
            ("cross", "alone", "no_reply", None),
            ("late", "alone", "stale", "the thread changed"),
            ("hidden", "hate", "waiting", None),
        ]
        hours = {one.thread_id: one.hours_open for one in found.unanswered}
        assert (hours["between"], hours["before"]) == (57.0, 2.0)
        total = found.total
        assert (total.asked, total.answered, total.share_answered) == (8, 2, 0.25)
        assert (total.negative, total.negative_answered) == (5, 0)
        assert (found.hate.asked, found.hate.answered) == (1, 0)
        by_kind = {row.group[Dimension.KIND]: (row.answered, row.asked) for row in found.rows}
        assert by_kind == {"complaint": (0, 4), "compliment": (2, 2), "question": (0, 2)}
        await _page_by_page(services, [one.draft_id for one in found.unanswered])
        await _counted_twice_at_most_once(services, ledger)


async def _page_by_page(services: Services, whole: list[str]) -> None:
    read: list[str] = []
    after = None
    while True:
        found = await services.coverage.report(WEEK, limit=2, after=after)
        read += [one.draft_id for one in found.unanswered]
        last = found.unanswered[-1]
        after = last.place, last.asked_at, last.draft_id
        if not found.more:
            break
    assert read == whole


async def _counted_twice_at_most_once(services: Services, ledger: Ledger) -> None:
    """Another draft for the same message, and ones with which the brand itself begins."""
    before = (await services.coverage.report(WEEK)).total
    await ledger.message("between", "18 12:00", status="failed")
    await ledger.message("between", "19 12:00", unasked=True)
    assert (await services.coverage.report(WEEK)).total == before
    await ledger.said("between", "18 11:59")
    assert (await services.coverage.report(WEEK)).total == before
    await ledger.said("between", "18 12:01")
    assert (await services.coverage.report(WEEK)).total.answered == before.answered + 1


async def test_an_answer_answers_all_that_was_asked_before_it(settings: Settings) -> None:
    async with reporting(settings) as (services, ledger):
        await ledger.message("t", "17 09:00", status="stale")
        await ledger.message("t", "17 10:00", status="approved", decided="17 11:00")
        await ledger.message("t", "17 12:00", status="rejected", decided="17 13:00")
        await ledger.message("u", "19 09:00")
        found = await services.coverage.report(WEEK)
        assert (found.total.asked, found.total.answered) == (4, 2)
        assert [one.ended for one in found.unanswered] == ["rejected", "waiting"]
        # What has no time of its own stays where it came, whenever that was.
        await ledger.said("u", "19 10:00", posted_at=None, position=0)
        assert (await services.coverage.report(WEEK)).total.answered == 2
        await ledger.said("u", "19 10:00", posted_at=None)
        assert (await services.coverage.report(WEEK)).total.answered == 3


async def _two_customers(ledger: Ledger, **ann: Any) -> None:
    """Ann writes twice, and Ben in between; a bystander says something, too."""
    await ledger.message("t", "17 09:00", by={**ANN, "external_id": "a1"})
    await ledger.message("t", "17 10:00", by={**BEN, "external_id": "b"})
    await ledger.message("t", "17 11:00", by={**ANN_AGAIN, "external_id": "a2"}, **ann)
    await ledger.said("t", "17 11:30", author="other", external_id="o")


async def _unanswered(services: Services) -> list[int]:
    found = await services.coverage.report(WEEK)
    return [one.asked_at.hour + 1 for one in found.unanswered]


@pytest.mark.parametrize(
    ("said", "unanswered"),
    [
        ({"in_reply_to": "a1"}, [10]),
        ({"in_reply_to": "a2"}, [10]),
        ({"in_reply_to": "b"}, [9, 11]),
        ({"in_reply_to": "o"}, [9, 10, 11]),
        ({"in_reply_to": "never came"}, [9, 10, 11]),
        ({}, [9, 10, 11]),
        ({"posted_at": None}, [9, 10, 11]),
    ],
    ids=str,
)
async def test_an_answer_to_one_customer_is_none_to_another(
    settings: Settings, said: dict[str, Any], unanswered: list[int]
) -> None:
    """What names nobody may be for either of them."""
    async with reporting(settings) as (services, ledger):
        await _two_customers(ledger)
        await ledger.said("t", "17 12:00", **said)
        assert await _unanswered(services) == unanswered


async def test_a_reply_approved_for_one_customer_answers_no_other(settings: Settings) -> None:
    async with reporting(settings) as (services, ledger):
        await _two_customers(ledger, status="approved", decided="17 12:00")
        await ledger.said("t", "17 12:01")
        assert await _unanswered(services) == [10]
        speed = (await services.reports.speed(WEEK)).total
        assert (speed.asked, speed.answered) == (3, 2)


async def test_an_answer_that_names_nobody_is_for_whoever_was_alone_by_then(
    settings: Settings,
) -> None:
    async with reporting(settings) as (services, ledger):
        await ledger.message("t", "17 09:00", by=BEN)
        await ledger.said("t", "17 09:01", author="customer")
        await ledger.said("t", "17 09:30")
        await ledger.message("t", "17 10:00", by=ANN)
        assert await _unanswered(services) == [10]
        await ledger.message("t", "17 11:00", status="approved", decided="17 11:30")
        assert await _unanswered(services) == [10], "the customer has no name: it may be Ben"


async def test_a_name_tells_customers_apart_where_one_has_no_handle(settings: Settings) -> None:
    async with reporting(settings) as (services, ledger):
        replied: dict[str, Any] = {"status": "approved", "decided": "17 12:00"}
        await ledger.message("t", "17 09:00", by={"author_name": "ben ", "author_handle": ""})
        await ledger.message("t", "17 10:00", by={"author_name": "Benno"})
        await ledger.message("t", "17 11:00", by=BEN, **replied)
        assert await _unanswered(services) == [10]


async def test_a_message_without_an_author_is_its_drafts_customers(settings: Settings) -> None:
    """Sent as part of another's thread first, it was stored without its author."""
    async with reporting(settings) as (services, ledger):
        replied: dict[str, Any] = {"status": "approved", "decided": "17 12:00"}
        await ledger.message("t", "17 09:00", request={"complaint": BEN})
        await ledger.message("t", "17 10:00", by=ANN, **replied)
        assert await _unanswered(services) == [9]


async def test_days_are_those_of_each_brand(settings: Settings) -> None:
    tokyo = LAMPS.model_copy(update={"id": "tokyo", "timezone": "Asia/Tokyo"})
    async with reporting(settings) as (services, ledger):
        far = await Ledger(services, tokyo).begin()
        await ledger.message("first", "16 00:00")
        await ledger.message("before", "15 23:59")
        await ledger.message("last", "16 23:59", kind=None)
        await far.message("first", "15 16:00")
        await far.message("after", "16 16:00")
        day = ReportQuery(first=date(2026, 11, 16), last=date(2026, 11, 16))
        found = await services.coverage.report(
            day.model_copy(update={"by": (Dimension.BRAND, Dimension.KIND)})
        )
        counted = [(*row.group.values(), row.asked) for row in found.rows]
        assert counted == [
            ("lampwick", None, 1),
            ("lampwick", "complaint", 1),
            ("tokyo", "complaint", 1),
        ]
        own = day.model_copy(update={"brand_id": "tokyo"})
        assert (await services.coverage.report(own)).total.asked == 1
        usual = await services.coverage.report(ReportQuery(brand_id="tokyo"))
        assert (usual.first, usual.last) == (date(2026, 10, 23), date(2026, 11, 21))
        with pytest.raises(NotFound):
            await services.coverage.report(ReportQuery(brand_id="nobody"))


@pytest.mark.parametrize("zones", [("Pacific/Auckland",), ("Pacific/Auckland", "America/Lima")])
async def test_a_report_over_all_brands_ends_with_the_day_of_the_first_to_have_it(
    settings: Settings, zones: tuple[str, ...]
) -> None:
    """In Auckland it is the 21st already, and the morning's messages count."""
    async with open_services(settings, now=lambda: NOW) as services:
        none = await services.coverage.report(ReportQuery())
        assert none.last == date(2026, 11, 20)
        for zone in zones:
            there = LAMPS.model_copy(update={"id": zone.split("/")[1].lower(), "timezone": zone})
            ledger = await Ledger(services, there).begin()
            await ledger.message("this morning", "20 20:30")
        found = await services.coverage.report(ReportQuery())
        assert (found.first, found.last) == (date(2026, 10, 23), date(2026, 11, 21))
        assert found.total.asked == len(zones)


@pytest.mark.parametrize(
    "asked",
    [
        {"first": "2026-11-20", "last": "2026-11-19"},
        {"first": "0001-01-01"},
        {"last": "9999-12-31"},
        {"last": "1960-01-01"},
        {"by": ["owner"]},
        {"by": ["kind", "prompt"]},
    ],
    ids=str,
)
async def test_what_cannot_be_asked_is_refused_in_words(
    services: Services, asked: dict[str, object]
) -> None:
    with pytest.raises(InvalidInput, match=r"by: this report|cannot be: `from` comes first"):
        await services.coverage.report(ReportQuery.model_validate(asked))


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-20", 24)]
)
def test_a_day_is_as_long_as_the_clock_makes_it(day: str, hours: int) -> None:
    one = date.fromisoformat(day)
    begin, end = Period(first=one, last=one).within(ZoneInfo("Europe/Warsaw"))
    assert (end - begin).total_seconds() / 3600 == hours
    assert begin.tzinfo is UTC


def test_of_nothing_there_is_no_share() -> None:
    assert share(0, 0) is None
    assert share(1, 3) == 0.3333


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", " ="])
def test_a_spreadsheet_runs_nothing(sign: str) -> None:
    words = f'{sign}HYPERLINK("https://x.example","zażółć")'
    (cell,) = list(csv.reader(io.StringIO(csv_of(["a"], [[words]]), newline="")))[1]
    assert cell == f"'{words}"
    assert csv_of(["a", "b", "c"], [[-1, None, "x, y"]]) == 'a,b,c\r\n-1,,"x, y"\r\n'


async def test_the_same_message_asked_about_again_is_one_message(settings: Settings) -> None:
    async with reporting(settings) as (services, _):
        threads, repository = ThreadRepository(), DraftRepository()
        solved: dict[str, Any] = {"resolved": {"text": "Delivered on Saturday."}}
        late: dict[str, Any] = {"posted_at": "2031-01-01T00:00:00Z", "text": "Where?"}
        for hours, asked in enumerate(
            (
                case(thread_id="t"),
                case(thread_id="t", known=[{"text": "It was sent."}]),
                case(thread_id="t", **solved),
                Case(channel=Channel.X, thread_id="u", complaint=Complaint.model_validate(late)),
            )
        ):
            now = NOW - timedelta(hours=9 - hours)
            async with services.database.write() as connection:
                thread = await threads.add_case(connection, "lampwick", asked, now)
                await repository.begin(
                    connection,
                    brand_id="lampwick",
                    thread_id=thread.id,
                    thread_revision=thread.revision,
                    case=asked,
                    now=now,
                )
        counted = (await services.coverage.report(WEEK)).total
        assert (counted.asked, counted.answered) == (2, 0)
        by_draft = (await services.reports.drafts(WEEK)).total
        assert (by_draft.drafts, by_draft.waiting) == (4, 4)
