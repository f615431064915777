"""Promises are kept: owned, reminded of, followed up once, and closed by a person."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.bootstrap import Services
from service.domain.commitment import (
    Commitment,
    CommitmentChange,
    CommitmentFilter,
    CommitmentStatus,
    reminder_at,
)
from service.domain.draft import DraftStatus
from service.domain.review import Caller, Role
from service.domain.team import Person
from service.domain.thread import News
from service.domain.triage import MoveKind
from service.errors import (
    AmendsError,
    Forbidden,
    InvalidInput,
    ModelUnavailable,
    TransitionRefused,
    VersionConflict,
)
from service.followup.changing import changed
from service.followup.telling import tells
from tests.drafting.conftest import FixedClock, Opening
from tests.drafting.test_way import GOOD, answer
from tests.factories import ADMIN, LAMPS, case
from tests.followup.working import approve, approved, content_of, settled, topics

NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
DUE = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
DOWN = ModelUnavailable("the model is down")
VISIT = "The engineer comes on Friday between 9 and 11."


def promise(**more: Any) -> Commitment:
    values = {
        "id": "com_1",
        "brand_id": "lampwick",
        "draft_id": "drf_1",
        "thread_id": "t1",
        "what": "I'll write here.",
        "owner": "ola",
        "due_at": DUE,
        "created_at": NOW,
        "promised_at": NOW,
    }
    return Commitment.model_validate({**values, **more})


def change(**more: Any) -> CommitmentChange:
    return CommitmentChange.model_validate({"expected_version": 1, **more})


LATER = DUE + timedelta(days=2)
KEPT = {"status": "kept", "closed_by": "ola", "closed_at": NOW}


@pytest.mark.parametrize(
    ("before", "asked", "event"),
    [
        ({}, {"status": "kept"}, "kept"),
        ({}, {"status": "broken", "note": "nobody rang the depot"}, "broken"),
        ({}, {"status": "withdrawn", "note": "asked for a refund instead"}, "withdrawn"),
        ({}, {"owner": "jan", "note": "on leave"}, "moved"),
        ({}, {"due_at": LATER, "note": "the depot is shut"}, "moved"),
        (KEPT, {"status": "open", "note": "it came broken again"}, "reopened"),
        (KEPT, {"status": "open", "due_at": LATER, "note": "once more"}, "reopened"),
    ],
)
def test_what_may_be_done_with_a_promise(
    before: dict[str, Any], asked: dict[str, Any], event: str
) -> None:
    after, happened = changed(promise(**before), change(**asked), by="zofia", now=NOW)
    assert happened == event
    closed = after.status is not CommitmentStatus.OPEN
    assert (after.closed_by == "zofia") == closed
    assert (after.closed_at == NOW) == closed
    if "due_at" in asked:
        assert (after.due_at, after.follow_up_draft_id) == (LATER, None)
        assert after.wakes_at is not None
        assert NOW < after.wakes_at < LATER


@pytest.mark.parametrize(
    ("before", "asked", "error", "words"),
    [
        ({"version": 2}, {"status": "kept"}, VersionConflict, "version 2"),
        (KEPT, {"status": "broken", "note": "it was not"}, TransitionRefused, "open it again"),
        (KEPT, {"owner": "jan", "note": "on leave"}, TransitionRefused, "open it again"),
        (KEPT, {"status": "open"}, InvalidInput, "note"),
        ({}, {"status": "open", "note": "still"}, TransitionRefused, "open already"),
        ({}, {"due_at": NOW, "note": "sooner"}, InvalidInput, "has passed"),
    ],
)
def test_what_may_not(
    before: dict[str, Any], asked: dict[str, Any], error: type[AmendsError], words: str
) -> None:
    with pytest.raises(error, match=words):
        changed(promise(**before), change(**asked), by="zofia", now=NOW)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"status": "broken"},
        {"status": "withdrawn"},
        {"owner": "jan"},
        {"due_at": LATER},
        {"status": "kept", "owner": "jan", "note": "moved and kept"},
    ],
)
def test_a_change_says_what_and_why(asked: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"note|status|closed"):
        change(**asked)


@pytest.mark.parametrize(
    ("span", "notice"),
    [
        (timedelta(hours=8), timedelta(hours=2)),
        (timedelta(minutes=40), timedelta(minutes=15)),
        (timedelta(minutes=10), timedelta(minutes=10)),
    ],
)
def test_a_reminder_comes_a_quarter_before(span: timedelta, notice: timedelta) -> None:
    assert reminder_at(made_at=NOW, due_at=NOW + span) == NOW + span - notice


@pytest.mark.parametrize(
    ("reply", "known", "language", "told"),
    [
        (f"Here is where it stands: {VISIT}", VISIT, "en", True),
        ("The engineer will be with you on Friday morning.", VISIT, "en", True),
        ("I'm still looking into it and will write here again tomorrow.", VISIT, "en", False),
        ("Serwisant przyjedzie w piątek rano.", VISIT, "pl", True),
        ("Nadal to sprawdzam i napiszę jutro.", "Serwisant przyjedzie w piątek.", "pl", False),
    ],
)
def test_what_a_follow_up_tells(reply: str, known: str, language: str, told: bool) -> None:
    assert tells(reply, known, language=language) is told


async def only(services: Services) -> Commitment:
    (found,) = await services.commitments.page(
        CommitmentFilter(now=services.now(), brand_id="lampwick"), limit=9
    )
    return found


@pytest.mark.slow
async def test_a_promise_is_followed_up_until_it_is_kept(
    opened: Opening, clock: FixedClock
) -> None:
    async with opened([answer(GOOD)]) as (services, model):
        await approved(services)
        assert (await only(services)).due_at == DUE
        await services.commitments.tick(DUE - timedelta(hours=20))
        assert await topics(services, "commitment") == []

        clock.time = DUE - timedelta(hours=2)
        model.replace([DOWN])
        await asyncio.gather(*(services.commitments.tick(clock.time) for _ in range(3)))
        await services.commitments.tick(clock.time)
        assert await topics(services, "commitment") == ["commitment.due"]
        prepared = (await only(services)).follow_up_draft_id
        in_time = await settled(services, prepared)
        assert content_of(in_time).move.kind is MoveKind.FOLLOW_UP
        assert not content_of(in_time).holding
        assert "sorry" not in (content_of(in_time).reply or "")
        assert "known" in content_of(in_time).missing_facts[0]

        clock.time = DUE + timedelta(minutes=5)
        await asyncio.gather(*(services.commitments.tick(clock.time) for _ in range(3)))
        assert await topics(services, "commitment") == ["commitment.due", "commitment.overdue"]
        late = await settled(services, prepared)
        assert (late.id, late.version) == (in_time.id, 2)
        assert "sorry" in (content_of(late).reply or "")

        await approve(services, late.id)
        moved = await only(services)
        assert (moved.status, moved.follow_up_draft_id) == (CommitmentStatus.OPEN, None)
        assert moved.due_at == datetime(2026, 11, 24, 17, 0, tzinfo=UTC)

        clock.time = moved.due_at - timedelta(minutes=20)
        await services.commitments.tick(clock.time)
        again = await settled(services, (await only(services)).follow_up_draft_id)
        assert "18:00" in (content_of(again).reply or "")
        await services.knowing.add("lampwick", "t1", News(text=VISIT), ADMIN)
        told = await settled(services, again.id)
        assert VISIT in (content_of(told).reply or "")
        assert content_of(told).commitments == ()
        await approve(services, told.id)
        kept = await only(services)
    assert (kept.status, kept.closed_by, kept.closed_at) == ("kept", "ola", clock.time)


@pytest.mark.slow
async def test_a_capable_model_is_told_of_the_promise(opened: Opening, clock: FixedClock) -> None:
    async with opened([answer(GOOD)]) as (services, model):
        await approved(services)
        clock.time = DUE + timedelta(hours=1)
        await services.commitments.tick(clock.time)
        model.replace([answer("I'm late with this, and I'm sorry. It is still being looked into.")])
        await settled(services, (await only(services)).follow_up_draft_id)
        shown = model.requests[0].messages[-1].content
    assert "You promised this customer: “I'll write here by 18:00 the next working day.”" in shown
    assert "Monday 23 November at 18:00" in shown
    assert "own the delay first" in shown


@pytest.mark.slow
async def test_a_customer_who_chases_gets_a_public_reply(
    opened: Opening, clock: FixedClock
) -> None:
    async with opened([answer(GOOD)]) as (services, model):
        await approved(services)
        clock.time = DUE - timedelta(hours=2)
        await services.commitments.tick(clock.time)
        model.replace([DOWN])
        prepared = (await only(services)).follow_up_draft_id
        await settled(services, prepared)
        clock.time += timedelta(minutes=1)
        chasing = case("Three days and still not a word from you?", thread_id="t1")
        chased = await services.drafts.create(chasing, "lampwick", ADMIN)
        await services.drafts.finished(chased)
        ended = await services.drafts.get(prepared or "")
        again = await services.drafts.get(chased)

        await approved(services, thread_id="t2")
        clock.time = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
        asked = case("Anybody there? It was due today.", thread_id="t2")
        await services.drafts.finished(await services.drafts.create(asked, "lampwick", ADMIN))
        await services.commitments.tick(clock.time + timedelta(days=2))
        wanted = CommitmentFilter(now=clock.time, brand_id="lampwick")
        promises = await services.commitments.page(wanted, limit=9)
    public = (MoveKind.PUBLIC_REPLY, MoveKind.PUBLIC_THEN_PRIVATE)
    assert content_of(again).move.kind in public
    assert ended.status is DraftStatus.SUPERSEDED
    assert [one.follow_up_draft_id for one in promises if one.thread_id == "t2"] == [None]


@pytest.mark.slow
async def test_every_promise_has_an_owner_who_is_there(opened: Opening) -> None:
    team = [{"name": "jan"}, {"name": "ewa", "left": True}]
    named = LAMPS.model_validate({**LAMPS.model_dump(), "promise_owner": "named", "team": team})
    async with opened([answer(GOOD)]) as (services, _):
        await services.library.replace(named, actor="test")
        draft_id = await services.drafts.create(case(thread_id="t1"), "lampwick", ADMIN)
        await services.drafts.finished(draft_id)
        with pytest.raises(InvalidInput, match=r"--owner NAME"):
            await approve(services, draft_id)
        with pytest.raises(InvalidInput, match="ewa has left"):
            await approve(services, draft_id, owner="ewa")
        await approve(services, draft_id, owner="jan")
        mine = await only(services)
        with pytest.raises(InvalidInput, match="ewa has left"):
            await services.commitments.change(
                mine.id, change(owner="ewa", note="takes over"), ADMIN
            )
        gone = CommitmentFilter(now=services.now(), owner="left")
        assert await services.commitments.page(gone, limit=9) == []
        left = named.model_copy(update={"team": (Person(name="Jan", left=True),)})
        await services.library.replace(left, actor="test")
        orphaned = await services.commitments.page(gone, limit=9)
    assert [(one.id, one.owner) for one in orphaned] == [(mine.id, "jan")]


@pytest.mark.slow
async def test_two_agents_at_once_and_who_may_what(opened: Opening, clock: FixedClock) -> None:
    agent = Caller(name="plugin", role=Role.AGENT, brand_id="lampwick")
    async with opened([answer(GOOD)]) as (services, _):
        for number in range(3):
            clock.time += timedelta(minutes=1)
            await approved(services, thread_id=f"t{number}")
        wanted = CommitmentFilter(now=clock.time, brand_id="lampwick")
        one, *_ = first = await services.commitments.page(wanted, limit=2)
        rest = await services.commitments.page(
            wanted, limit=2, after=(first[-1].due_at, first[-1].id)
        )
        answers = await asyncio.gather(
            services.commitments.change(one.id, change(status="kept", by="jan"), agent),
            services.commitments.change(one.id, change(status="broken", note="no" * 2), agent),
            return_exceptions=True,
        )
        with pytest.raises(Forbidden, match="reviewer"):
            await services.commitments.change(
                first[1].id, change(owner="jan", note="on leave"), agent
            )
        late = await services.commitments.page(
            wanted.model_copy(update={"now": DUE + timedelta(days=1), "overdue": True}), limit=9
        )
        trail = await services.review.trail(one.id)
    assert len({promise.id for promise in (*first, *rest)}) == 3
    assert sorted(type(answer).__name__ for answer in answers) == ["Commitment", "VersionConflict"]
    assert {promise.id for promise in late} == {first[1].id, rest[0].id}
    assert len(trail) == 1
