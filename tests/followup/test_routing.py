"""Who gets which draft: by rule, by hand, and when somebody leaves."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import ValidationError

from service.bootstrap import Services, open_services
from service.domain.queue import QueueFilter
from service.domain.review import LOCAL_ADMIN, Caller, Role
from service.domain.team import AssignmentRequest, Traits
from service.domain.triage import Sensitivity
from service.errors import (
    AlreadyTaken,
    Forbidden,
    IdempotencyConflict,
    InvalidInput,
    TransitionRefused,
)
from service.followup.routing import able_people, least_busy
from service.settings import Settings
from service.store.idempotency import idempotency
from tests.drafting.conftest import Opening, clock, opened
from tests.drafting.test_way import GOOD, answer
from tests.factories import ADMIN, case, decision
from tests.followup.waiting import PEOPLE, Store, brand, content

__all__ = ["clock", "opened"]
RULES = [
    {"sensitivity": "safety", "to": ["Ana"]},
    {"channel": "email", "language": "de", "to": ["Dan", "Cleo"]},
    {"channel": "chat", "to": ["Dan"]},
    {"kind": "compliment", "to": ["Ben", "Ana"]},
    {"to": ["Cleo", "Ana", "Ben", "Dan"]},
]
INES = "Ines, product safety"
FIRE = "The lamp caught fire on my desk and I burned my hand. This is dangerous."


@pytest.mark.parametrize(
    ("traits", "able"),
    [
        ({}, ["Ana", "Ben"]),  # Cleo has no English, Dan left
        ({"language": "de"}, ["Cleo", "Ben"]),
        ({"language": "de", "channel": "email"}, ["Cleo"]),
        ({"language": "fr"}, ["Ben"]),
        ({"language": None}, ["Cleo", "Ana", "Ben"]),
        ({"channel": "chat"}, ["Ana", "Ben"]),  # of the chat's rule nobody is left
        ({"kind": "compliment"}, ["Ben", "Ana"]),
        ({"sensitivities": (Sensitivity.SAFETY,), "kind": "compliment"}, ["Ana"]),
        ({"sensitivities": (Sensitivity.SAFETY,), "language": "de"}, ["Cleo", "Ben"]),
    ],
)
def test_the_first_fitting_rule_names_who_can(traits: dict[str, Any], able: list[str]) -> None:
    asked = Traits.model_validate({"channel": "x", "language": "en", **traits})
    assert able_people(brand(team=PEOPLE, routing=RULES), asked) == able


def test_without_a_rule_nobody_gets_it_and_without_a_team_all_names_count() -> None:
    asked = Traits(channel="x", language="en")
    assert able_people(brand(team=PEOPLE), asked) == []
    assert able_people(brand(routing=[{"to": ["Zoe", "Zoe", "Al"]}]), asked) == ["Zoe", "Al"]
    assert able_people(brand(routing=[{"to": ["Zoe", "Al"]}]), asked, besides="Zoe") == ["Al"]


@pytest.mark.parametrize(
    ("loads", "name"), [({}, "Al"), ({"Al": 1}, "Zoe"), ({"Al": 2, "Zoe": 2}, "Al")]
)
def test_the_one_with_the_least_gets_it_and_of_equals_the_first(
    loads: dict[str, int], name: str
) -> None:
    assert least_busy(["Zoe", "Al"], loads) == name


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"team": PEOPLE, "routing": [{"to": ["Eve"]}]}, "routing: not in the team: Eve"),
        ({"team": [{"name": "Ana"}, {"name": "Ana"}]}, "team: the same name twice: Ana"),
        ({"team": [{"name": "none"}]}, "means something else in the queue"),
        ({"team": [{"name": "Ana", "languages": ["English"]}]}, "languages"),
        ({"routing": [{"to": []}]}, "to"),
        ({"routing": [{"channels": "x", "to": ["Ana"]}]}, "channels"),
    ],
)
def test_a_team_that_cannot_be_is_refused(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        brand(**settings)


@pytest.mark.slow
async def test_a_finished_draft_goes_to_somebody_and_stays_with_them(opened: Opening) -> None:
    async with opened([answer(GOOD)]) as (services, _):
        team = brand(team=PEOPLE, routing=[{"to": ["Ben", "Ana"]}])
        await services.library.replace(team, actor="test")

        async def drafted(**more: Any) -> tuple[str, str | None]:
            draft_id = await services.drafts.create(case(**more), "lampwick", ADMIN)
            return draft_id, (await services.drafts.finished(draft_id)).assignee

        first, to_first = await drafted(thread_id="t1")
        assert [to_first, (await drafted())[1], (await drafted())[1]] == ["Ana", "Ben", "Ana"]
        await hand(services, first, "Ben")
        newer, holder = await drafted(text="Nobody rang me.", thread_id="t1")
        assert holder == "Ben"
        assert (await drafted(text=FIRE, thread_id="t2"))[1] == INES
        assert (await drafted(text="Nobody rang me.", thread_id="t2"))[1] == INES
        await services.review.decide(newer, decision("reject", reason="curt"), ADMIN)
        await services.drafts.redraft(newer, ADMIN)
        assert (await services.drafts.finished(newer)).assignee == "Ben"


async def hand(services: Services, draft_id: str, to: str, caller: Caller = LOCAL_ADMIN) -> None:
    await services.hand_overs.assign(draft_id, AssignmentRequest(to=to), caller)


@pytest.fixture
async def filled(settings: Settings) -> AsyncIterator[Services]:
    async with open_services(settings) as services:
        store = Store(services.database)
        await store.brand(brand(team=PEOPLE, routing=RULES))
        await store.draft("free", due=1)
        await store.draft("done", status="approved")
        yield services


def agent(name: str) -> Caller:
    return Caller(name=name, role=Role.AGENT, brand_id="lampwick")


async def test_a_hand_over_is_kept_told_and_audited_once(filled: Services) -> None:
    asked = AssignmentRequest(to="Ben", note="She rang twice.")
    once = idempotency(LOCAL_ADMIN, "assignment:free", "k", {"to": "Ben"})
    for _ in range(2):
        made = await filled.hand_overs.assign("free", asked, LOCAL_ADMIN, by="Lea", once=once)
        assert made.assignee == "Ben"
    await hand(filled, "free", "Ben")  # has it already
    await hand(filled, "free", "Ana")
    again = await filled.hand_overs.assign("free", asked, LOCAL_ADMIN, once=once)
    assert again.assignee == "Ana"
    other = idempotency(LOCAL_ADMIN, "assignment:free", "k", {"to": "Ana"})
    with pytest.raises(IdempotencyConflict):
        await filled.hand_overs.assign("free", asked, LOCAL_ADMIN, once=other)
    kept = await filled.hand_overs.history("free")
    assert [(h.from_person, h.to_person, h.by, h.note) for h in kept] == [
        (None, "Ben", "Lea", "She rang twice."),
        ("Ben", "Ana", "local", None),
    ]
    told = [(e["topic"], e["payload"]) for e in await filled.review.waiting_events()]
    ids = {"draft_id": "free", "thread_id": "t-free"}
    assert told == [
        ("draft.assigned", {**ids, "from": None, "to": "Ben"}),
        ("draft.assigned", {**ids, "from": "Ben", "to": "Ana"}),
    ]
    trail = await filled.review.trail("free")
    assert [(line["actor"], line["details"]["to"]) for line in trail] == [
        ("Lea", "Ben"),
        ("local", "Ana"),
    ]


async def test_an_agent_takes_what_is_free_and_a_lead_hands_over(filled: Services) -> None:
    taken = await asyncio.gather(
        *(hand(filled, "free", name, agent(name)) for name in ("Ana", "Ben")),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in taken) == ["AlreadyTaken", "NoneType"]
    holder = (await filled.drafts.get("free")).assignee or ""
    other = {"Ana": "Ben", "Ben": "Ana"}[holder]
    await hand(filled, "free", holder, agent(holder))
    with pytest.raises(AlreadyTaken, match="somebody else's"):
        await hand(filled, "free", other, agent(other))
    with pytest.raises(Forbidden, match="role lead"):
        await hand(filled, "free", other, agent(holder))
    lead = Caller(name="Lea", role=Role.LEAD)
    await hand(filled, "free", other, lead)
    assert (await filled.drafts.get("free")).assignee == other
    with pytest.raises(InvalidInput, match="Dan has left lampwick"):
        await hand(filled, "free", "Dan", lead)
    with pytest.raises(InvalidInput, match="Eve is not in the team of lampwick: Ana, Ben, Cleo"):
        await hand(filled, "free", "Eve", lead)
    with pytest.raises(TransitionRefused, match="approved"):
        await hand(filled, "done", "Ana", lead)
    await hand(filled, "free", INES, lead)  # an owner by the escalation rules


async def test_whoever_leaves_hands_everything_over(
    filled: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.followup.hand_over.BATCH", 3)
    store = Store(filled.database)
    await store.brand(brand("other"))
    for number in range(4):
        await store.draft(f"en{number}", assignee="Dan", status="stale")
        await store.draft(f"de{number}", assignee="Dan", content=content(language="de"))
    await store.draft("failed", assignee="Dan", status="failed", content=None)
    await store.draft("safe", assignee="Dan", content=content(sensitivities=(Sensitivity.SAFETY,)))
    await store.draft("past", assignee="Dan", status="approved")
    await store.draft("theirs", of="other", assignee="Dan")
    with pytest.raises(Forbidden):
        await filled.hand_overs.move_all("Dan", agent("Dan"))
    with pytest.raises(InvalidInput):
        await filled.hand_overs.move_all("Dan", LOCAL_ADMIN, to="Dan")
    moved = await filled.hand_overs.move_all("Dan", LOCAL_ADMIN, by="Lea")
    assert (sum(moved.to.values()), moved.stayed) == (10, 1)
    assert max(moved.to.values()) - min(moved.to.values()) <= 2
    left = await filled.queue.page(QueueFilter(assignee="left"))
    assert left == []
    assert [d.id for d in await filled.queue.page(QueueFilter(assignee="Dan"))] == ["theirs"]
    assert (await filled.drafts.get("past")).assignee == "Dan"
    assert (await filled.drafts.get("safe")).assignee == "Ana"
    rest = await filled.hand_overs.move_all("Dan", LOCAL_ADMIN, brand_id="other", to="Zoe")
    assert (dict(rest.to), rest.stayed) == ({"Zoe": 1}, 0)
    assert (await filled.hand_overs.history("theirs"))[0].by == "local"


async def test_a_name_that_one_brand_does_not_know_moves_nothing_of_any(filled: Services) -> None:
    """Half a move is worse than none: nobody is told what went where."""
    store = Store(filled.database)
    await store.brand(brand("zeta", team=[{"name": "Dan"}, {"name": "Zoe"}]))
    await store.brand(brand("idle", team=[{"name": "Zoe"}]))
    await store.draft("ours", assignee="Dan")
    await store.draft("theirs", of="zeta", assignee="Dan")
    with pytest.raises(InvalidInput, match="Ana is not in the team of zeta"):
        await filled.hand_overs.move_all("Dan", LOCAL_ADMIN, to="Ana")
    assert (await filled.drafts.get("ours")).assignee == "Dan"
    await hand(filled, "theirs", "Zoe")
    moved = await filled.hand_overs.move_all("Dan", LOCAL_ADMIN, to="Ana")
    assert dict(moved.to) == {"Ana": 1}, "brands in which Dan has nothing need not know Ana"
