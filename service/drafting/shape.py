"""A draft as people and machines outside see it: one flat shape for API, CLI and evals."""

from datetime import datetime

from service.domain.base import Frozen, UtcTime
from service.domain.checks import CheckReport, Citation, Finding, Verdict
from service.domain.commitment import PlannedCommitment
from service.domain.draft import Attempt, Draft, DraftContent, DraftStatus, Provenance, Timing
from service.domain.edits import EditFinding
from service.domain.knowledge import Evidence
from service.domain.triage import Move, Triage

_BESIDE_CONTENT = {"content"}
_MINUTE_S = 60


class ChecksShape(Frozen):
    """What the checks said; the citations stand beside it."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    checks_run: tuple[str, ...]


class DraftShape(Frozen):
    """A draft, flat. What drafting makes is null or empty while the status is `drafting`."""

    id: str
    case_id: str | None
    brand: str
    brand_id: str
    thread_id: str
    status: DraftStatus
    reply: str | None
    language: str | None
    move: Move | None
    triage: Triage | None
    evidence: Evidence
    citations: tuple[Citation, ...]
    commitments: tuple[PlannedCommitment, ...]
    checks: ChecksShape | None
    missing_facts: tuple[str, ...]
    attempts: tuple[Attempt, ...]
    holding: bool
    holding_reason: str | None
    asked_at: UtcTime | None
    deadline_at: UtcTime | None
    rank: int
    assignee: str | None
    version: int
    edited_by: str | None
    decided_by: str | None
    stale_reason: str | None
    provenance: Provenance | None
    timings: tuple[Timing, ...]
    edits: tuple[EditFinding, ...]
    created_at: UtcTime
    updated_at: UtcTime


class WaitingShape(DraftShape):
    """A draft in the queue; `minutes_left` is below zero when the deadline has passed."""

    minutes_left: int | None
    overdue: bool


def flat(draft: Draft) -> DraftShape:
    """The draft with its content unfolded."""
    return DraftShape.model_validate(_flat_fields(draft))


def waiting(draft: Draft, now: datetime) -> WaitingShape:
    """The draft with the minutes that are left to answer."""
    left = None
    if draft.deadline_at is not None:
        left = minutes_between(now, draft.deadline_at)
    turn = {"minutes_left": left, "overdue": left is not None and left < 0}
    return WaitingShape.model_validate({**_flat_fields(draft), **turn})


def minutes_between(now: datetime, due: datetime) -> int:
    """The minutes that are left; below zero as soon as it is past."""
    return int((due - now).total_seconds() // _MINUTE_S)


def draft_shape(draft: Draft) -> dict[str, object]:
    """The flat shape, ready for `json.dumps`."""
    return flat(draft).model_dump(mode="json")


def _flat_fields(draft: Draft) -> dict[str, object]:
    state = {name: getattr(draft, name) for name in Draft.model_fields.keys() - _BESIDE_CONTENT}
    return {**state, "brand": draft.brand_id, **_content_fields(draft.content)}


def _content_fields(content: DraftContent | None) -> dict[str, object]:
    if content is None:
        return _NOTHING_YET
    fields = {name: getattr(content, name) for name in DraftContent.model_fields}
    return {**fields, "checks": _checks(content.checks)}


def _checks(report: CheckReport) -> ChecksShape:
    return ChecksShape(
        verdict=report.verdict, findings=report.findings, checks_run=report.checks_run
    )


_NOTHING_YET: dict[str, object] = {
    "reply": None,
    "language": None,
    "move": None,
    "triage": None,
    "evidence": Evidence(),
    "citations": (),
    "commitments": (),
    "checks": None,
    "missing_facts": (),
    "attempts": (),
    "holding": False,
    "holding_reason": None,
    "provenance": None,
    "timings": (),
    "edits": (),
}
