"""Lists of drafts: pages, and the replies that new ones are compared with."""

from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.draft import Draft, DraftStatus
from service.domain.review import DecisionKind, Rejection
from service.store.drafts import draft_of, same_thread
from service.store.tables import decisions, draft_versions, drafts, threads


class DraftLists:
    """Reads many drafts at once, without their attempts."""

    async def page(
        self,
        connection: AsyncConnection,
        *,
        brand_id: str | None,
        status: DraftStatus | None,
        limit: int,
        after: tuple[datetime, str] | None,
    ) -> list[Draft]:
        """Drafts, newest first, without their attempts; `after` is the last row of a page."""
        query = select(drafts).order_by(drafts.c.created_at.desc(), drafts.c.id.desc())
        if brand_id is not None:
            query = query.where(drafts.c.brand_id == brand_id)
        if status is not None:
            query = query.where(drafts.c.status == status)
        if after is not None:
            created_at, draft_id = after
            older = drafts.c.created_at < created_at
            tied = and_(drafts.c.created_at == created_at, drafts.c.id < draft_id)
            query = query.where(or_(older, tied))
        rows = await connection.execute(query.limit(limit))
        return [draft_of(row, []) for row in rows.mappings()]

    async def recent_replies(
        self,
        connection: AsyncConnection,
        brand_id: str,
        *,
        limit: int,
        holding: bool = False,
        besides_thread: str | None = None,
    ) -> list[str]:
        """The brand's newest public replies that wait or went out, newest first.

        Replies in `besides_thread` are left out: going on in a thread is no copying.
        """
        alive = (DraftStatus.APPROVED, DraftStatus.PENDING_REVIEW)
        rows = await connection.scalars(
            select(drafts.c.content["reply"].as_string())
            .join(threads, same_thread())
            .where(drafts.c.brand_id == brand_id, drafts.c.status.in_(alive))
            .where(threads.c.is_public, drafts.c.thread_id != (besides_thread or ""))
            .where(drafts.c.content["holding"].as_boolean().is_(holding))
            .order_by(drafts.c.created_at.desc())
            .limit(limit)
        )
        return [reply for reply in rows if reply]

    async def rejections(self, connection: AsyncConnection, draft_id: str) -> list[Rejection]:
        """The texts of a draft that people turned down, newest first."""
        same = and_(
            draft_versions.c.draft_id == decisions.c.draft_id,
            draft_versions.c.version == decisions.c.draft_version,
        )
        rows = await connection.execute(
            select(draft_versions.c.content["reply"].as_string().label("reply"), decisions.c.reason)
            .join(decisions, same)
            .where(decisions.c.draft_id == draft_id, decisions.c.decision == DecisionKind.REJECT)
            .order_by(decisions.c.draft_version.desc())
        )
        return [Rejection(reply=row.reply, reason=row.reason) for row in rows if row.reply]
