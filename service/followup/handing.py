"""One hand-over: the draft, the record, the audit and the event, or none of them."""

from service.domain.team import HandOver
from service.store.hand_overs import HandOverRepository
from service.store.records import AuditLog, Outbox
from service.store.session import Connection


class Handing:
    """Carries a hand-over out in a transaction that its caller opened."""

    def __init__(self, *, hand_overs: HandOverRepository, outbox: Outbox, audit: AuditLog) -> None:
        self._hand_overs = hand_overs
        self._outbox = outbox
        self._audit = audit

    async def carry_out(
        self, connection: Connection, brand_id: str, thread_id: str, done: HandOver
    ) -> None:
        """Give the draft to its new person, and tell the tools around us."""
        await self._hand_overs.add(connection, brand_id, done)
        people = {"from": done.from_person, "to": done.to_person}
        await self._audit.add(
            connection,
            at=done.at,
            actor=done.by,
            action="draft.assigned",
            subject=done.draft_id,
            brand_id=brand_id,
            details=people,
        )
        await self._outbox.add(
            connection,
            brand_id=brand_id,
            topic="draft.assigned",
            payload={"draft_id": done.draft_id, "thread_id": thread_id, **people},
            now=done.at,
        )
