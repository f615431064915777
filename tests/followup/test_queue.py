"""The order of the queue, its pages and its filters, on both databases."""

from typing import Any

import pytest
from sqlalchemy import Select, text

from service.bootstrap import Services, open_services
from service.domain.queue import Place, QueueFilter
from service.domain.triage import Sensitivity
from service.followup.queue import place_of
from service.settings import Settings
from service.store.queue import page_queries
from service.store.session import Connection
from tests.drafting.conftest import FixedClock
from tests.followup.waiting import NOON, PEOPLE, Store, brand, content

SENSITIVE = content(sensitivities=(Sensitivity.SAFETY,), wanted="urgent")
PRAISE = content(kind="compliment", wanted="low")
ORDER = ("safe-b", "safe-a", "upset", "late", "soon", "twin-1", "twin-2", "never", "praise")


async def fill(store: Store) -> None:
    await store.brand(brand(team=PEOPLE))
    await store.brand(brand("other"))
    await store.draft("praise", due=-90, content=PRAISE, assignee="Ben")
    await store.draft("twin-2", due=30)
    await store.draft("twin-1", due=30, assignee="Dan", status="stale")
    await store.draft("never", due=None, content=None, status="failed")
    await store.draft("late", due=-30, assignee="Ana", content=content(language="es"))
    await store.draft("soon", due=5, assignee="Dan", status="blocked")
    await store.draft("over", due=1, status="superseded")
    await store.draft("upset", due=600, content=content(upset=True))
    await store.draft("safe-a", due=20, content=SENSITIVE, assignee="Ana")
    await store.draft("safe-b", due=10, content=SENSITIVE, status="escalated")
    await store.draft("done", due=1, status="approved")
    await store.draft("at-work", due=1, status="drafting")
    await store.draft("theirs", due=15, of="other", assignee="Dan")


async def ids(services: Services, size: int = 50, **asked: Any) -> list[str]:
    """The whole queue, page by page."""
    wanted = QueueFilter.model_validate({"brand_id": "lampwick", **asked})
    found: list[str] = []
    place: Place | None = None
    while page := await services.queue.page(wanted, limit=size, after=place):
        assert len(page) <= size
        found += [draft.id for draft in page]
        place = place_of(page[-1])
    return found


async def test_the_order_pages_and_filters(settings: Settings) -> None:
    clock = FixedClock()
    clock.time = NOON
    async with open_services(settings, now=clock) as services:
        await fill(Store(services.database))
        for size in (1, 2, 4, 50):
            assert await ids(services, size) == list(ORDER), size
        assert await ids(services, 2, assignee="none") == [
            name for name in ORDER if name in ("safe-b", "upset", "twin-2", "never")
        ]
        assert await ids(services, assignee="Ana") == ["safe-a", "late"]
        assert await ids(services, 1, assignee="left") == ["soon", "twin-1"]
        assert await ids(services, kind="compliment") == ["praise"]
        assert await ids(services, language="es") == ["late"]
        assert await ids(services, status="failed") == ["never"]
        assert await ids(services, status="escalated") == ["safe-b"]
        assert await ids(services, 1, overdue=True) == ["late", "praise"]
        in_time = [name for name in ORDER if name not in ("late", "praise")]
        assert await ids(services, 2, overdue=False) == in_time
        assert await ids(services, overdue=True, assignee="Ana", status="blocked") == []
        everywhere = await ids(services, 3, brand_id=None)
        assert everywhere == [*ORDER[:4], "soon", "theirs", *ORDER[5:]]
        assert await ids(services, brand_id=None, assignee="left") == ["soon", "twin-1"]


async def test_each_draft_has_the_post_that_it_answers(settings: Settings) -> None:
    async with open_services(settings) as services:
        store = Store(services.database)
        await store.brand(brand())
        named = {"complaint": {"text": "It broke. " * 200, "author_handle": "@tom"}}
        await store.draft("a", content=None, status="failed", request=named)
        await store.draft("b")
        posts = await services.queue.posts(["a", "b", "c"])
    assert sorted(posts) == ["a", "b"]
    assert (posts["a"].channel, posts["a"].author, posts["b"].author) == ("x", "@tom", None)
    assert posts["a"].words.startswith("It broke. It broke.")
    assert posts["b"].words == "It broke."


@pytest.mark.parametrize("brand_id", ["lampwick", None])
async def test_the_queue_is_read_along_its_index(settings: Settings, brand_id: str | None) -> None:
    """Partial indexes serve only the condition that they were made with, word by word."""
    wanted = QueueFilter(brand_id=brand_id, assignee="Ana", language="en")
    async with open_services(settings) as services:
        store = Store(services.database)
        for name in ("lampwick", "other", "more"):
            await store.brand(brand(name))
            for number in range(30):
                await store.draft(f"{name}{number}", due=number, of=name)
        index = "ix_drafts_waiting" if brand_id else "ix_drafts_waiting_all"
        async with services.database.write() as connection:
            await connection.execute(text("ANALYZE"))
            if services.database.on_server:
                await connection.execute(text("SET LOCAL enable_seqscan = off"))
            for query in page_queries(wanted, now=NOON, after=Place(2, NOON, "d1")):
                plan = await explained(connection, query.limit(5))
                assert index in plan, plan
                assert "b-tree for order by" not in plan.lower(), plan
                assert "sort" not in plan.lower(), plan


async def explained(connection: Connection, query: Select[tuple[str]]) -> str:
    words = str(query.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True}))
    how = "EXPLAIN" if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    rows = await connection.exec_driver_sql(f"{how} {words}")
    return "\n".join(f"{row[-1]} " for row in rows)
