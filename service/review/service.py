"""Decisions: what a human did with a draft, and what follows from it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from service.domain.checks import Verdict
from service.domain.commitment import Commitment
from service.domain.draft import Draft, DraftStatus
from service.domain.review import Caller, Decision, DecisionKind, DecisionRequest, Override
from service.drafting.stored import Idempotency
from service.errors import (
    FourEyes,
    InvalidInput,
    StaleThread,
    VersionConflict,
)
from service.guards.pool import GuardPool
from service.review.rules import (
    CheckedEdit,
    context_of,
    edited_content,
    edits_made,
    require_overridden,
    require_reason,
    require_role,
    with_kinds,
)
from service.review.transitions import AFTER, require_open
from service.store.brands import BrandRepository
from service.store.drafts import THREAD_CHANGED, DraftRepository
from service.store.edits import EditRepository
from service.store.records import (
    AuditLog,
    CommitmentRepository,
    DecisionRepository,
    IdempotencyRepository,
    Outbox,
)
from service.store.rows import new_id
from service.store.session import Connection, Database


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


class ReviewService:
    """Takes decisions on drafts."""

    def __init__(
        self,
        *,
        database: Database,
        records: Records,
        guards: GuardPool,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._records = records
        self._guards = guards
        self._now = now

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
        edited = await self._checked_edit(draft_id, asked)
        refused: StaleThread | None = None
        async with self._database.write() as connection:
            if once and await self._repeated(connection, once):
                return await self._records.drafts.get(connection, draft_id)
            draft = await self._records.drafts.get(connection, draft_id)
            require_open(draft_id, draft.status, asked.decision)
            refused = await self._stale(connection, draft)
            if refused is None:
                await self._carry_out(connection, draft, asked, edited)
                await self._remember(connection, once, draft_id)
        if refused is not None:
            raise refused
        async with self._database.read() as connection:
            return await self._records.drafts.get(connection, draft_id)

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

    async def _checked_edit(self, draft_id: str, asked: DecisionRequest) -> CheckedEdit | None:
        if asked.decision is not DecisionKind.EDIT or asked.text is None:
            return None
        async with self._database.read() as connection:
            draft = await self._records.drafts.get(connection, draft_id)
            snapshot = await self._records.drafts.snapshot(connection, draft_id)
            brand = await self._records.brands.get(connection, draft.brand_id)
        if snapshot is None or draft.content is None:
            require_open(draft_id, draft.status, asked.decision)
            raise InvalidInput(f"draft {draft_id} has nothing to edit yet")
        context = context_of(asked.text, draft.content, snapshot)
        report = await (await self._guards.of(brand)).check(context)
        # Some 20 ms of plain computing, and seconds where the languages are not loaded yet.
        edits = await asyncio.to_thread(edits_made, asked.text, report, draft.content, snapshot)
        return CheckedEdit(asked.text, report, edits)

    async def _stale(self, connection: Connection, draft: Draft) -> StaleThread | None:
        """A thread that changed meanwhile makes the draft stale, and that is kept."""
        answered, newest = await self._records.drafts.thread_revision(connection, draft.id)
        if answered == newest:
            return None
        now = self._now()
        await self._records.drafts.set_status(
            connection, draft.id, DraftStatus.STALE, now, stale_reason=THREAD_CHANGED
        )
        return StaleThread(f"the thread of draft {draft.id} changed since it was made: redraft it")

    async def _carry_out(
        self,
        connection: Connection,
        draft: Draft,
        asked: DecisionRequest,
        edited: CheckedEdit | None,
    ) -> None:
        if asked.expected_version != draft.version:
            raise VersionConflict(
                f"draft {draft.id} is at version {draft.version}, not "
                f"{asked.expected_version}: read it again"
            )
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
        content = edited_content(draft, edited, self._now(), brand.timezone)
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
        if kind is DecisionKind.APPROVE:
            await self._require_approvable(connection, draft, asked)
            await self._commit(connection, draft, asked.by)
        require_reason(draft, kind, asked.reason)
        now = self._now()
        await self._records.drafts.set_status(
            connection, draft.id, AFTER[kind], now, decided_by=asked.by
        )
        await self._record(connection, draft, asked, kind, asked.override)

    async def _require_approvable(
        self, connection: Connection, draft: Draft, asked: DecisionRequest
    ) -> None:
        content = draft.content
        if content is None or not content.reply:
            raise InvalidInput(f"draft {draft.id} has no reply to approve: edit it or ignore it")
        brand = await self._records.brands.get(connection, draft.brand_id)
        if brand.four_eyes and draft.edited_by == asked.by:
            raise FourEyes(f"{brand.id} asks for four eyes: somebody else approves what you edited")
        require_overridden(draft.id, content.checks.blocks, asked.override)

    async def _commit(self, connection: Connection, draft: Draft, by: str) -> None:
        """Dated promises of an approved reply become commitments of the one who approved."""
        planned = draft.content.commitments if draft.content else ()
        promises = [
            Commitment(
                id=new_id("com"),
                brand_id=draft.brand_id,
                draft_id=draft.id,
                thread_id=draft.thread_id,
                what=promise.what,
                owner=promise.owner or by,
                due_at=promise.due_at,
            )
            for promise in planned
            if promise.due_at is not None
        ]
        await self._records.commitments.add(connection, promises, self._now())

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

    async def _repeated(self, connection: Connection, once: Idempotency) -> bool:
        known = await self._records.keys.recall(
            connection, scope=once.scope, key=once.key, body_hash=once.body_hash
        )
        return known is not None

    async def _remember(
        self, connection: Connection, once: Idempotency | None, draft_id: str
    ) -> None:
        if once is not None:
            await self._records.keys.remember(
                connection,
                scope=once.scope,
                key=once.key,
                body_hash=once.body_hash,
                subject=draft_id,
                now=self._now(),
            )
