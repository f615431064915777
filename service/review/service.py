"""Decisions: what a human did with a draft, and what follows from it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog

from service.domain.checks import Verdict
from service.domain.commitment import Commitment
from service.domain.draft import OVERTAKEN, Draft, DraftStatus
from service.domain.review import Caller, Decision, DecisionKind, DecisionRequest, Override
from service.domain.team import same_name
from service.errors import FourEyes, InvalidInput, StaleThread
from service.guards.pool import GuardPool
from service.review.approving import Approval
from service.review.edit_share import edit_share
from service.review.escalating import Escalation
from service.review.rules import (
    CheckedEdit,
    context_of,
    edited_content,
    edits_made,
    require_decidable,
    require_overridden,
    require_reason,
    require_role,
    require_version,
    with_kinds,
)
from service.review.style_notes import StyleNotes
from service.review.transitions import AFTER, require_open
from service.store.brands import BrandRepository
from service.store.commitments import CommitmentRepository
from service.store.decided import DecidedRepository
from service.store.drafts import THREAD_CHANGED, DraftRepository
from service.store.edits import EditRepository
from service.store.idempotency import Idempotency, IdempotencyRepository
from service.store.records import (
    AuditLog,
    DecisionRepository,
    Outbox,
)
from service.store.session import Connection, Database

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Records:
    """What a decision writes to."""

    brands: BrandRepository
    drafts: DraftRepository
    decisions: DecisionRepository
    commitments: CommitmentRepository
    keys: IdempotencyRepository
    outbox: Outbox
    audit: AuditLog
    edits: EditRepository = field(default_factory=EditRepository)
    decided: DecidedRepository = field(default_factory=DecidedRepository)


class ReviewService:
    """Takes decisions on drafts."""

    def __init__(
        self,
        *,
        database: Database,
        records: Records,
        guards: GuardPool,
        notes: StyleNotes,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._records = records
        self._guards = guards
        self._notes = notes
        self._now = now
        self._approval = Approval(
            brands=records.brands,
            commitments=records.commitments,
            outbox=records.outbox,
            audit=records.audit,
            now=now,
        )
        self._escalation = Escalation(
            brands=records.brands, outbox=records.outbox, audit=records.audit, now=now
        )

    async def decide(
        self,
        draft_id: str,
        asked: DecisionRequest,
        caller: Caller,
        *,
        once: Idempotency | None = None,
    ) -> Draft:
        """Carry out a decision; a text is checked before any transaction is opened."""
        require_role(asked, caller)
        edited = await self._checked_edit(draft_id, asked, once)
        refused: StaleThread | None = None
        async with self._database.write() as connection:
            if await self._records.keys.recall(connection, once):
                return await self._records.drafts.get(connection, draft_id)
            draft = await self._records.drafts.get(connection, draft_id)
            require_open(draft_id, draft.status, asked.decision)
            refused = await self._stale(connection, draft)
            if refused is None:
                await self._carry_out(connection, draft, asked, edited)
                await self._records.keys.remember(connection, once, draft_id, self._now())
        if refused is not None:
            raise refused
        async with self._database.read() as connection:
            decided = await self._records.drafts.get(connection, draft_id)
        await self._learn(decided)
        return decided

    async def history(self, draft_id: str) -> list[Decision]:
        """Every decision on a draft, oldest first, edits with their kinds."""
        async with self._database.read() as connection:
            taken = await self._records.decisions.of_draft(connection, draft_id)
            edits = await self._records.edits.of_draft(connection, draft_id)
        return [with_kinds(decision, edits) for decision in taken]

    async def commitments(self, draft_id: str) -> list[Commitment]:
        """The promises that the approval of a draft made."""
        async with self._database.read() as connection:
            return await self._records.commitments.of_draft(connection, draft_id)

    async def trail(self, draft_id: str) -> list[dict[str, Any]]:
        """Who did what with a draft, oldest first."""
        async with self._database.read() as connection:
            return await self._records.audit.of(connection, draft_id)

    async def waiting_events(self) -> list[dict[str, Any]]:
        """Events for the tools around us that were not delivered yet, oldest first."""
        async with self._database.read() as connection:
            return await self._records.outbox.waiting(connection)

    async def _checked_edit(
        self, draft_id: str, asked: DecisionRequest, once: Idempotency | None
    ) -> CheckedEdit | None:
        """The text with its checks, which take long to load: what cannot be is refused before."""
        if asked.decision is not DecisionKind.EDIT or asked.text is None:
            return None
        async with self._database.read() as connection:
            if await self._records.keys.recall(connection, once):
                return None
            draft = await self._records.drafts.get(connection, draft_id)
            snapshot = await self._records.drafts.snapshot(connection, draft_id)
            brand = await self._records.brands.get(connection, draft.brand_id)
        require_decidable(draft, asked, brand)
        if snapshot is None or draft.content is None:
            raise InvalidInput(f"draft {draft_id} has nothing to edit yet")
        context = context_of(asked.text, draft.content, snapshot)
        report = await (await self._guards.of(brand)).check(context)
        # Some 20 ms of plain computing, and seconds where the languages are not loaded yet.
        edits = await asyncio.to_thread(edits_made, asked.text, report, draft.content, snapshot)
        return CheckedEdit(asked.text, report, edits)

    async def _learn(self, decided: Draft) -> None:
        """What people changed may propose style notes; the decision stands whatever comes of it."""
        if decided.status is not DraftStatus.APPROVED or decided.edited_by is None:
            return
        try:
            await self._notes.propose(decided.brand_id)
        except Exception as exc:
            log.warning("no_notes_proposed", draft_id=decided.id, error=type(exc).__name__)

    async def _stale(self, connection: Connection, draft: Draft) -> StaleThread | None:
        """A thread that changed meanwhile makes the draft stale, and that is kept."""
        if draft.status in OVERTAKEN:
            return None
        answered, newest = await self._records.drafts.thread_revision(connection, draft.id)
        if answered == newest:
            return None
        now = self._now()
        await self._records.drafts.set_status(
            connection, draft.id, DraftStatus.STALE, now, stale_reason=THREAD_CHANGED
        )
        return StaleThread(
            f"the thread of draft {draft.id} changed since it was made: redraft it "
            f"(`amends redraft {draft.id}`)"
        )

    async def _carry_out(
        self,
        connection: Connection,
        draft: Draft,
        asked: DecisionRequest,
        edited: CheckedEdit | None,
    ) -> None:
        require_version(draft, asked)
        if edited is not None:
            draft = await self._edit(connection, draft, asked, edited)
        if edited is None or asked.approve:
            await self._decide(connection, draft, asked)

    async def _edit(
        self,
        connection: Connection,
        draft: Draft,
        asked: DecisionRequest,
        edited: CheckedEdit,
    ) -> Draft:
        brand = await self._records.brands.get(connection, draft.brand_id)
        content = edited_content(draft, edited, self._now(), brand.calendar)
        blocked = edited.report.verdict is Verdict.BLOCK
        status = DraftStatus.BLOCKED if blocked else DraftStatus.PENDING_REVIEW
        now = self._now()
        await self._records.drafts.edit(
            connection, draft, content=content, status=status, by=asked.by, now=now
        )
        await self._record(connection, draft, asked, DecisionKind.EDIT, ())
        return draft.model_copy(
            update={
                "content": content,
                "status": status,
                "version": draft.version + 1,
                "edited_by": asked.by,
            }
        )

    async def _decide(self, connection: Connection, draft: Draft, asked: DecisionRequest) -> None:
        kind = DecisionKind.APPROVE if asked.approve else asked.decision
        changed: float | None = None
        if kind is DecisionKind.APPROVE:
            await self._require_approvable(connection, draft, asked)
            changed = await self._edit_share(connection, draft)
            await self._approval.follow(connection, draft, asked)
        require_reason(draft, kind, asked.reason)
        if kind is DecisionKind.ESCALATE:
            await self._escalation.follow(connection, draft, asked)
        now = self._now()
        await self._records.drafts.set_status(
            connection, draft.id, AFTER[kind], now, decided_by=asked.by, edit_share=changed
        )
        await self._record(connection, draft, asked, kind, asked.override)

    async def _edit_share(self, connection: Connection, draft: Draft) -> float:
        """How much of what the machine proposed people changed before it was approved."""
        if draft.edited_by is None or draft.content is None:
            return 0.0
        proposed = await self._records.decided.proposed(connection, draft.id)
        return edit_share(proposed.reply if proposed else None, draft.content.reply or "")

    async def _require_approvable(
        self, connection: Connection, draft: Draft, asked: DecisionRequest
    ) -> None:
        content = draft.content
        if content is None or not content.reply:
            raise InvalidInput(f"draft {draft.id} has no reply to approve: edit it or ignore it")
        brand = await self._records.brands.get(connection, draft.brand_id)
        own = draft.edited_by is not None and same_name(draft.edited_by, asked.by)
        if brand.four_eyes and own:
            raise FourEyes(f"{brand.id} asks for four eyes: somebody else approves what you edited")
        require_overridden(draft.id, content, asked.override)

    async def _record(
        self,
        connection: Connection,
        draft: Draft,
        asked: DecisionRequest,
        kind: DecisionKind,
        override: tuple[Override, ...],
    ) -> None:
        now = self._now()
        decision = Decision(
            draft_id=draft.id,
            draft_version=draft.version,
            decision=kind,
            by=asked.by,
            reason=asked.reason,
            override=override,
            decided_at=now,
        )
        await self._records.decisions.add(connection, decision)
        await self._records.outbox.add(
            connection,
            brand_id=draft.brand_id,
            topic=f"decision.{kind.value}",
            payload={"draft_id": draft.id, "version": draft.version, "thread_id": draft.thread_id},
            now=now,
        )
        await self._records.audit.add(
            connection,
            at=now,
            actor=asked.by,
            action=f"draft.{kind.value}",
            subject=draft.id,
            brand_id=draft.brand_id,
            details={"version": draft.version, "overridden": [o.check for o in override]},
        )
