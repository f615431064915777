"""Promises after the approval: listed, changed, reminded of, and told of before anybody asks."""

from collections.abc import Callable
from datetime import datetime

import structlog

from service.domain.commitment import Commitment, CommitmentChange, CommitmentFilter
from service.domain.draft import Draft, DraftStatus
from service.domain.review import Caller, Role
from service.domain.team import LEFT
from service.domain.thread import Case
from service.errors import Forbidden
from service.followup.changing import changed, require_owner
from service.followup.commitment_follow_up import end_follow_up, told_by
from service.followup.ledger import Ledger
from service.store.brands import BrandRepository
from service.store.commitments import CommitmentRepository
from service.store.drafts import OPEN, DraftRepository
from service.store.notices import once
from service.store.records import AuditLog, Outbox
from service.store.session import Connection, Database
from service.store.staling import supersede_older
from service.store.threads import ThreadRepository

log = structlog.get_logger(__name__)
_AT_ONCE = 500
_SERVICE = "amends"


class Commitments:
    """Looks after promises until somebody says what became of them."""

    def __init__(
        self,
        *,
        database: Database,
        brands: BrandRepository,
        commitments: CommitmentRepository,
        threads: ThreadRepository,
        drafts: DraftRepository,
        outbox: Outbox,
        audit: AuditLog,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._brands = brands
        self._commitments = commitments
        self._threads = threads
        self._drafts = drafts
        self._audit = audit
        self._ledger = Ledger(commitments=commitments, outbox=outbox, audit=audit)
        self._now = now

    async def get(self, commitment_id: str) -> Commitment:
        """The promise, or NotFound."""
        async with self._database.read() as connection:
            return await self._commitments.get(connection, commitment_id)

    async def page(
        self, wanted: CommitmentFilter, *, limit: int, after: tuple[datetime, str] | None = None
    ) -> list[Commitment]:
        """Promises, the first one due first; `after` is the last row of the page before.

        The owner `left` stands for everybody whom a brand's team names as gone.
        """
        async with self._database.read() as connection:
            gone = None
            if wanted.owner == LEFT:
                gone = await self._brands.people_gone(connection, wanted.brand_id)
            return await self._commitments.page(
                connection, wanted, limit=limit, after=after, owned_by=gone
            )

    async def change(
        self, commitment_id: str, asked: CommitmentChange, caller: Caller
    ) -> Commitment:
        """Close a promise, open it again, or hand it to another owner or time."""
        moves = asked.owner is not None or asked.due_at is not None
        if moves and not caller.role.may_act_as(Role.REVIEWER):
            raise Forbidden(f"another owner or time needs the role {Role.REVIEWER.value}")
        by, now = asked.by or caller.name, self._now()
        async with self._database.write() as connection:
            promise = await self._commitments.get(connection, commitment_id)
            if asked.owner is not None:
                brand = await self._brands.get(connection, promise.brand_id)
                asked = asked.model_copy(update={"owner": require_owner(brand, asked.owner)})
            after, event = changed(promise, asked, by=by, now=now)
            await self._ledger.change(
                connection, after, event, by=by, now=now, due_before=promise.due_at
            )
            await end_follow_up(connection, promise, after, event, now)
            return await self._commitments.get(connection, commitment_id)

    async def tick(self, now: datetime) -> None:
        """Remind of what is nearly due, say what is overdue, and prepare the follow-ups."""
        async with self._database.read() as connection:
            waking = await self._commitments.waking(connection, now, _AT_ONCE)
        for commitment_id in waking:
            try:
                await self._wake(commitment_id, now)
            except Exception as exc:  # one that can't be looked after stops none of the others
                log.error("promise_left", commitment_id=commitment_id, error=type(exc).__name__)

    async def _wake(self, commitment_id: str, now: datetime) -> None:
        """One promise, in one short transaction that no other worker gets into."""
        async with self._database.write() as connection:
            promise = await self._commitments.get(connection, commitment_id)
            if promise.wakes_at is None or promise.wakes_at > now:
                return
            overdue = promise.due_at <= now
            event = "overdue" if overdue else "due"
            what = f"{event} {promise.due_at.isoformat()}"
            said = {"subject": promise.id, "what": what, "brand_id": promise.brand_id}
            if await once(connection, **said, at=now):
                await self._ledger.tell(connection, promise, event, now=now)
            follow_up = await self._follow_up(connection, promise, now, overdue=overdue)
            looked_after = promise.model_copy(
                update={
                    "follow_up_draft_id": follow_up,
                    "wakes_at": None if overdue else promise.due_at,
                }
            )
            await self._commitments.save(connection, looked_after)

    async def _follow_up(
        self, connection: Connection, promise: Commitment, now: datetime, *, overdue: bool
    ) -> str | None:
        """The draft that tells where the promise stands: one for each promise and due time.

        Where a newer draft speaks to the customer already, who asked meanwhile or was promised
        something else too, there is no second one.
        """
        prepared = await self._prepared(connection, promise)
        if prepared is not None:
            if overdue:
                await self._write_anew(connection, prepared, now)
            return prepared.id
        newer = await self._commitments.spoken_of_since(connection, promise)
        if newer is not None:
            told = await self._commitments.open_in_thread(
                connection, promise.brand_id, promise.thread_id, follow_up=newer
            )
            return newer if told else None
        return await self._begin(connection, promise, now)

    async def _prepared(self, connection: Connection, promise: Commitment) -> Draft | None:
        """The follow-up that there is; one that ended with nobody told is none."""
        if promise.follow_up_draft_id is None:
            return None
        draft = await self._drafts.get(connection, promise.follow_up_draft_id)
        return None if draft.status is DraftStatus.SUPERSEDED else draft

    async def _begin(
        self, connection: Connection, promise: Commitment, now: datetime
    ) -> str | None:
        promised_to = (await self._drafts.case(connection, promise.draft_id)).complaint
        case = await self._threads.newest_case(
            connection, promise.brand_id, promise.thread_id, by=promised_to
        )
        revision = await self._threads.revision(connection, promise.brand_id, promise.thread_id)
        if case is None or revision is None:
            return None
        draft_id = await self._drafts.begin(
            connection,
            brand_id=promise.brand_id,
            thread_id=promise.thread_id,
            thread_revision=revision,
            case=_asked(case, promise),
            now=now,
        )
        await supersede_older(connection, promise.brand_id, promise.thread_id, now, newest=draft_id)
        await self._note(connection, "draft.requested", draft_id, promise, now)
        return draft_id

    async def _write_anew(self, connection: Connection, draft: Draft, now: datetime) -> None:
        """What was written for a promise in time no longer fits one that is late."""
        if draft.status not in OPEN or draft.is_touched:
            return
        _, revision = await self._drafts.thread_revision(connection, draft.id)
        await self._drafts.restart(connection, draft, revision=revision, now=now)

    async def _note(
        self,
        connection: Connection,
        action: str,
        draft_id: str,
        promise: Commitment,
        now: datetime,
    ) -> None:
        await self._audit.add(
            connection,
            at=now,
            actor=_SERVICE,
            action=action,
            subject=draft_id,
            brand_id=promise.brand_id,
            details={"commitment_id": promise.id},
        )


def _asked(case: Case, promise: Commitment) -> Case:
    return case.model_copy(update={"due": told_by(promise)})
