"""Drafts that people decided on, with what the machine had proposed."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.draft import DraftContent, DraftStatus
from service.domain.review import DecisionKind
from service.store.tables import decisions, draft_versions, drafts

_ENDED = {
    DraftStatus.APPROVED: DecisionKind.EDIT,
    DraftStatus.REJECTED: DecisionKind.REJECT,
}
"""Where a draft ended, and the decision that makes it worth learning from."""


class DecidedRepository:
    """Reads what reviewers did."""

    async def ids(
        self, connection: AsyncConnection, *, brand_id: str | None, since: datetime | None
    ) -> list[str]:
        """Drafts that were approved after an edit, or rejected, oldest first."""
        query = (
            select(drafts.c.id, drafts.c.status, decisions.c.decision)
            .join(decisions, decisions.c.draft_id == drafts.c.id)
            .where(drafts.c.status.in_(_ENDED), decisions.c.decision.in_(_ENDED.values()))
            .order_by(drafts.c.created_at, drafts.c.id)
        )
        if brand_id is not None:
            query = query.where(drafts.c.brand_id == brand_id)
        if since is not None:
            query = query.where(decisions.c.decided_at >= since)
        rows = await connection.execute(query)
        fitting = (row.id for row in rows if _ENDED[DraftStatus(row.status)] == row.decision)
        return list(dict.fromkeys(fitting))

    async def proposed(self, connection: AsyncConnection, draft_id: str) -> DraftContent | None:
        """What the machine wrote last, before any person changed it."""
        stored = await connection.scalar(
            select(draft_versions.c.content)
            .where(draft_versions.c.draft_id == draft_id)
            .where(draft_versions.c.created_by == "amends")
            .order_by(draft_versions.c.version.desc())
            .limit(1)
        )
        return None if stored is None else DraftContent.model_validate(stored)
