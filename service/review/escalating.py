"""An escalated draft goes to whoever takes it over, and waits for them."""

from collections.abc import Callable
from datetime import datetime

from service.domain.brand import Brand
from service.domain.draft import Draft
from service.domain.review import DecisionRequest
from service.domain.team import HandOver
from service.domain.triage import MoveKind
from service.followup.hand_over import require_known
from service.followup.handing import Handing
from service.store.brands import BrandRepository
from service.store.hand_overs import HandOverRepository
from service.store.records import AuditLog, Outbox
from service.store.session import Connection
from service.triage.moves import escalation_by_sensitivity


class Escalation:
    """Follows an escalation up, in the transaction of the decision."""

    def __init__(
        self,
        *,
        brands: BrandRepository,
        outbox: Outbox,
        audit: AuditLog,
        now: Callable[[], datetime],
    ) -> None:
        self._brands = brands
        self._handing = Handing(hand_overs=HandOverRepository(), outbox=outbox, audit=audit)
        self._now = now

    async def follow(self, connection: Connection, draft: Draft, asked: DecisionRequest) -> None:
        """Hand the draft to its owner; where nobody is named it stays with whom it is."""
        brand = await self._brands.get(connection, draft.brand_id)
        owner = owner_of(brand, draft, asked.owner)
        if owner is None or owner == draft.assignee:
            return
        done = HandOver(
            draft_id=draft.id,
            from_person=draft.assignee,
            to_person=owner,
            by=asked.by,
            note=asked.reason,
            at=self._now(),
        )
        await self._handing.carry_out(connection, draft.brand_id, draft.thread_id, done)


def owner_of(brand: Brand, draft: Draft, named: str | None) -> str | None:
    """Who takes a draft over: the one named, else by the brand's rules; nobody who has left."""
    if named is not None:
        require_known(brand, named, field="owner")
        return named
    owner = _by_rule(brand, draft)
    return None if owner is None or brand.person(owner).left else owner


def _by_rule(brand: Brand, draft: Draft) -> str | None:
    content = draft.content
    if content is None:
        return None
    if content.move.kind is MoveKind.ESCALATE and content.move.owner is not None:
        return content.move.owner
    rule = escalation_by_sensitivity(brand, content.triage.sensitivities)
    return None if rule is None else rule.owner
