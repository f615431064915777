"""Warnings before a deadline and word of a breach: once, on both databases."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from structlog.testing import capture_logs

from service.bootstrap import Services, open_services
from service.followup import work
from service.followup.deadlines import Deadlines, ahead_of
from service.followup.work import Followups
from service.settings import Settings
from service.store.brands import BrandRepository
from service.store.due import DueRepository
from service.store.records import Outbox
from service.store.session import Database
from service.store.tables import drafts
from tests.followup.waiting import NOON, Store, brand, content


@pytest.fixture
async def opened(settings: Settings) -> AsyncIterator[Services]:
    async with open_services(settings) as services:
        yield services


def deadlines(database: Database) -> Deadlines:
    return Deadlines(
        database=database, brands=BrandRepository(), due=DueRepository(), outbox=Outbox()
    )


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


async def events(services: Services) -> list[tuple[str, str, int]]:
    """What waits to go out: topic, draft, minutes left."""
    waiting = await services.review.waiting_events()
    return [
        (event["topic"], event["payload"]["draft_id"], event["payload"]["minutes_left"])
        for event in waiting
    ]


async def move_deadline(services: Services, draft_id: str, minutes: float | None) -> None:
    due = None if minutes is None else at(minutes)
    async with services.database.write() as connection:
        await connection.execute(
            update(drafts).where(drafts.c.id == draft_id).values(deadline_at=due)
        )


async def test_each_deadline_is_warned_of_once_and_missed_once(opened: Services) -> None:
    store, looking = Store(opened.database), deadlines(opened.database)
    await store.brand(brand(response_targets={"classes": {"normal": 60, "low": 480}}))
    await store.brand(brand("other"))
    await store.draft("a", due=60, assignee="Ana")
    await store.draft("praise", due=60, content=content(kind="compliment", wanted="low"))
    await store.draft("theirs", due=60, of="other", status="failed", content=None)
    await store.draft("approved", due=1, status="approved")
    await store.draft("undated", due=None)
    assert [await looking.tick(at(minute)) for minute in (0, 44)] == [1, 0]
    assert await events(opened) == [("deadline.near", "praise", 60)]
    assert [await looking.tick(at(minute)) for minute in (45, 46, 59)] == [2, 0, 0]
    assert (await events(opened))[1:] == [
        ("deadline.near", "a", 15),
        ("deadline.near", "theirs", 15),
    ]
    assert [await looking.tick(at(minute)) for minute in (61, 90)] == [3, 0]
    missed = ["a", "praise", "theirs"]
    assert (await events(opened))[3:] == [("deadline.missed", name, -1) for name in missed]
    payload = (await opened.review.waiting_events())[1]["payload"]
    assert payload == {
        "draft_id": "a",
        "thread_id": "t-a",
        "assignee": "Ana",
        "deadline_at": at(60).isoformat(),
        "minutes_left": 15,
    }


async def test_another_deadline_is_another_warning_and_a_clock_put_back_is_none(
    opened: Services,
) -> None:
    store, looking = Store(opened.database), deadlines(opened.database)
    await store.brand(brand())
    await store.draft("a", due=10)
    await looking.tick(at(20))
    assert [topic for topic, *_ in await events(opened)] == ["deadline.missed"]
    assert await looking.tick(at(8)) == 0  # missed at once: a warning now would only confuse
    await move_deadline(opened, "a", 100)
    assert [await looking.tick(at(minute)) for minute in (20, 90, 91, 101)] == [0, 1, 0, 1]
    await move_deadline(opened, "a", 10)
    assert await looking.tick(at(200)) == 0
    await move_deadline(opened, "a", None)
    assert await looking.tick(at(300)) == 0


async def test_two_workers_say_it_once(settings: Settings, opened: Services) -> None:
    store = Store(opened.database)
    await store.brand(brand())
    for number in range(30):
        await store.draft(f"d{number}", due=10)
    async with open_services(settings) as other:
        workers = [deadlines(services.database) for services in (opened, other, opened, other)]
        said = await asyncio.gather(*(worker.tick(at(20)) for worker in workers))
    assert sum(said) == 30
    assert len({draft_id for _, draft_id, _ in await events(opened)}) == 30


async def test_many_at_once_go_in_batches(
    opened: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.followup.deadlines.BATCH", 4)
    store, looking = Store(opened.database), deadlines(opened.database)
    await store.brand(brand(response_targets={"classes": {"low": 4000}}))
    for number in range(9):
        await store.draft(f"missed{number}", due=-number)
        await store.draft(f"near{number}", due=10)
        await store.draft(f"later{number}", due=9 + number % 2 * 500)
    assert await looking.tick(at(0.5)) == 9 + 9 + 5


@pytest.mark.parametrize(
    ("minutes", "ahead"), [(1, 5), (15, 5), (20, 5), (60, 15), (480, 120), (100_000, 25_000)]
)
def test_near_is_the_last_quarter_and_five_minutes_at_least(minutes: int, ahead: int) -> None:
    assert ahead_of(minutes) == timedelta(minutes=ahead)


class Broken:
    def __init__(self) -> None:
        self.looked = 0

    async def tick(self, now: datetime) -> None:
        self.looked += 1
        raise ZeroDivisionError("what a customer wrote")


class Whole:
    def __init__(self) -> None:
        self.seen: list[datetime] = []

    async def tick(self, now: datetime) -> None:
        self.seen.append(now)


async def test_a_part_that_fails_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "EVERY_S", 0)
    broken, whole = Broken(), Whole()
    with capture_logs() as lines, pytest.raises(TimeoutError):
        await asyncio.wait_for(Followups([broken, whole], now=lambda: NOON).work(), 0.05)
    assert broken.looked > 2
    assert set(whole.seen) == {NOON}
    assert {line["error"] for line in lines} == {"ZeroDivisionError"}
    assert "what a customer wrote" not in str(lines)
