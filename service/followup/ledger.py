"""Every change to a promise is stored, told to the tools around us and kept on record: in one."""

from datetime import datetime

from service.domain.commitment import Commitment
from service.store.commitments import CommitmentRepository
from service.store.records import AuditLog, Outbox
from service.store.session import Connection


class Ledger:
    """Writes changes to promises, in the caller's transaction."""

    def __init__(
        self, *, commitments: CommitmentRepository, outbox: Outbox, audit: AuditLog
    ) -> None:
        self._commitments = commitments
        self._outbox = outbox
        self._audit = audit

    async def change(
        self,
        connection: Connection,
        promise: Commitment,
        event: str,
        *,
        by: str,
        now: datetime,
        due_before: datetime,
    ) -> None:
        """Store a promise as it is now, one version on; `event` is what happened to it: kept ..."""
        promise = promise.model_copy(update={"version": promise.version + 1})
        await self._commitments.save(connection, promise)
        await self.tell(connection, promise, event, now=now)
        await self._audit.add(
            connection,
            at=now,
            actor=by,
            action=f"commitment.{event}",
            subject=promise.id,
            brand_id=promise.brand_id,
            details={
                "owner": promise.owner,
                "due_at": promise.due_at.isoformat(),
                "due_before": due_before.isoformat(),
            },
        )

    async def tell(
        self, connection: Connection, promise: Commitment, event: str, *, now: datetime
    ) -> None:
        """Put an event about a promise into the outbox."""
        await self._outbox.add(
            connection,
            brand_id=promise.brand_id,
            topic=f"commitment.{event}",
            payload={
                "commitment_id": promise.id,
                "draft_id": promise.draft_id,
                "thread_id": promise.thread_id,
                "owner": promise.owner,
                "due_at": promise.due_at.isoformat(),
            },
            now=now,
        )
