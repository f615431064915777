"""Whose draft is written next, where many wait for a worker."""

from collections.abc import Sequence
from typing import Any

import pytest

from service.bootstrap import Services
from service.domain.triage import Triage
from service.drafting.drafter import Drafter
from service.drafting.job import Job
from tests.drafting.conftest import Opening
from tests.drafting.test_way import GOOD, answer
from tests.followup.test_mentions import WICKED, post, send, work

pytestmark = pytest.mark.slow

GRUMBLES = (
    "The shade of my Lampwick lamp is paler than in the picture.",
    "Lampwick, the shade in the box is the wrong size.",
    "My Lampwick parcel has been in Leipzig for six days.",
)
DANGER = "My Lampwick lamp caught fire on the desk last night and burnt my hand."
ELSEWHERE = "@quillon two weeks now, and no chair."


def posts(texts: Sequence[str], name: str = "p") -> list[dict[str, Any]]:
    """Written a minute apart, and all come in at once."""
    return [
        post(f"{name}{number}", text, posted_at=f"2026-11-20T18:0{number}:00Z")
        for number, text in enumerate(texts)
    ]


async def ended(services: Services) -> list[str | None]:
    """The cases in the order in which their drafts ended."""
    events = await services.review.waiting_events()
    ids = [e["payload"]["draft_id"] for e in events if e["topic"].startswith("draft.")]
    return [(await services.drafts.get(draft_id)).case_id for draft_id in ids]


async def test_a_danger_passes_all_that_waits(opened: Opening) -> None:
    async with opened([answer(GOOD)]) as (services, _):
        await send(services, *posts(GRUMBLES), post("danger", DANGER))
        await work(services)
        assert await ended(services) == ["danger", "p0", "p1", "p2"]


async def test_a_danger_passes_what_is_sensitive_otherwise(opened: Opening) -> None:
    threats = ["My solicitor will write to Lampwick on Monday.", "Lampwick, I am going to court."]
    async with opened([answer(GOOD)]) as (services, _):
        await send(services, *posts(threats), post("danger", DANGER))
        await work(services)
        assert (await ended(services))[0] == "danger"


async def test_a_reading_of_old_words_is_not_kept(opened: Opening) -> None:
    async with opened([answer(GOOD)]) as (services, _):
        await send(services, post("p0", GRUMBLES[0]))
        store = services.drafts._store
        (unread,) = await store.unread(5, None)
        grumble = await services.drafter.triage(await store.to_read(unread))
        await send(services, post("p0", DANGER, event="edited"))
        await store.note_triage(unread, grumble)
        (again,) = await store.unread(5, None)
    assert again.case.complaint.text == DANGER


async def test_brands_take_turns(opened: Opening) -> None:
    async with opened([answer(GOOD)]) as (services, _):
        await services.library.replace(WICKED, policy=(), past_replies=(), actor="test")
        await send(services, *posts(GRUMBLES), *posts([ELSEWHERE], "q"))
        await work(services)
        assert await ended(services) == ["p0", "q0", "p1", "p2"]


async def test_other_words_are_read_anew(opened: Opening) -> None:
    async with opened([answer(GOOD)]) as (services, _):
        await send(services, *posts(GRUMBLES))
        unread = await services.drafts.take()
        assert unread is not None
        await send(services, post("p0", DANGER, event="edited"))
        await work(services)
        assert (await ended(services))[0] == "p0"


async def test_what_cannot_be_read_stops_nobody(
    opened: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = Drafter.triage

    async def broken(self: Drafter, job: Job) -> Triage:
        if job.case.id == "p0":
            raise ZeroDivisionError
        return await reading(self, job)

    monkeypatch.setattr(Drafter, "triage", broken)
    async with opened([answer(GOOD)]) as (services, _):
        await send(services, *posts(GRUMBLES), post("danger", DANGER))
        await work(services)
        assert await ended(services) == ["danger", "p0", "p1", "p2"]
