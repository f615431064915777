"""What a thread hears from two sides: an agent and a feed, a reply and its echo, two at a time."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from service.bootstrap import Services
from service.domain.commitment import CommitmentFilter
from service.domain.draft import DraftStatus
from service.domain.thread import News
from service.store.staling import BRAND_ANSWERED
from service.store.tables import messages
from tests.drafting.conftest import NOW, FixedClock, Opening
from tests.drafting.test_way import GOOD, answer
from tests.factories import ADMIN, case, decision
from tests.followup.test_mentions import BROKEN, FIRST, THEN, drafts_of, jo_at, post, send, work
from tests.followup.working import approve, approved, content_of, settled

pytestmark = pytest.mark.slow

ANA, BEN = {"author_handle": "@ana"}, {"author_handle": "@ben"}
NOBODY = "Nobody from Lampwick came on Thursday."


async def rows(services: Services, thread_id: str = "fb-1") -> list[tuple[str | None, str | None]]:
    """The posts of a thread: whose id, whose handle."""
    query = select(messages).where(messages.c.thread_id == thread_id).order_by(messages.c.position)
    async with services.database.read() as connection:
        found = (await connection.execute(query)).mappings().all()
    return [(row["external_id"], row["details"].get("author_handle")) for row in found]


def told(**complaint: Any) -> Any:
    return case(thread_id="fb-1", complaint={"text": NOBODY, **complaint})


async def test_a_post_that_an_agent_told_without_its_id_gets_it_from_the_feed(
    opened: Opening,
) -> None:
    posted = post("p1", NOBODY, conversation_id="fb-1", posted_at=NOW.isoformat(), **ANA)
    async with opened([answer(GOOD)]) as (services, _):
        await services.drafts.create(told(), "lampwick", ADMIN)
        first = await send(services, posted)
        again = await send(services, posted)
        stored = await rows(services)
        gone = await send(services, {"external_id": "p1", "event": "deleted"})
    assert (first.stored, again.repeated, gone.deleted) == (1, 1, 1)
    assert stored == [("p1", "@ana")]


async def test_the_same_words_of_two_posts_are_two_posts(opened: Opening) -> None:
    async with opened([answer(GOOD)]) as (services, _):
        await services.drafts.create(told(), "lampwick", ADMIN)
        await send(services, *(post(name, NOBODY, conversation_id="fb-1") for name in "ab"))
        assert [name for name, _ in await rows(services)] == ["a", "b"]


async def test_the_same_words_of_another_customer_are_theirs(opened: Opening) -> None:
    async with opened([answer(GOOD)]) as (services, _):
        await services.drafts.create(told(**ANA), "lampwick", ADMIN)
        await send(services, post("b", NOBODY, conversation_id="fb-1", **BEN))
        assert await rows(services) == [(None, "@ana"), ("b", "@ben")]


async def replied(services: Services, clock: FixedClock, wrote: str = BROKEN) -> tuple[str, bool]:
    """Jo wrote `a`; our reply to it was approved at 18:30, and at 18:31 comes `b`. The reply, and
    whether it is a holding one."""
    clock.time = NOW.replace(hour=18, minute=30)
    await send(services, post("a", wrote, **jo_at(10)))
    await work(services)
    (first,) = await drafts_of(services)
    made = content_of(await approve(services, first.id))
    clock.time += timedelta(minutes=3)
    await send(services, post("b", "Lampwick, now it is smoking!", **jo_at(31)))
    return made.reply or "", made.holding


def said(name: str, text: str, minute: int, **more: Any) -> dict[str, Any]:
    of = {"author": "brand", "brand": "lampwick", "author_handle": "@lampwick"}
    return post(name, text, **{**jo_at(minute), **of, **more})


@pytest.mark.parametrize("wrote", [FIRST, BROKEN], ids=["holding", "good"])
@pytest.mark.parametrize("parent", [{"in_reply_to": "a"}, {}], ids=["named", "plain"])
async def test_a_retouched_echo_of_our_reply_answers_nothing_newer(
    opened: Opening, clock: FixedClock, parent: dict[str, str], wrote: str
) -> None:
    async with opened([answer(GOOD)]) as (services, _):
        reply, holding = await replied(services, clock, wrote)
        assert holding is (wrote is FIRST)
        await send(services, said("e", f"@jo {reply} Nora", 32, **parent))
        smoking = (await drafts_of(services))[1]
        await send(services, said("f", "Please unplug it, Jo.", 33, **parent))
        answered = (await drafts_of(services))[1]
    assert smoking.status is not DraftStatus.SUPERSEDED
    assert answered.stale_reason == BRAND_ANSWERED


async def test_a_reply_to_what_came_after_the_approval_is_no_echo(
    opened: Opening, clock: FixedClock
) -> None:
    async with opened([answer(GOOD)]) as (services, _):
        await replied(services, clock)
        await send(services, said("f", "Please unplug it, Jo.", 32, in_reply_to="b"))
        assert (await drafts_of(services))[1].stale_reason == BRAND_ANSWERED


async def test_after_a_verbatim_echo_the_brands_next_post_is_an_answer(
    opened: Opening, clock: FixedClock
) -> None:
    async with opened([answer(GOOD)]) as (services, _):
        reply, _ = await replied(services, clock)
        await send(services, said("e", reply, 32))
        waiting = (await drafts_of(services))[1]
        await send(services, said("f", "Please unplug it, Jo.", 33))
        answered = (await drafts_of(services))[1]
    assert waiting.status is not DraftStatus.SUPERSEDED
    assert answered.stale_reason == BRAND_ANSWERED


async def test_a_draft_that_has_read_who_joined_before_it_was_written_is_not_stale(
    opened: Opening,
) -> None:
    async with opened([answer(GOOD)]) as (services, _):
        await send(
            services,
            post("a", BROKEN, conversation_id="c1", **ANA),
            post("b", "Lampwick charged me twice.", conversation_id="c1", **BEN),
        )
        await work(services)
        made = await drafts_of(services)
    assert [draft.status for draft in made] == [DraftStatus.PENDING_REVIEW] * 2


async def test_one_customer_has_one_draft_whatever_waited(opened: Opening) -> None:
    """The older of two has read everything too, and still the newer answers in its place."""
    async with opened([answer(GOOD)]) as (services, _):
        await send(services, post("a", FIRST, **jo_at(10)), post("b", THEN, **jo_at(20)))
        await work(services)
        made = await drafts_of(services)
    assert [draft.status for draft in made] == [DraftStatus.SUPERSEDED, DraftStatus.PENDING_REVIEW]


async def test_words_that_come_while_it_is_written_make_it_stale(opened: Opening) -> None:
    async with opened([answer(GOOD)], delay_s=0.6) as (services, _):
        first = await services.drafts.create(told(**ANA), "lampwick", ADMIN)
        await services.knowing.add("lampwick", "fb-1", News(text="The van broke down."), ADMIN)
        made = await services.drafts.finished(first)
    assert made.status is DraftStatus.STALE


async def follow_up_of(services: Services) -> str | None:
    wanted = CommitmentFilter(now=services.now(), brand_id="lampwick")
    (promise,) = await services.commitments.page(wanted, limit=9)
    return promise.follow_up_draft_id


async def test_two_pieces_of_news_at_once_leave_the_follow_up_to_be_approved(
    opened: Opening, clock: FixedClock
) -> None:
    async with opened([answer(GOOD)]) as (services, _):
        await approved(services)
        clock.time += timedelta(days=4)
        await services.commitments.tick(clock.time)
        prepared = await follow_up_of(services)
        await settled(services, prepared)
        for news in ("The engineer comes on Friday.", "He brings a new lamp."):
            await services.knowing.add("lampwick", "t1", News(text=news), ADMIN)
        made = await settled(services, prepared)
    assert made.status is DraftStatus.PENDING_REVIEW
    assert "new lamp" in (content_of(made).reply or "")


async def test_a_late_post_writes_over_nothing_that_was_handed_up(opened: Opening) -> None:
    async with opened([answer(GOOD)]) as (services, _):
        await send(services, post("b", THEN, **jo_at(30)))
        await work(services)
        (draft,) = await drafts_of(services)
        handed = decision("escalate", version=draft.version)
        await services.review.decide(draft.id, handed, ADMIN)
        await send(services, post("a", FIRST, **jo_at(10)))
        *_, after = await drafts_of(services)
    assert (after.status, after.version) == (DraftStatus.STALE, draft.version)
