"""Drafts are stored first, finished once, and survive the worker that began them."""

import asyncio
from datetime import timedelta

import pytest

from service.domain.draft import Draft, DraftStatus
from service.drafting.service import DraftService
from service.errors import IdempotencyConflict, NotFound, TransitionRefused
from service.store.idempotency import idempotency
from tests.drafting.conftest import FixedClock, Opening
from tests.drafting.test_way import GOOD, answer
from tests.factories import ADMIN, case
from tests.working import a_worker

pytestmark = pytest.mark.slow


async def test_a_dead_workers_draft_is_finished_once(opened: Opening, clock: FixedClock) -> None:
    async with opened([answer(GOOD)], delay_s=30) as (dying, _):
        draft_id = await dying.drafts.create(case(), "lampwick", ADMIN)
        await asyncio.sleep(0.2)
    clock.time += timedelta(seconds=31)
    async with opened([answer(GOOD)]) as (services, model):
        assert (await services.drafts.get(draft_id)).status is DraftStatus.DRAFTING
        async with a_worker(services.drafts):
            made = await _until_ready(services.drafts, draft_id)
            await asyncio.sleep(1.2)
        assert made.status is DraftStatus.PENDING_REVIEW
        assert len(model.requests) == 1


async def test_a_live_lease_is_respected(opened: Opening) -> None:
    async with opened([answer(GOOD)], delay_s=30) as (services, _):
        await services.drafts.create(case(), "lampwick", ADMIN)
        await asyncio.sleep(0.1)
        assert await services.drafts.take() is None


async def test_who_lost_the_lease_cannot_finish(opened: Opening, clock: FixedClock) -> None:
    async with opened([answer(GOOD)], delay_s=0.6) as (services, model):
        draft_id = await services.drafts.create(case(), "lampwick", ADMIN)
        await asyncio.sleep(0.1)
        clock.time += timedelta(seconds=31)
        assert await services.drafts.take() is not None
        made = await services.drafts.finished(draft_id)
        assert made.status is DraftStatus.DRAFTING
        assert made.content is None
        assert len(model.requests) == 1


async def test_a_draft_that_keeps_killing_workers_fails(opened: Opening, clock: FixedClock) -> None:
    async with opened([answer(GOOD)], delay_s=30) as (services, _):
        draft_id = await services.drafts.create(case(), "lampwick", ADMIN)
        for _ in range(2):
            clock.time += timedelta(seconds=31)
            await services.drafts.take()
        clock.time += timedelta(seconds=31)
        async with a_worker(services.drafts):
            made = await _until_ready(services.drafts, draft_id)
    assert made.status is DraftStatus.FAILED


async def test_a_failed_draft_can_be_drafted_again(opened: Opening, clock: FixedClock) -> None:
    async with opened([answer(GOOD)], delay_s=30) as (services, model):
        draft_id = await services.drafts.create(case(), "lampwick", ADMIN)
        await asyncio.sleep(0.1)
        await services.drafts.drain()
        with pytest.raises(TransitionRefused):
            await services.drafts.redraft(draft_id, ADMIN)
        clock.time += timedelta(seconds=31)
        claim = await services.drafts.take()
        assert claim is not None
        await services.drafts.give_up(claim)
        model.replace([answer(GOOD)], delay_s=0)
        await services.drafts.redraft(draft_id, ADMIN)
        made = await services.drafts.finished(draft_id)
    assert (made.status, made.version) == (DraftStatus.PENDING_REVIEW, 2)


async def test_the_same_key_gives_the_same_draft(opened: Opening) -> None:
    once = idempotency(ADMIN, "drafts", "k1", {"complaint": "a"})
    other = idempotency(ADMIN, "drafts", "k1", {"complaint": "b"})
    async with opened([answer(GOOD)]) as (services, model):
        first = await services.drafts.create(case(), "lampwick", ADMIN, once=once)
        again = await services.drafts.create(case(), "lampwick", ADMIN, once=once)
        assert first == again
        with pytest.raises(IdempotencyConflict):
            await services.drafts.create(case(), "lampwick", ADMIN, once=other)
        await services.drafts.finished(first)
    assert len(model.requests) == 1


async def test_new_words_in_a_thread_make_its_drafts_stale(opened: Opening) -> None:
    async with opened([answer(GOOD)]) as (services, _):
        first = await services.drafts.create(case(thread_id="t9"), "lampwick", ADMIN)
        await services.drafts.finished(first)
        more = case("And now the cable sparks when I touch it!", thread_id="t9")
        second = await services.drafts.create(more, "lampwick", ADMIN)
        made = await services.drafts.finished(second)
        stale = await services.drafts.get(first)
        snapshot = await services.drafts.snapshot(second)
    assert (stale.status, (stale.stale_reason or "")[-len(second) :]) == ("superseded", second)
    assert made.status is DraftStatus.PENDING_REVIEW
    assert snapshot is not None
    assert [m.text for m in snapshot.case.others] == [case().complaint.text]


async def test_sending_a_thread_again_unchanged_changes_nothing(opened: Opening) -> None:
    async with opened([answer(GOOD)]) as (services, _):
        first = await services.drafts.create(case(thread_id="t9"), "lampwick", ADMIN)
        await services.drafts.finished(first)
        again = await services.drafts.create(case(thread_id="t9"), "lampwick", ADMIN)
        await services.drafts.finished(again)
        assert (await services.drafts.get(first)).status is DraftStatus.PENDING_REVIEW


async def test_an_unknown_brand_is_refused(opened: Opening) -> None:
    async with opened() as (services, _):
        with pytest.raises(NotFound, match="amends brand import"):
            await services.drafts.create(case(), "nobody", ADMIN)


async def _until_ready(drafts: DraftService, draft_id: str) -> Draft:
    for _ in range(100):
        made = await drafts.get(draft_id)
        if made.status is not DraftStatus.DRAFTING:
            return made
        await asyncio.sleep(0.1)
    raise AssertionError("never ready")
