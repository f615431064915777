"""A follow-up waits no longer than its promise does, and a promise goes to nobody unknown."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from service.bootstrap import Services, open_services
from service.domain.commitment import Commitment, CommitmentChange, PlannedCommitment
from service.domain.team import same_name
from service.domain.thread import Case, DuePromise, KnownFact
from service.domain.triage import Move, MoveKind
from service.errors import InvalidInput, TransitionRefused
from service.settings import Settings
from service.store.commitments import CommitmentRepository
from service.store.resolutions import ResolutionRepository
from service.store.staling import NEWER, PROMISE
from service.store.tables import WAITING, messages
from tests.drafting.conftest import FixedClock
from tests.factories import ADMIN, decision
from tests.followup.waiting import NOON, PEOPLE, Store, brand, content

LATER = NOON + timedelta(hours=3)
DUE = NOON + timedelta(hours=4)
MOVED = DUE + timedelta(days=2)
TELLS = content(move=Move(kind=MoveKind.FOLLOW_UP, reason="a promise is nearly due")).model_copy(
    update={"commitments": (PlannedCommitment(what="News by then.", due_at=MOVED),)}
)
TO_MOVE: dict[str, Any] = {"due_at": MOVED, "note": "the depot is shut"}
CLOSED = [
    ({"status": "kept"}, "kept"),
    ({"status": "broken", "note": "nobody rang"}, "broken"),
    ({"status": "withdrawn", "note": "a refund instead"}, "withdrawn"),
]


@pytest.fixture
async def services(settings: Settings, clock: FixedClock) -> AsyncIterator[Services]:
    clock.time = LATER
    async with open_services(settings, now=clock) as opened:
        store = Store(opened.database)
        await store.brand(brand(team=PEOPLE, promise_owner="named"))
        await store.draft("first", thread_id="t1", status="approved")
        await said(opened)
        yield opened


async def said(services: Services) -> None:
    row = {"id": "m1", "brand_id": "lampwick", "thread_id": "t1", "position": 0}
    more = {"author": "customer", "text": "It broke.", "details": {}, "created_at": NOON}
    async with services.database.write() as connection:
        await connection.execute(insert(messages).values(**row, **more))


async def promise(services: Services, name: str = "com_1", **more: Any) -> Commitment:
    values = {
        "id": name,
        "brand_id": "lampwick",
        "draft_id": "first",
        "thread_id": "t1",
        "what": f"{name} by then.",
        "owner": "Ana",
        "due_at": DUE,
        "created_at": NOON,
        "promised_at": NOON,
        "wakes_at": DUE,
        "follow_up_draft_id": "told",
    }
    made = Commitment.model_validate({**values, **more})
    async with services.database.write() as connection:
        await CommitmentRepository().add(connection, [made])
    return made


async def follow_up(services: Services, of: Commitment, **more: Any) -> None:
    due = DuePromise(what=of.what, due_at=of.due_at, made_at=of.created_at)
    asked = Case.model_validate({"complaint": {"text": "It broke."}, "due": due, "channel": "x"})
    begun = NOON + timedelta(hours=2)
    columns = {"content": TELLS, "created_at": begun, "request": asked.model_dump(mode="json")}
    await Store(services.database).draft("told", thread_id="t1", **{**columns, **more})


async def change(services: Services, name: str = "com_1", **asked: Any) -> Commitment:
    now = await services.commitments.get(name)
    wanted = CommitmentChange.model_validate({"expected_version": now.version, **asked})
    return await services.commitments.change(name, wanted, ADMIN)


async def status(services: Services, draft_id: str = "told") -> tuple[str, str | None]:
    found = await services.drafts.get(draft_id)
    return found.status.value, found.stale_reason


async def told_of(services: Services) -> list[tuple[str, str]]:
    events = await services.review.waiting_events()
    return [(one["topic"], one["payload"].get("draft_id", "")) for one in events]


@pytest.mark.parametrize(("asked", "event"), [(TO_MOVE, "moved"), *CLOSED])
async def test_the_follow_up_ends_with_its_promise(
    services: Services, asked: dict[str, Any], event: str
) -> None:
    await follow_up(services, await promise(services))
    await change(services, **asked)
    assert await status(services) == ("superseded", f"{PROMISE}{event}")
    assert ("draft.superseded", "told") in await told_of(services)
    with pytest.raises(TransitionRefused, match="superseded"):
        await services.review.decide("told", decision("approve", owner="Ana"), ADMIN)
    with pytest.raises(TransitionRefused, match=f"{PROMISE}{event}"):
        await services.drafts.require_redraftable("told")


@pytest.mark.parametrize("waits", [*WAITING, "drafting"])
async def test_wherever_it_waits(services: Services, waits: str) -> None:
    await follow_up(services, await promise(services), status=waits)
    await change(services, **TO_MOVE)
    assert (await status(services))[0] == "superseded"


@pytest.mark.parametrize("over", ["approved", "rejected", "ignored"])
async def test_what_was_decided_stands(services: Services, over: str) -> None:
    await follow_up(services, await promise(services), status=over)
    await change(services, status="kept")
    assert await status(services) == (over, None)


async def test_another_owner_changes_nothing_of_it(services: Services) -> None:
    await follow_up(services, await promise(services))
    after = await change(services, owner="Ben", note="on leave")
    assert (after.follow_up_draft_id, await status(services)) == ("told", ("pending_review", None))


async def test_a_change_that_is_refused_leaves_it(services: Services) -> None:
    await follow_up(services, await promise(services))
    with pytest.raises(InvalidInput, match="has passed"):
        await change(services, due_at=NOON, note="sooner")
    assert await status(services) == ("pending_review", None)


async def test_a_moved_promise_is_followed_up_once(services: Services, clock: FixedClock) -> None:
    await follow_up(services, await promise(services))
    await change(services, **TO_MOVE)
    for _ in range(2):
        clock.time = MOVED + timedelta(minutes=1)
        await services.commitments.tick(clock.time)
    begun = (await services.commitments.get("com_1")).follow_up_draft_id
    assert begun not in (None, "told")
    assert [one for one in await told_of(services) if one[0] == "draft.superseded"] == [
        ("draft.superseded", "told")
    ]


async def test_opened_again_past_its_time_it_is_followed_up_anew(
    services: Services, clock: FixedClock
) -> None:
    await follow_up(services, await promise(services))
    await change(services, status="kept")
    clock.time = DUE + timedelta(hours=1)
    await change(services, status="open", note="it was another's")
    await services.commitments.tick(clock.time)
    after = await services.commitments.get("com_1")
    assert (after.follow_up_draft_id not in (None, "told"), after.wakes_at) == (True, None)


async def test_a_follow_up_stays_for_the_other_promise_that_it_is_about(
    services: Services,
) -> None:
    await promise(services)
    await follow_up(services, await promise(services, "com_2"))
    await change(services, status="kept")
    assert await status(services) == ("pending_review", None)
    await change(services, "com_2", status="kept")
    assert (await status(services))[0] == "superseded"


async def test_what_it_told_beside_its_own_promise_gets_one_of_its_own(
    services: Services, clock: FixedClock
) -> None:
    await follow_up(services, await promise(services))
    await promise(services, "com_2", wakes_at=None)
    await change(services, status="kept")
    assert (await status(services))[0] == "superseded"
    await services.commitments.tick(clock.time)
    other = await services.commitments.get("com_2")
    assert other.follow_up_draft_id not in (None, "told")
    assert (other.version, other.wakes_at) == (1, DUE)


@pytest.mark.parametrize("newest", [None, "newer"])
async def test_what_it_stood_in_for_waits_again(services: Services, newest: str | None) -> None:
    """No customer is lost: it was their post that the follow-up answered in its place."""
    await follow_up(services, await promise(services))
    store = Store(services.database)
    instead: dict[str, Any] = {"status": "superseded", "stale_reason": f"{NEWER}told"}
    begun = NOON + timedelta(hours=1)
    await store.draft("asked", thread_id="t1", created_at=begun, **instead)
    if newest:
        await store.draft(newest, thread_id="t1", created_at=LATER)
    await change(services, status="kept")
    wanted = ("superseded", f"{NEWER}newer") if newest else ("stale", "the thread changed")
    found = await status(services, "asked")
    assert (found[0], (found[1] or "")[: len(wanted[1])]) == wanted


@pytest.mark.parametrize(
    ("closes", "after"),
    [("closing", ("superseded", f"{PROMISE}kept")), ("told", ("approved", None))],
)
async def test_a_closing_update_ends_the_follow_up_unless_it_is_that_itself(
    services: Services, closes: str, after: tuple[str, str | None]
) -> None:
    says = content(move=Move(kind=MoveKind.CLOSING_UPDATE, reason="it is solved"))
    of = await promise(services)
    await follow_up(services, of, **({"content": says} if closes == "told" else {}))
    if closes != "told":
        await Store(services.database).draft(closes, thread_id="t1", content=says)
    async with services.database.write() as connection:
        fact = KnownFact(text="A new lamp came.")
        await ResolutionRepository().resolve(
            connection, "lampwick", "t1", fact, by="ana", now=LATER
        )
    await services.review.decide(closes, decision("approve"), ADMIN)
    assert (await services.commitments.get(of.id)).status == "kept"
    assert await status(services) == after


@pytest.mark.parametrize(
    ("typed", "owner"),
    [
        ("Ana", "Ana"),
        ("ana", "Ana"),
        ("ÁNA", "Ana"),
        ("ines,  Product safety", "Ines, product safety"),
    ],
)
async def test_an_owner_is_one_of_the_team_however_typed(
    services: Services, typed: str, owner: str
) -> None:
    """Else one person is two rows of a report."""
    await follow_up(services, await promise(services, follow_up_draft_id=None))
    await services.review.decide("told", decision("approve", owner=typed), ADMIN)
    (made,) = await services.review.commitments("told")
    assert made.owner == owner
    assert same_name((await change(services, owner=typed, note="takes over")).owner, owner)


async def test_who_approves_owns_it_as_the_team_spells_the_name(services: Services) -> None:
    await Store(services.database).brand(brand(team=PEOPLE))
    await follow_up(services, await promise(services, follow_up_draft_id=None))
    await services.review.decide("told", decision("approve", by="ben"), ADMIN)
    (made,) = await services.review.commitments("told")
    assert made.owner == "Ben"


async def test_a_stranger_owns_nothing(services: Services) -> None:
    await follow_up(services, await promise(services))
    words = "owner: Zed is not in the team of lampwick: Ana, Ben, Cleo"
    asked = (
        decision("approve", owner="Zed"),
        decision("edit", text="Sorry.", approve=True, owner="Zed"),
    )
    for one in asked:
        with pytest.raises(InvalidInput, match=words):
            await services.review.decide("told", one, ADMIN)
    with pytest.raises(InvalidInput, match=words):
        await change(services, owner="Zed", note="takes over")
    with pytest.raises(InvalidInput, match="owner: dan has left"):
        await change(services, owner="dan", note="takes over")


@pytest.mark.parametrize(
    ("settings_of", "owner", "by"),
    [({"promise_owner": "named"}, "Zed", "ola"), ({"team": PEOPLE}, None, "Zed")],
)
async def test_without_a_team_anybody_may_and_who_approves_always(
    services: Services, settings_of: dict[str, Any], owner: str | None, by: str
) -> None:
    await Store(services.database).brand(brand(**settings_of))
    await follow_up(services, await promise(services, follow_up_draft_id=None))
    await services.review.decide("told", decision("approve", owner=owner, by=by), ADMIN)
    (made,) = await services.review.commitments("told")
    assert made.owner == "Zed"
