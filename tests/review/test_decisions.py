"""What humans decide, over real drafts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from service.bootstrap import Services
from service.domain.brand import Brand
from service.domain.draft import DraftStatus
from service.domain.review import Caller, DecisionKind, Role
from service.domain.thread import News
from service.errors import (
    BlockedByChecks,
    Forbidden,
    FourEyes,
    InvalidInput,
    StaleThread,
    TransitionRefused,
    VersionConflict,
)
from service.store.idempotency import idempotency
from tests.drafting.conftest import FixedClock, Opening
from tests.drafting.test_way import GOOD, answer
from tests.factories import ADMIN, LAMPS, case, decision

pytestmark = pytest.mark.slow

RUDE = "You should have read the terms before ordering. I refunded you €75 yesterday."
ASKS = "I'm sorry the glass is broken. Please reply here with your order number and your address."


@asynccontextmanager
async def held(opened: Opening, brand: Brand = LAMPS) -> AsyncIterator[tuple[Services, str]]:
    """Services with one good draft that waits for review."""
    async with opened([answer(GOOD)]) as (services, _):
        if brand is not LAMPS:
            await services.library.replace(brand, actor="test")
        draft_id = await services.drafts.create(case(thread_id="t1"), "lampwick", ADMIN)
        await services.drafts.finished(draft_id)
        yield services, draft_id


async def test_approval_keeps_its_promises_and_tells_the_outbox(opened: Opening) -> None:
    async with held(opened) as (services, draft_id):
        made = await services.review.decide(draft_id, decision("approve"), ADMIN)
        promises = await services.review.commitments(draft_id)
        topics = [event["topic"] for event in await services.review.waiting_events()]
        trail = [line["action"] for line in await services.review.trail(draft_id)]
    assert made.status is DraftStatus.APPROVED
    assert made.decided_by == "ola"
    assert [(p.owner, p.due_at.isoformat()[:16]) for p in promises] == [("ola", "2026-11-23T17:00")]
    assert topics == ["draft.pending_review", "decision.approve"]
    assert trail == ["draft.requested", "draft.approve"]


async def test_promises_count_from_the_approval(opened: Opening, clock: FixedClock) -> None:
    async with held(opened) as (services, draft_id):
        clock.time += timedelta(days=4)
        await services.review.decide(draft_id, decision("approve"), ADMIN)
        (promise,) = await services.review.commitments(draft_id)
    assert promise.due_at.isoformat()[:16] == "2026-11-25T17:00"
    assert promise.wakes_at is not None
    assert promise.wakes_at > clock.time


async def test_a_time_that_is_over_is_not_promised(opened: Opening, clock: FixedClock) -> None:
    today = GOOD.replace("the next working day", "today")
    async with held(opened) as (services, draft_id):
        clock.time = clock.time.replace(hour=12)
        await services.review.decide(draft_id, decision("edit", text=today), ADMIN)
        clock.time = clock.time.replace(hour=19)
        with pytest.raises(InvalidInput, match="by 2026-11-20 18:00, which is over"):
            await services.review.decide(draft_id, decision("approve", version=2), ADMIN)


async def test_a_date_that_is_over_is_not_moved(opened: Opening, clock: FixedClock) -> None:
    dated = GOOD.replace("the next working day", "on 23 November")
    async with held(opened) as (services, draft_id):
        await services.review.decide(draft_id, decision("edit", text=dated), ADMIN)
        clock.time += timedelta(days=4)
        with pytest.raises(InvalidInput, match="by 2026-11-23 18:00, which is over"):
            await services.review.decide(draft_id, decision("approve", version=2), ADMIN)


async def test_an_edit_is_checked_and_raises_the_version(opened: Opening) -> None:
    async with held(opened) as (services, draft_id):
        edit = decision("edit", text=GOOD.replace("rotten", "poor"))
        edited = await services.review.decide(draft_id, edit, ADMIN)
        blocked = await services.review.decide(
            draft_id, decision("edit", version=2, text=RUDE), ADMIN
        )
    assert (edited.status, edited.version) == (DraftStatus.PENDING_REVIEW, 2)
    assert (blocked.status, blocked.version) == (DraftStatus.BLOCKED, 3)
    assert blocked.content is not None
    assert {f.check for f in blocked.content.checks.blocks} >= {"ungrounded_specific"}


async def test_edit_and_approve_in_one_go(opened: Opening) -> None:
    async with held(opened) as (services, draft_id):
        text = GOOD.replace("rotten", "poor")
        asked = decision("edit", text=text, approve=True)
        made = await services.review.decide(draft_id, asked, ADMIN)
        taken = [d.decision for d in await services.review.history(draft_id)]
    assert made.status is DraftStatus.APPROVED
    assert taken == [DecisionKind.EDIT, DecisionKind.APPROVE]


async def test_a_refused_approval_leaves_no_edit_behind(opened: Opening) -> None:
    async with held(opened) as (services, draft_id):
        with pytest.raises(BlockedByChecks):
            await services.review.decide(draft_id, decision("edit", text=RUDE, approve=True), ADMIN)
        made = await services.drafts.get(draft_id)
    assert made.version == 1
    assert made.content is not None
    assert made.content.reply == GOOD


async def test_a_block_can_be_overridden_with_a_reason(opened: Opening) -> None:
    async with held(opened) as (services, draft_id):
        edited = await services.review.decide(draft_id, decision("edit", text=RUDE), ADMIN)
        assert edited.content is not None
        checks = {f.check for f in edited.content.checks.blocks}
        with pytest.raises(BlockedByChecks, match="override"):
            await services.review.decide(draft_id, decision("approve", version=2), ADMIN)
        override = [{"check": check, "reason": "I refunded it myself"} for check in checks]
        lead = Caller(name="key", role=Role.LEAD, brand_id="lampwick")
        made = await services.review.decide(
            draft_id, decision("approve", version=2, override=override), lead
        )
        trail = await services.review.trail(draft_id)
    assert made.status is DraftStatus.APPROVED
    assert set(trail[-1]["details"]["overridden"]) == checks


async def test_what_was_not_found_is_not_overridden(opened: Opening) -> None:
    async with held(opened) as (services, draft_id):
        override = [{"check": "wrong_language", "reason": "I speak it"}]
        with pytest.raises(InvalidInput, match="wrong_language found nothing"):
            await services.review.decide(draft_id, decision("approve", override=override), ADMIN)
        made = await services.drafts.get(draft_id)
    assert made.status is DraftStatus.PENDING_REVIEW


async def test_privacy_is_never_overridden(opened: Opening) -> None:
    async with held(opened) as (services, draft_id):
        await services.review.decide(draft_id, decision("edit", text=ASKS), ADMIN)
        override = [{"check": "asks_private_data_publicly", "reason": "it is urgent"}]
        with pytest.raises(BlockedByChecks, match="stands"):
            await services.review.decide(
                draft_id, decision("approve", version=2, override=override), ADMIN
            )


async def test_two_people_deciding_at_once(opened: Opening) -> None:
    async with held(opened) as (services, draft_id):
        edit = decision("edit", text=GOOD.replace("rotten", "poor"))
        await services.review.decide(draft_id, edit, ADMIN)
        with pytest.raises(VersionConflict, match="version 2"):
            await services.review.decide(draft_id, decision("approve"), ADMIN)


async def test_a_thread_that_moved_on_makes_the_draft_stale(opened: Opening) -> None:
    async with held(opened) as (services, draft_id):
        await services.knowing.add("lampwick", "t1", News(text="It is on its way."), ADMIN)
        with pytest.raises(TransitionRefused, match="stale"):
            await services.review.decide(draft_id, decision("approve"), ADMIN)
        await services.drafts.redraft(draft_id, ADMIN)
        made = await services.drafts.finished(draft_id)
    assert (made.status, made.version) == (DraftStatus.PENDING_REVIEW, 2)


async def test_with_four_eyes_nobody_approves_their_own_edit(opened: Opening) -> None:
    careful = LAMPS.model_copy(update={"four_eyes": True})
    async with held(opened, careful) as (services, draft_id):
        text = GOOD.replace("rotten", "poor")
        await services.review.decide(draft_id, decision("edit", text=text), ADMIN)
        again = decision("approve", version=2)
        for same in (again, again.model_copy(update={"by": again.by.upper()})):
            with pytest.raises(FourEyes):
                await services.review.decide(draft_id, same, ADMIN)
        other = decision("approve", version=2).model_copy(update={"by": "jan"})
        made = await services.review.decide(draft_id, other, ADMIN)
    assert made.status is DraftStatus.APPROVED


@pytest.mark.parametrize("kind", ["reject", "ignore"])
async def test_turning_a_harmed_customer_away_needs_a_reason(opened: Opening, kind: str) -> None:
    async with held(opened) as (services, draft_id):
        with pytest.raises(InvalidInput, match="reason"):
            await services.review.decide(draft_id, decision(kind), ADMIN)
        made = await services.review.decide(draft_id, decision(kind, reason="a duplicate"), ADMIN)
        with pytest.raises(TransitionRefused):
            await services.review.decide(draft_id, decision("approve"), ADMIN)
    assert made.status.value.startswith(kind)


@pytest.mark.parametrize(
    ("role", "kind", "more", "allowed"),
    [
        (Role.AGENT, "edit", {"text": GOOD}, True),
        (Role.AGENT, "approve", {}, False),
        (Role.REVIEWER, "approve", {}, True),
        (Role.REVIEWER, "approve", {"override": [{"check": "canned", "reason": "known"}]}, False),
    ],
)
async def test_roles(
    opened: Opening, role: Role, kind: str, more: dict[str, Any], allowed: bool
) -> None:
    caller = Caller(name="key", role=role, brand_id="lampwick")
    async with held(opened) as (services, draft_id):
        if allowed:
            await services.review.decide(draft_id, decision(kind, **more), caller)
            return
        with pytest.raises(Forbidden):
            await services.review.decide(draft_id, decision(kind, **more), caller)


async def test_a_repeated_decision_with_the_same_key_is_taken_once(opened: Opening) -> None:
    once = idempotency(ADMIN, "decisions", "k7", {"decision": "approve"})
    async with held(opened) as (services, draft_id):
        await services.review.decide(draft_id, decision("approve"), ADMIN, once=once)
        made = await services.review.decide(draft_id, decision("approve"), ADMIN, once=once)
        taken = await services.review.history(draft_id)
    assert made.status is DraftStatus.APPROVED
    assert len(taken) == 1


async def test_a_thread_that_moves_while_the_decision_is_made(opened: Opening) -> None:
    """The draft was not marked stale yet, but its thread has a newer revision."""
    async with held(opened) as (services, draft_id):
        async with services.database.write() as connection:
            await connection.exec_driver_sql("UPDATE threads SET revision = 9")
        with pytest.raises(StaleThread):
            await services.review.decide(draft_id, decision("approve"), ADMIN)
        made = await services.drafts.get(draft_id)
    assert made.status is DraftStatus.STALE


async def test_a_stale_draft_can_be_set_aside(opened: Opening) -> None:
    """What nobody waits for any more, such as a deleted post, leaves the queue with a reason."""
    async with held(opened) as (services, draft_id):
        await services.knowing.add("lampwick", "t1", News(text="It is on its way."), ADMIN)
        with pytest.raises(InvalidInput, match="needs a reason"):
            await services.review.decide(draft_id, decision("ignore"), ADMIN)
        with pytest.raises(TransitionRefused, match="stale"):
            await services.review.decide(draft_id, decision("reject", reason="no"), ADMIN)
        asked = decision("ignore", reason="answered by phone")
        made = await services.review.decide(draft_id, asked, ADMIN)
    assert (made.status, made.decided_by) == (DraftStatus.IGNORED, "ola")
