"""Two writers at once, each in a process of its own or on a pool of its own."""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from service.domain.draft import DraftStatus
from service.settings import Settings
from service.store.drafts import DraftRepository
from service.store.idempotency import Idempotency, IdempotencyRepository
from service.store.leases import Claim, LeaseRepository
from service.store.records import Outbox
from service.store.session import Database
from service.store.tables import messages
from service.store.threads import ThreadRepository
from tests.factories import case
from tests.store.shelves import NOON, save_brands

LEASE = timedelta(seconds=30)
ROOT = Path(__file__).parents[2]


@pytest.fixture
async def pair(settings: Settings) -> AsyncIterator[tuple[Database, Database]]:
    """Two instances of Amends over one store."""
    first, second = Database(settings.database_url), Database(settings.database_url)
    await asyncio.gather(first.migrate(), second.migrate())
    await save_brands(first, "lamps")
    yield first, second
    await first.close()
    await second.close()


async def begin(db: Database, thread_id: str = "t1", text: str = "It broke.") -> str:
    async with db.write() as connection:
        asked = case(text, thread_id=thread_id)
        thread = await ThreadRepository().add_case(connection, "lamps", asked, NOON)
        return await DraftRepository().begin(
            connection,
            brand_id="lamps",
            thread_id=thread.id,
            thread_revision=thread.revision,
            case=asked,
            now=NOON,
        )


async def claim(db: Database, *, now: datetime = NOON, owner: str = "a") -> Claim | None:
    async with db.write() as connection:
        return await LeaseRepository().claim(connection, owner=owner, now=now, lease=LEASE)


async def give_up(db: Database, held: Claim) -> bool:
    async with db.write() as connection:
        return await LeaseRepository().finish(
            connection, held, status=DraftStatus.FAILED, content=None, snapshot=None, now=NOON
        )


async def test_each_draft_is_claimed_by_one(pair: tuple[Database, Database]) -> None:
    ids = [await begin(pair[0], f"t{n}") for n in range(6)]
    claims = await asyncio.gather(*(claim(pair[n % 2]) for n in range(9)))
    assert sorted(c.draft_id for c in claims if c) == sorted(ids)


async def test_a_claim_under_way_is_passed_over(pair: tuple[Database, Database]) -> None:
    """On a server nobody waits for another's row; the embedded database has one writer anyway."""
    if not pair[0].on_server:
        return
    first, second = [await begin(pair[0], f"t{n}") for n in range(2)]
    async with pair[0].write() as connection:
        held = await LeaseRepository().claim(connection, owner="a", now=NOON, lease=LEASE)
        other = await asyncio.wait_for(claim(pair[1], owner="b"), timeout=5)
        nothing = await asyncio.wait_for(claim(pair[1], owner="c"), timeout=5)
    assert {held.draft_id if held else "", other.draft_id if other else ""} == {first, second}
    assert nothing is None


async def test_who_lost_the_lease_cannot_finish(pair: tuple[Database, Database]) -> None:
    await begin(pair[0])
    late = await claim(pair[0])
    taken = await claim(pair[1], now=NOON + LEASE * 2, owner="b")
    assert late
    assert taken
    assert not await give_up(pair[0], late)
    assert await give_up(pair[1], taken)
    async with pair[0].write() as connection:
        assert not await LeaseRepository().renew(connection, late, until=NOON + LEASE * 3)


async def test_one_thread_grows_message_by_message(pair: tuple[Database, Database]) -> None:
    texts = [f"Message {n}." for n in range(8)]
    await asyncio.gather(*(begin(pair[n % 2], "new", text) for n, text in enumerate(texts)))
    async with pair[0].read() as connection:
        assert await ThreadRepository().revision(connection, "lamps", "new") == len(texts)
        positions = await connection.scalars(select(messages.c.position))
        assert sorted(positions) == list(range(len(texts)))


async def test_new_words_wait_for_a_decision_under_way(pair: tuple[Database, Database]) -> None:
    """Whoever decides sees either no new words, or all of them."""
    draft_id = await begin(pair[0])
    async with pair[0].write() as connection:
        await DraftRepository().get(connection, draft_id)
        added = asyncio.create_task(begin(pair[1], text="And now it smokes."))
        await asyncio.sleep(0.3)
        assert not added.done()
        assert await DraftRepository().thread_revision(connection, draft_id) == (1, 1)
    await added
    async with pair[0].write() as connection:
        assert await DraftRepository().thread_revision(connection, draft_id) == (1, 2)


async def test_one_key_leads_to_one_draft(pair: tuple[Database, Database]) -> None:
    keys, asked = IdempotencyRepository(), Idempotency(scope="s", key="k", body_hash="b")

    async def once(db: Database, subject: str) -> str:
        async with db.write() as connection:
            known = await keys.recall(connection, asked)
            if known:
                return known
            await asyncio.sleep(0.05)
            await keys.remember(connection, asked, subject, NOON)
            return subject

    answers = await asyncio.gather(*(once(pair[n % 2], f"drf_{n}") for n in range(4)))
    assert len(set(answers)) == 1


async def test_an_event_goes_to_one_deliverer(pair: tuple[Database, Database]) -> None:
    async with pair[0].write() as connection:
        for n in range(3):
            await Outbox().add(connection, brand_id="lamps", topic="t", payload={"n": n}, now=NOON)
    if not pair[0].on_server:
        return
    async with pair[0].write() as first, pair[1].write() as second:
        mine = await Outbox().waiting(first, limit=2)
        theirs = await asyncio.wait_for(Outbox().waiting(second), timeout=5)
    assert [event["payload"]["n"] for event in (*mine, *theirs)] == [0, 1, 2]


WORKER = """
import asyncio, sys
from datetime import timedelta
from service.store.leases import LeaseRepository
from service.store.session import Database
from tests.store.shelves import NOON

async def main():
    database, lease = Database(sys.argv[1]), timedelta(seconds=30)
    async with database.write() as connection:
        await LeaseRepository().claim(connection, owner="dying", now=NOON, lease=lease)
        if sys.argv[2] == "inside":
            print("claimed", flush=True)
            await asyncio.sleep(60)
    print("claimed", flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


def _claim_and_die(address: str, place: str) -> None:
    command = [sys.executable, "-c", WORKER, address, place]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"claimed\n"
        worker.kill()


@pytest.mark.parametrize("place", ["inside", "after"])
async def test_a_killed_workers_draft_is_taken_over_once(
    pair: tuple[Database, Database], settings: Settings, place: str
) -> None:
    """Killed inside its transaction it never had the draft; after it, the lease runs out."""
    draft_id = await begin(pair[0])
    await asyncio.to_thread(_claim_and_die, settings.database_url, place)
    if place == "after":
        assert await claim(pair[0]) is None
    until = time.monotonic() + 10
    now = NOON if place == "inside" else NOON + LEASE * 2
    while (taken := await claim(pair[0], now=now)) is None:
        assert time.monotonic() < until, "nobody could take it over"
        await asyncio.sleep(0.05)
    assert taken.draft_id == draft_id
    assert taken.fence == (1 if place == "inside" else 2)
    assert await claim(pair[1], now=now) is None
    assert await give_up(pair[0], taken)
    async with pair[0].read() as connection:
        assert await connection.scalar(select(func.count()).select_from(messages)) == 1
