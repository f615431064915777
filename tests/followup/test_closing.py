"""What was solved in private is said where it began, and nothing of how."""

import asyncio
from datetime import timedelta

import pytest

from service.domain.checks import Verdict
from service.domain.commitment import CommitmentFilter, CommitmentStatus
from service.domain.draft import DraftStatus
from service.domain.thread import KnownFact, Resolution
from service.domain.triage import MoveKind
from service.errors import IdempotencyConflict, NotFound
from service.guards.guard import Guard
from service.store.idempotency import idempotency
from tests.drafting.conftest import FixedClock, Opening
from tests.drafting.test_way import GOOD, answer
from tests.factories import ADMIN, case
from tests.followup.working import approve, approved, content_of, settled, topics
from tests.guards.factories import LAMPWICK, context

SECRET = "Refunded €43.20 to Anna Nowakowska, order 5512-778, after the courier admitted theft."
PRIVATE = Resolution(what=SECRET, private=True, by="jan")
LEAKS = (
    "This is sorted: you have your €43.20 back. Thank you for your patience.",
    "This is sorted, your order 5512-778 is done. Thank you for your patience.",
    "This is sorted, Ms Nowakowska. Thank you for your patience.",
    "This is sorted: the courier admitted the theft. Thank you for your patience.",
    "This is sorted, I've refunded you. Thank you for your patience.",
)
SORTED = (
    "This is sorted now, and I wanted to say so here. Thank you for telling me about the glass."
)


@pytest.mark.parametrize("reply", LEAKS)
async def test_nothing_of_a_private_resolution_may_be_said(reply: str) -> None:
    fact = KnownFact(text=SECRET, private=True)
    report = await Guard(LAMPWICK).check(
        context(reply, resolved=fact, move=MoveKind.CLOSING_UPDATE)
    )
    assert report.verdict is Verdict.BLOCK


async def test_that_it_is_sorted_may_be_said() -> None:
    fact = KnownFact(text=SECRET, private=True)
    report = await Guard(LAMPWICK).check(
        context(SORTED, resolved=fact, move=MoveKind.CLOSING_UPDATE)
    )
    assert report.verdict is not Verdict.BLOCK, report.findings


@pytest.mark.slow
async def test_a_thread_is_solved_closed_and_opened_again(
    opened: Opening, clock: FixedClock
) -> None:
    async with opened([answer(GOOD)]) as (services, model):
        await approved(services)
        clock.time += timedelta(minutes=1)
        open_one = await services.drafts.create(case(thread_id="t1"), "lampwick", ADMIN)
        await services.drafts.finished(open_one)
        model.replace([answer(LEAKS[0])])

        clock.time += timedelta(minutes=1)
        closing = services.closing
        both = await asyncio.gather(
            *(closing.resolve("lampwick", "t1", PRIVATE, ADMIN) for _ in range(2))
        )
        assert (await services.drafts.get(open_one)).status is DraftStatus.SUPERSEDED
        assert await topics(services, "thread") == ["thread.resolved"]
        assert len({draft_id for _, draft_id in both}) == 1
        update = await settled(services, both[0][1])
        content = content_of(update)
        shown = " ".join(message.content for message in model.requests[0].messages)
        (unclosed,) = await closing.unclosed("lampwick", limit=9)
        assert (unclosed.id, unclosed.resolved_by) == ("t1", "jan")

        assert content.move.kind is MoveKind.CLOSING_UPDATE
        assert not content.holding
        told = f"{shown} {content.reply}"
        assert not any(part in told for part in ("43.20", "Nowakowska", "5512", "theft"))

        await approve(services, update.id)
        assert await closing.unclosed("lampwick", limit=9) == []
        wanted = CommitmentFilter(now=clock.time, brand_id="lampwick")
        promises = await services.commitments.page(wanted, limit=9)
        assert [promise.status for promise in promises] == [CommitmentStatus.KEPT]

        clock.time += timedelta(minutes=1)
        model.replace([answer(GOOD)])
        more = case("And now the new one flickers.", thread_id="t1")
        draft_id = await services.drafts.create(more, "lampwick", ADMIN)
        opened_again = await services.drafts.finished(draft_id)
        seen = await services.drafts.snapshot(draft_id)
        state, _ = await closing.resolve("lampwick", "t1", PRIVATE, ADMIN)
        events = await topics(services, "thread")
    assert events == [
        "thread.resolved",
        "thread.closed",
        "thread.reopened",
        "thread.resolved",
    ]
    assert seen is not None
    assert seen.case.resolved is None
    assert KnownFact(text=SECRET, private=True) in seen.case.known
    assert content_of(opened_again).move.kind is not MoveKind.CLOSING_UPDATE
    assert state.resolved_at == clock.time
    assert state.closed_at is None


@pytest.mark.slow
async def test_it_is_said_to_whoever_the_thread_began_with(
    opened: Opening, clock: FixedClock
) -> None:
    async with opened([answer(GOOD)]) as (services, model):
        await approved(services)
        clock.time += timedelta(minutes=1)
        joined = case("Same here, my lamp is broken too!", thread_id="t1")
        await services.drafts.finished(await services.drafts.create(joined, "lampwick", ADMIN))
        clock.time += timedelta(minutes=1)
        model.replace([answer(SORTED)])
        _, draft_id = await services.closing.resolve("lampwick", "t1", PRIVATE, ADMIN)
        update = await settled(services, draft_id)
        seen = await services.drafts.snapshot(update.id)
    assert seen is not None
    assert seen.case.complaint.text == case().complaint.text


@pytest.mark.slow
async def test_it_keeps_no_promise_that_another_customer_waits_for(
    opened: Opening, clock: FixedClock
) -> None:
    async with opened([answer(GOOD)]) as (services, model):
        words = case().complaint.text
        ours = await approved(services, complaint={"text": words, "author_handle": "@jo"})
        clock.time += timedelta(minutes=1)
        theirs = await approved(services, complaint={"text": words, "author_handle": "@max"})
        clock.time += timedelta(minutes=1)
        model.replace([answer(SORTED)])
        _, draft_id = await services.closing.resolve("lampwick", "t1", PRIVATE, ADMIN)
        await settled(services, draft_id)
        await approve(services, draft_id or "")
        found = [
            promise.status
            for one in (ours, theirs)
            for promise in await services.review.commitments(one)
        ]
        after = await services.closing.unclosed("lampwick", limit=9)
    assert found == [CommitmentStatus.KEPT, CommitmentStatus.OPEN]
    assert after == []


@pytest.mark.slow
async def test_where_nothing_is_to_be_said_no_draft_is_begun(
    opened: Opening, clock: FixedClock
) -> None:
    told = Resolution(what="The new lamp came.", by="jan")
    once = idempotency(ADMIN, "resolved:mail", "k1", told.model_dump())
    other = idempotency(ADMIN, "resolved:mail", "k1", {"what": "another"})
    async with opened([answer(GOOD)]) as (services, _):
        await services.drafts.finished(
            await services.drafts.create(case(thread_id="new"), "lampwick", ADMIN)
        )
        await approved(services, thread_id="mail", channel="email")
        clock.time += timedelta(minutes=1)
        closing = services.closing
        _, unanswered = await closing.resolve("lampwick", "new", told, ADMIN)
        _, private = await closing.resolve("lampwick", "mail", told, ADMIN, once=once)
        _, repeated = await closing.resolve("lampwick", "mail", told, ADMIN, once=once)
        with pytest.raises(IdempotencyConflict):
            await closing.resolve("lampwick", "mail", told, ADMIN, once=other)
        with pytest.raises(NotFound, match="no thread"):
            await closing.resolve("lampwick", "never", told, ADMIN)

        # The case may bring the news as well, as `amends draft` does.
        asked = case(thread_id="x1", resolved={"text": "The new lamp came."})
        made = await services.drafts.finished(
            await services.drafts.create(asked, "lampwick", ADMIN)
        )
        left = [state.id for state in await closing.unclosed(None, limit=9)]
        await approve(services, made.id)
        after = [state.id for state in await closing.unclosed(None, limit=9)]
    assert (unanswered, private, repeated) == (None, None, None)
    # Where nothing is to be said in public, nothing is owed there.
    assert (left, after) == (["x1"], [])
