"""Speed, promises and the use of drafts, as one would count them by hand."""

from datetime import date
from typing import Any

import pytest

from service.domain.draft import DraftContent
from service.domain.reports import CameAs, Dimension, ReportQuery, came_as
from service.settings import Settings
from tests.followup.reporting import Ledger, at, reporting
from tests.followup.waiting import content

WEEK = ReportQuery(brand_id="lampwick", first=date(2026, 11, 16), last=date(2026, 11, 20))


async def _answered(ledger: Ledger, thread: str, minutes: int, **more: Any) -> None:
    answered = f"17 {10 + minutes // 60:02}:{minutes % 60:02}"
    due: dict[str, Any] = {"status": "approved", "decided": answered, "deadline_at": at("17 11:00")}
    await ledger.message(thread, "17 10:00", **{**due, **more})


async def test_how_soon_answers_came_and_who_still_waits(settings: Settings) -> None:
    async with reporting(settings) as (services, ledger):
        empty = (await services.reports.speed(WEEK)).total
        assert (empty.asked, empty.share_within_target, empty.median_minutes) == (0, None, None)
        for number, minutes in enumerate((10, 20, 30, 40, 50, 60, 70, 80, 90, 100)):
            await _answered(ledger, f"t{number}", minutes)
        await _answered(ledger, "urgent", 5, deadline_class="urgent", kind="question")
        await ledger.message("missed", "17 10:00", deadline_at=at("17 11:00"))
        ignored: dict[str, Any] = {
            "status": "ignored",
            "decided": "17 10:30",
            "deadline_at": at("17 11:00"),
        }
        await ledger.message("ignored", "17 10:00", **ignored)
        await ledger.message("waits", "20 20:30", deadline_at=at("20 21:30"))
        await ledger.message("unread", "17 10:00", status="failed", kind=None, language=None)
        await ledger.message("hate", "17 10:00", kind="hate", deadline_at=at("17 11:00"))
        found = await services.reports.speed(WEEK.model_copy(update={"by": (Dimension.CLASS,)}))
        normal, urgent = found.rows
        assert normal.group == {"class": "normal"}
        assert (normal.asked, normal.answered) == (14, 10)
        assert (normal.within_target, normal.late, normal.missed, normal.not_due) == (6, 4, 2, 1)
        assert (normal.share_within_target, normal.without_target) == (0.5, 1)
        assert (normal.median_minutes, normal.p90_minutes) == (50, 90)
        assert (urgent.median_minutes, urgent.p90_minutes) == (5, 5)
        assert (found.total.answered, found.total.median_minutes) == (11, 50)


async def test_what_became_of_promises(settings: Settings) -> None:
    async with reporting(settings) as (services, ledger):
        draft = await ledger.message("t", "17 09:00", status="approved", decided="17 10:00")
        for owner, due, more in (
            ("ola", "21 10:00", {}),
            ("ola", "19 10:00", {}),
            ("ola", "19 10:00", {"status": "kept", "closed": "19 09:59"}),
            ("ola", "19 10:00", {"status": "kept", "closed": "19 10:01"}),
            ("=ewa", "19 10:00", {"status": "broken", "closed": "19 11:00"}),
            ("=ewa", "19 10:00", {"status": "withdrawn", "closed": "19 11:00"}),
        ):
            await ledger.promise(draft, "t", "17 10:00", due, owner=owner, **more)
        await ledger.promise(draft, "t", "10 10:00", "11 10:00")
        found = await services.reports.commitments(WEEK)
        ewa, ola = found.rows
        assert (ola.made, ola.open, ola.overdue, ola.kept_in_time, ola.kept_late) == (4, 1, 1, 1, 1)
        assert (ewa.broken, ewa.withdrawn, ewa.share_kept_in_time) == (1, 1, 0)
        assert (found.total.made, found.total.share_kept_in_time) == (6, 0.25)


async def test_how_drafts_were_used(settings: Settings) -> None:
    async with reporting(settings) as (services, ledger):
        for number, share in enumerate((0.1, 0.25, 0.4, 0.9, 0.0)):
            used = {"status": "approved", "decided": "17 10:00", "edited_by": "ola"}
            draft = await ledger.message(f"e{number}", "17 09:00", edit_share=share, **used)
            await ledger.edit(draft, 2, "tone", "tone")
            await ledger.edit(draft, 3, "tone", "length" if number else "fact")
        await ledger.message("as-is", "17 09:00", status="approved", decided="17 10:00")
        new = {"prompt": "reply@2", "model": "big"}
        for status in (
            "rejected",
            "ignored",
            "escalated",
            "failed",
            "stale",
            "superseded",
            "drafting",
        ):
            await ledger.message(status, "17 09:00", status=status, **new)
        await ledger.message("held", "17 09:00", came_as="holding", **new)
        await ledger.message("stuck", "17 09:00", status="blocked", came_as="blocked", **new)
        by = (Dimension.PROMPT, Dimension.MODEL)
        found = await services.reports.drafts(WEEK.model_copy(update={"by": by}))
        old, newer = found.rows
        assert (old.drafts, old.used_as_they_were, old.edited) == (6, 2, 4)
        quarters = (old.edited_up_to_25, old.edited_up_to_50, old.edited_up_to_75)
        assert (*quarters, old.edited_up_to_100, old.median_edit_share) == (2, 1, 0, 1, 0.25)
        assert old.edit_kinds == {"tone": 5, "length": 4, "fact": 1}
        assert newer.group == {"prompt": "reply@2", "model": "big"}
        assert (newer.rejected, newer.ignored, newer.escalated) == (1, 1, 1)
        assert (newer.failed, newer.stale, newer.superseded, newer.waiting) == (1, 1, 1, 3)
        assert (newer.holding, newer.blocked, newer.edit_kinds) == (1, 1, {})
        assert (found.total.drafts, found.total.share_used, found.total.share_unchanged) == (
            15,
            0.75,
            0.3333,
        )
        assert found.total.edit_kinds == old.edit_kinds


async def test_what_was_drafted_again_was_thrown_away_before(settings: Settings) -> None:
    async with reporting(settings) as (services, ledger):
        waits = await ledger.message("waits", "17 09:00", version=3)
        for number in (10, 11):
            await ledger.decision(waits, "reject", f"17 {number}:00", "curt")
        sent = await ledger.message("sent", "17 09:00", status="approved", decided="17 12:00")
        await ledger.decision(sent, "reject", "17 10:00", "curt")
        await ledger.decision(sent, "approve", "17 12:00", "")
        thrown = await ledger.message("thrown", "17 09:00", status="rejected", decided="17 10:00")
        await ledger.decision(thrown, "reject", "17 10:00", "curt")
        ignored = await ledger.message("ignored", "17 09:00", status="ignored")
        await ledger.decision(ignored, "ignore", "17 10:00", "spam")
        total = (await services.reports.drafts(WEEK)).total
        assert (total.drafts, total.rejected, total.ignored, total.waiting) == (4, 3, 1, 1)
        assert (total.used_as_they_were, total.share_used) == (1, 0.2)


@pytest.mark.parametrize(
    ("changed", "came"),
    [
        ({}, CameAs.REPLY),
        ({"holding": True}, CameAs.HOLDING),
        ({"checks": {"verdict": "block"}}, CameAs.BLOCKED),
        ({"move": {"kind": "no_reply", "reason": "spam"}, "reply": None}, CameAs.NO_REPLY),
    ],
    ids=str,
)
def test_how_a_draft_came_out_of_the_machine(changed: dict[str, object], came: CameAs) -> None:
    made = content().model_dump(mode="json")
    assert came_as(DraftContent.model_validate({**made, **changed})) is came
