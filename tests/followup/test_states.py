"""No customer is lost, and nobody reads what waits for nothing."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, text

from service.bootstrap import Services, open_services
from service.domain.draft import DraftStatus
from service.domain.queue import QueueFilter
from service.domain.thread import News, Resolution
from service.domain.triage import Sensitivity
from service.errors import InvalidInput, TransitionRefused, VersionConflict
from service.settings import Settings
from service.store.answering import POST_DELETED, AnsweringDrafts
from service.store.mentions import MentionRepository
from service.store.staling import BRAND_ANSWERED, NEWER, make_stale, supersede_answered
from service.store.tables import messages
from tests.drafting.conftest import FixedClock
from tests.factories import ADMIN, decision
from tests.followup.waiting import NOON, PEOPLE, Store, brand, content

LATER = NOON + timedelta(hours=1)
SAFE = content(sensitivities=(Sensitivity.SAFETY,))
INES = "Ines, product safety"


@pytest.fixture
async def services(settings: Settings, clock: FixedClock) -> AsyncIterator[Services]:
    clock.time = LATER
    async with open_services(settings, now=clock) as opened:
        await Store(opened.database).brand(brand(team=PEOPLE))
        yield opened


async def draft(services: Services, draft_id: str, thread: str = "t1", **more: Any) -> str:
    return await Store(services.database).draft(draft_id, thread_id=thread, **more)


async def said(services: Services, external_id: str, *, author: str = "customer") -> None:
    row = {"id": external_id, "brand_id": "lampwick", "thread_id": "t1", "position": 0}
    more = {"author": author, "text": "It broke.", "details": {}, "created_at": NOON}
    async with services.database.write() as connection:
        await connection.execute(insert(messages).values(**row, **more, external_id=external_id))


async def status(services: Services, draft_id: str) -> tuple[str, str | None]:
    found = await services.drafts.get(draft_id)
    return found.status.value, found.stale_reason


async def queued(services: Services, **asked: Any) -> list[str]:
    return [found.id for found in await services.queue.page(QueueFilter(**asked))]


async def test_what_is_escalated_waits_for_its_owner_and_can_be_decided(services: Services) -> None:
    for name, made in (("plain", content()), ("safe", SAFE), ("named", content())):
        await draft(services, name, name, content=made)
        owner = "Ana" if name == "named" else None
        await services.review.decide(name, decision("escalate", owner=owner), ADMIN)
    with pytest.raises(InvalidInput, match="owner: Eve is not in the team"):
        await services.review.decide("plain", decision("escalate", owner="Eve"), ADMIN)
    waiting = await services.queue.page(QueueFilter(status="escalated"))
    assert {found.id: found.assignee for found in waiting} == {
        "plain": None,
        "safe": INES,
        "named": "Ana",
    }
    handed = await services.hand_overs.history("named")
    assert [(done.to_person, done.by) for done in handed] == [("Ana", "ola")]
    approved = await services.review.decide("named", decision("approve"), ADMIN)
    rejected = await services.review.decide("safe", decision("reject", reason="no"), ADMIN)
    assert (approved.status, rejected.status) == ("approved", "rejected")
    await services.knowing.add("lampwick", "plain", News(text="On its way.", by="jan"), ADMIN)
    assert (await status(services, "plain"))[0] == "stale"


async def test_what_was_rejected_can_be_drafted_again(services: Services) -> None:
    for name in ("gone", "mine", "behind"):
        await draft(services, name, name, status="rejected")
    await draft(services, "newer", "behind", created_at=LATER)
    await services.drafts.require_redraftable("mine")
    with pytest.raises(TransitionRefused, match=f"{NEWER}newer"):
        await services.drafts.require_redraftable("behind")
    await draft(services, "ended", "e", status="superseded", stale_reason=f"{NEWER}drf_9")
    with pytest.raises(TransitionRefused, match=f"{NEWER}drf_9"):
        await services.drafts.require_redraftable("ended")
    await services.drafts.redraft("mine", ADMIN)
    await services.drafts.drain()
    again = await services.drafts.get("mine")
    assert (again.status, again.version, again.decided_by) == (DraftStatus.DRAFTING, 2, None)


async def test_of_a_thread_only_the_newest_waits(services: Services) -> None:
    await draft(services, "failed", status="failed", content=None)
    await draft(services, "second", created_at=NOON + timedelta(minutes=1))
    await draft(services, "third", status="escalated", created_at=NOON + timedelta(minutes=2))
    await services.knowing.add("lampwick", "t1", News(text="On its way.", by="jan"), ADMIN)
    assert await queued(services) == ["third"]
    assert await status(services, "second") == ("superseded", f"{NEWER}third")
    assert await status(services, "third") == (
        "stale",
        "the thread changed since the draft was made",
    )
    with pytest.raises(TransitionRefused, match="nothing is left"):
        await services.review.decide("failed", decision("ignore", reason="old"), ADMIN)


async def test_who_joins_a_thread_takes_nobodys_answer_away(services: Services) -> None:
    def post(handle: str | None) -> dict[str, Any]:
        return {"complaint": {"text": "Mine too!", "author_handle": handle}}

    people = {"tom": "@Tom", "again": "@tom", "eve": "@eve", "nameless": None}
    for minute, (name, handle) in enumerate(people.items()):
        begun = NOON + timedelta(minutes=minute)
        await draft(services, name, request=post(handle), created_at=begun)
        async with services.database.write() as connection:
            await make_stale(connection, "lampwick", "t1", begun)
        if name == "eve":
            assert sorted(await queued(services)) == ["again", "eve"]
            await services.drafts.require_redraftable("again")
            with pytest.raises(TransitionRefused, match=f"{NEWER}again"):
                await services.drafts.require_redraftable("tom")
    assert await queued(services) == ["nameless"]


async def test_two_resolutions_leave_one_closing_draft(
    services: Services, clock: FixedClock
) -> None:
    await draft(services, "first", status="approved")
    await said(services, "p1")
    for number, what in enumerate(("It was repaired.", "It was replaced.")):
        clock.time = LATER + timedelta(minutes=number)
        told = Resolution(what=what, by="jan")
        _, closing = await services.closing.resolve("lampwick", "t1", told, ADMIN)
        assert closing is not None
        claim = await services.drafts.take()
        assert claim is not None
        assert claim.draft_id == closing
        await services.drafts.give_up(claim)
    assert await queued(services) == [closing]


async def test_a_deleted_post_ends_its_drafts_and_brings_back_what_they_stood_in_for(
    services: Services,
) -> None:
    await draft(services, "older", status="superseded", stale_reason=f"{NEWER}newer")
    answers = {"complaint": {"text": "Hello?", "external_id": "p2"}}
    await draft(services, "newer", request=answers, created_at=LATER, status="rejected")
    await draft(services, "open", request=answers, created_at=LATER)
    await said(services, "p2")
    async with services.database.write() as connection:
        await connection.execute(
            text("UPDATE drafts SET stale_reason = :r WHERE id = 'older'"), {"r": f"{NEWER}open"}
        )
        post = (await MentionRepository().posts(connection, "lampwick", ["p2"]))["p2"]
        await MentionRepository().mark_deleted(connection, post, at=LATER)
        await AnsweringDrafts().withdraw(connection, post, LATER)
        await make_stale(connection, "lampwick", "t1", LATER)
    assert await status(services, "open") == ("superseded", POST_DELETED)
    assert await queued(services) == ["older"]
    with pytest.raises(TransitionRefused, match=POST_DELETED):
        await services.drafts.require_redraftable("newer")


async def test_what_the_brand_answered_itself_waits_no_more(services: Services) -> None:
    await draft(services, "asked", status="stale")
    await draft(services, "since", asked_at=LATER)
    await draft(services, "unasked", unasked=True)
    await draft(services, "sent", status="approved")
    async with services.database.write() as connection:
        for words in ("I'm sorry.", "We rang you."):
            assert await status(services, "asked") == ("stale", None)
            await supersede_answered(
                connection,
                *("lampwick", "t1"),
                in_reply_to=None,
                posted_at=NOON + timedelta(minutes=30),
                text=words,
                now=LATER,
            )
    assert await status(services, "asked") == ("superseded", BRAND_ANSWERED)
    assert sorted(await queued(services)) == ["since", "unasked"]


@pytest.mark.parametrize(("in_reply_to", "answered"), [("p-ana", "ana"), ("p-ben", "ben")])
async def test_what_the_brand_answered_itself_was_one_customers(
    services: Services, in_reply_to: str, answered: str
) -> None:
    """The feed names no handles here, only names."""
    for name, at in (("ana", NOON), ("ben", NOON + timedelta(minutes=5))):
        complaint = {"text": "It broke.", "external_id": f"p-{name}", "author_name": name.title()}
        await draft(services, name, request={"complaint": complaint}, created_at=at, asked_at=at)
    async with services.database.write() as connection:
        await supersede_answered(
            connection,
            *("lampwick", "t1"),
            in_reply_to=in_reply_to,
            posted_at=LATER,
            text="So sorry about that.",
            now=LATER,
        )
    assert await status(services, answered) == ("superseded", BRAND_ANSWERED)
    assert await queued(services) == [one for one in ("ana", "ben") if one != answered]


async def test_an_edit_that_cannot_be_is_refused_before_the_checks(services: Services) -> None:
    """Nothing here has what the checks need: they would fail otherwise."""
    await draft(services, "open", "a")
    await draft(services, "over", "b", status="rejected")
    edit = decision("edit", text="I'm sorry about the lamp.")
    with pytest.raises(TransitionRefused, match="amends redraft over"):
        await services.review.decide("over", edit, ADMIN)
    with pytest.raises(VersionConflict):
        await services.review.decide("open", decision("edit", version=7, text="Sorry."), ADMIN)
    gone = decision("edit", text="Sorry.", approve=True, owner="Dan")
    with pytest.raises(InvalidInput, match="Dan has left"):
        await services.review.decide("open", gone, ADMIN)
