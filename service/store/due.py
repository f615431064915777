"""Waiting drafts whose deadline is near or past, and of which that was not said yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, and_, exists, literal, or_, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.thread import Channel
from service.domain.triage import DeadlineClass
from service.store.dialect import time_words
from service.store.drafts import same_thread
from service.store.tables import drafts, notices, threads, waits


@dataclass(frozen=True)
class DueDraft:
    """A draft that waits, with its deadline and what the deadline was counted by."""

    id: str
    brand_id: str
    thread_id: str
    assignee: str | None
    asked_at: datetime | None
    deadline_at: datetime
    channel: Channel
    deadline_class: DeadlineClass


def deadline_notice(topic: str, deadline: datetime) -> str:
    """What a notice about this deadline is called: a draft that gets another is warned of anew."""
    return f"{topic} {deadline.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"


class DueRepository:
    """Reads across brands, for the background work alone."""

    async def unsaid(
        self,
        connection: AsyncConnection,
        topics: Sequence[str],
        *,
        since: datetime | None = None,
        until: datetime,
        after: DueDraft | None = None,
        limit: int,
    ) -> list[DueDraft]:
        """Drafts due in that time with no notice on any of the topics, the earliest first."""
        due, own = drafts.c.deadline_at, drafts.c.id
        query = (
            select(
                own,
                drafts.c.brand_id,
                drafts.c.thread_id,
                drafts.c.assignee,
                drafts.c.asked_at,
                due,
                threads.c.channel,
                drafts.c.deadline_class,
            )
            .join(threads, same_thread())
            .where(waits(drafts.c.status), due <= until)
            .where(~exists().where(_said(connection, topics)))
            .order_by(due, own)
            .limit(limit)
        )
        if since is not None:
            query = query.where(due > since)
        if after is not None:
            behind = or_(due > after.deadline_at, own > after.id)
            query = query.where(and_(due >= after.deadline_at, behind))
        rows = await connection.execute(query)
        return [_due(row) for row in rows.mappings()]


def _said(connection: AsyncConnection, topics: Sequence[str]) -> ColumnElement[bool]:
    words = time_words(connection, drafts.c.deadline_at)
    keys = [literal(f"{topic} ").concat(words) for topic in topics]
    return and_(notices.c.subject == drafts.c.id, notices.c.what.in_(keys))


def _due(row: RowMapping) -> DueDraft:
    same = ("id", "brand_id", "thread_id", "assignee", "asked_at", "deadline_at")
    return DueDraft(
        **{name: row[name] for name in same},
        channel=Channel(row["channel"]),
        deadline_class=DeadlineClass(row["deadline_class"] or DeadlineClass.NORMAL),
    )
