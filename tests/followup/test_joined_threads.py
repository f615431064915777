"""Two customers in one thread: what is promised to, or solved for, one of them is theirs alone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.bootstrap import Services
from service.domain.commitment import CommitmentFilter
from service.domain.draft import DraftStatus
from service.domain.thread import KnownFact, News, Resolution
from service.domain.triage import MoveKind
from service.store.threads import ThreadRepository
from tests.drafting.conftest import FixedClock, Opening
from tests.drafting.test_way import GOOD, answer
from tests.factories import ADMIN, BROKEN, case
from tests.followup.test_mentions import drafts_of, post, send
from tests.followup.working import approve, content_of, settled, topics

pytestmark = pytest.mark.slow

TOM, ANNA = {"author_name": "Tom"}, {"author_name": "Anna"}
ASKS = "Does this lamp come in green, Lampwick?"
SOLVED = Resolution(what="The courier admitted that he stole the lamp.", by="jan")
DUE = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)


async def asked(services: Services, text: str, **author: Any) -> str:
    told = case(thread_id="t1", complaint={"text": text, **author})
    draft_id = await services.drafts.create(told, "lampwick", ADMIN)
    await services.drafts.finished(draft_id)
    return draft_id


@pytest.mark.parametrize("joined_after", [True, False])
async def test_a_promise_is_followed_up_with_whom_it_was_made_to(
    opened: Opening, clock: FixedClock, *, joined_after: bool
) -> None:
    async with opened([answer(GOOD)]) as (services, _):
        toms = await asked(services, BROKEN, **TOM)
        if not joined_after:
            annas = await asked(services, ASKS, **ANNA)
            await services.drafts.redraft(toms, ADMIN)
        await approve(services, (await settled(services, toms)).id)
        if joined_after:
            clock.time += timedelta(minutes=1)
            annas = await asked(services, ASKS, **ANNA)
        clock.time = DUE - timedelta(hours=1)
        await services.commitments.tick(clock.time)
        wanted = CommitmentFilter(now=clock.time, brand_id="lampwick")
        (promise,) = await services.commitments.page(wanted, limit=9)
        follow_up = await settled(services, promise.follow_up_draft_id)
        seen = await services.drafts.snapshot(follow_up.id)
        waiting = await services.drafts.get(annas)
    assert seen is not None
    assert seen.case.complaint.author_name == "Tom"
    assert content_of(follow_up).move.kind is MoveKind.FOLLOW_UP
    assert waiting.status is not DraftStatus.SUPERSEDED


async def test_who_joins_in_opens_nothing_again(opened: Opening, clock: FixedClock) -> None:
    async with opened([answer(GOOD)]) as (services, _):
        await approve(services, await asked(services, BROKEN, **TOM))
        clock.time += timedelta(minutes=1)
        state, closing = await services.closing.resolve("lampwick", "t1", SOLVED, ADMIN)
        await settled(services, closing)
        clock.time += timedelta(minutes=1)
        joined = await asked(services, ASKS, **ANNA)
        (unclosed,) = await services.closing.unclosed("lampwick", limit=9)
        _, still = await services.closing.resolve("lampwick", "t1", SOLVED, ADMIN)
        hers = await services.drafts.snapshot(joined)
        await services.drafts.redraft(closing or "", ADMIN)
        closing_update = await settled(services, closing)
    assert (unclosed.resolved_at, still) == (state.resolved_at, closing)
    assert hers is not None
    assert hers.case.resolved is None
    assert content_of(closing_update).move.kind is MoveKind.CLOSING_UPDATE


async def test_a_closing_update_is_not_written_again_once_the_customer_is_back(
    opened: Opening, clock: FixedClock
) -> None:
    async with opened([answer(GOOD)]) as (services, _):
        await approve(services, await asked(services, BROKEN, **TOM))
        clock.time += timedelta(minutes=1)
        await services.closing.resolve("lampwick", "t1", SOLVED, ADMIN)
        clock.time += timedelta(minutes=1)
        back = case(thread_id="t1", complaint={"text": "It is broken again.", **TOM})
        async with services.database.read() as connection:
            before = await ThreadRepository().complete(connection, "lampwick", "t1", back)
        await services.drafts.create(back, "lampwick", ADMIN)
        async with services.database.read() as connection:
            told = back.model_copy(update={"resolved": KnownFact(text=SOLVED.what)})
            after = await ThreadRepository().complete(connection, "lampwick", "t1", told)
    assert before.resolved == KnownFact(text=SOLVED.what)
    assert after.resolved is None


async def test_a_closing_update_answers_no_post(opened: Opening, clock: FixedClock) -> None:
    """What the brand writes later ends it as little as it ends a follow-up."""
    async with opened([answer(GOOD)]) as (services, _):
        await send(services, post("a", conversation_id="t1", posted_at="2026-11-20T19:00:00Z"))
        (draft,) = await drafts_of(services)
        await approve(services, (await settled(services, draft.id)).id)
        clock.time += timedelta(minutes=1)
        _, closing = await services.closing.resolve("lampwick", "t1", SOLVED, ADMIN)
        said = {"author": "brand", "conversation_id": "t1", "posted_at": "2026-11-20T20:05:00Z"}
        await send(services, post("b", "More on our page.", brand="lampwick", **said))
        update = await services.drafts.get(closing or "")
    assert update.status is not DraftStatus.SUPERSEDED


async def test_who_began_it_is_who_wrote_first(opened: Opening, clock: FixedClock) -> None:
    """Also where somebody's reply came before the post, and stands before it."""
    ann = post("k", "Is that the green one, Lampwick?", in_reply_to="b", **ANNA)
    tom = post("b", BROKEN + " Lampwick!", **TOM)
    async with opened([answer(GOOD)]) as (services, _):
        await send(services, ann | {"posted_at": "2026-11-20T19:30:00Z"})
        await send(services, tom | {"posted_at": "2026-11-20T19:00:00Z"})
        *_, toms = sorted(await drafts_of(services), key=lambda draft: draft.case_id == "b")
        await approve(services, (await settled(services, toms.id)).id)
        clock.time += timedelta(minutes=1)
        _, closing = await services.closing.resolve("lampwick", toms.thread_id, SOLVED, ADMIN)
        update = await settled(services, closing)
    assert content_of(update).move.kind is MoveKind.CLOSING_UPDATE


async def test_what_was_said_in_public_by_mistake_is_private_once_it_is_told_so(
    opened: Opening, clock: FixedClock
) -> None:
    async with opened([answer(GOOD)]) as (services, _):
        await approve(services, await asked(services, BROKEN, **TOM))
        await services.knowing.add("lampwick", "t1", News(text="He cried."), ADMIN)
        await services.knowing.add("lampwick", "t1", News(text="He cried.", private=True), ADMIN)
        await services.closing.resolve("lampwick", "t1", SOLVED, ADMIN)
        clock.time += timedelta(minutes=1)
        told = SOLVED.model_copy(update={"private": True})
        _, draft_id = await services.closing.resolve("lampwick", "t1", told, ADMIN)
        await settled(services, draft_id)
        seen = await services.drafts.snapshot(draft_id or "")
        again = case(thread_id="t1", known=[{"text": "He cried."}], resolved={"text": SOLVED.what})
        async with services.database.write() as connection:
            await ThreadRepository().add_case(connection, "lampwick", again, clock.time)
            stored = await ThreadRepository().complete(connection, "lampwick", "t1", again)
    assert {fact.private for fact in (*stored.known, stored.resolved) if fact} == {True}
    assert seen is not None
    assert seen.case.resolved == KnownFact(text=SOLVED.what, private=True)
    assert {fact.private for fact in seen.case.known} == {True}


async def test_a_photo_without_words_breaks_nothing(opened: Opening, clock: FixedClock) -> None:
    photo = {"author": "customer", "text": ""}
    async with opened([answer(GOOD)]) as (services, _):
        told = case(thread_id="t1", thread=[photo])
        draft_id = await services.drafts.create(told, "lampwick", ADMIN)
        await services.drafts.finished(draft_id)
        await approve(services, draft_id)
        clock.time += timedelta(minutes=1)
        _, closing = await services.closing.resolve("lampwick", "t1", SOLVED, ADMIN)
        assert closing is not None
        clock.time = DUE + timedelta(minutes=1)
        await services.commitments.tick(clock.time)
        assert await topics(services, "commitment") == ["commitment.overdue"]


async def test_a_case_that_tells_how_it_was_solved_is_an_event(opened: Opening) -> None:
    async with opened([answer(GOOD)]) as (services, _):
        await asked(services, BROKEN, **TOM)
        solved = case(thread_id="t1", resolved={"text": SOLVED.what, "private": True})
        await services.drafts.create(solved, "lampwick", ADMIN)
        assert await topics(services, "thread") == ["thread.resolved"]
        trail = await services.review.trail("t1")
        state = (await services.closing.unclosed("lampwick", limit=9))[0]
    assert [line["action"] for line in trail] == ["thread.resolved"]
    assert state.resolved_by == ADMIN.name
