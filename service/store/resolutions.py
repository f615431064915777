"""Which threads are solved, and where that was said: solved, opened again, closed."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.draft import DraftStatus
from service.domain.thread import KnownFact, ThreadState
from service.errors import NotFound
from service.store.known_facts import KnownFactRepository
from service.store.tables import drafts, threads


class ResolutionRepository:
    """Keeps where threads stand between solved and closed."""

    def __init__(self) -> None:
        self._facts = KnownFactRepository()

    async def state(
        self, connection: AsyncConnection, brand_id: str, thread_id: str
    ) -> ThreadState:
        """Where a thread stands, or NotFound."""
        rows = await connection.execute(select(threads).where(is_thread(brand_id, thread_id)))
        row = rows.mappings().first()
        if row is None:
            raise NotFound(f"no thread {thread_id!r} of the brand {brand_id!r}")
        return ThreadState.model_validate(dict(row))

    async def unclosed(
        self,
        connection: AsyncConnection,
        brand_id: str | None,
        *,
        limit: int,
        after: tuple[datetime, str] | None,
    ) -> list[ThreadState]:
        """Public threads whose closing update is begun and not said yet, the oldest first.

        Where none was begun nothing is owed; nor where a person has chosen to say nothing.
        """
        wanted = _closing_begun() & (drafts.c.status != DraftStatus.IGNORED)
        query = select(threads).where(
            threads.c.resolved_at.is_not(None),
            threads.c.closed_at.is_(None),
            threads.c.is_public,
            select(drafts.c.id).where(wanted).correlate(threads).exists(),
        )
        if brand_id is not None:
            query = query.where(threads.c.brand_id == brand_id)
        if after is not None:
            resolved_at, thread_id = after
            tied = and_(threads.c.resolved_at == resolved_at, threads.c.id > thread_id)
            query = query.where(or_(threads.c.resolved_at > resolved_at, tied))
        ordered = query.order_by(threads.c.resolved_at, threads.c.id).limit(limit)
        rows = await connection.execute(ordered)
        return [ThreadState.model_validate(dict(row)) for row in rows.mappings()]

    async def of_thread(
        self, connection: AsyncConnection, brand_id: str, thread_id: str
    ) -> KnownFact | None:
        """How the thread was solved; None while it isn't."""
        _, resolved = await self._facts.of_thread(connection, brand_id, thread_id)
        return resolved

    async def resolve(
        self,
        connection: AsyncConnection,
        brand_id: str,
        thread_id: str,
        resolved: KnownFact,
        *,
        by: str | None,
        now: datetime,
    ) -> None:
        """Keep how the thread was solved; what was said of that before is a plain fact now."""
        await self._facts.unresolve(connection, brand_id, thread_id, private=resolved.private)
        await self._facts.add(connection, brand_id, thread_id, [resolved], now, resolves=True)
        await connection.execute(
            update(threads)
            .where(is_thread(brand_id, thread_id))
            .values(resolved_at=now, resolved_by=by, closed_at=None)
        )

    async def reopen(self, connection: AsyncConnection, brand_id: str, thread_id: str) -> None:
        """The customer wrote again: how it was solved is a plain fact now."""
        await self._facts.unresolve(connection, brand_id, thread_id)
        await connection.execute(
            update(threads)
            .where(is_thread(brand_id, thread_id))
            .values(resolved_at=None, resolved_by=None, closed_at=None)
        )

    async def closing_draft(self, connection: AsyncConnection, state: ThreadState) -> str | None:
        """The newest draft that was begun since the thread was solved; None where there is none."""
        return await connection.scalar(
            select(drafts.c.id)
            .join(threads, _closing_begun())
            .where(is_thread(state.brand_id, state.id))
            .order_by(drafts.c.created_at.desc(), drafts.c.id.desc())
            .limit(1)
        )

    async def close(
        self, connection: AsyncConnection, brand_id: str, thread_id: str, now: datetime
    ) -> None:
        """It was said where it began that the thread is solved."""
        await connection.execute(
            update(threads).where(is_thread(brand_id, thread_id)).values(closed_at=now)
        )


def is_thread(brand_id: str, thread_id: str) -> ColumnElement[bool]:
    """One thread: its id is the tool's own, so only the brand makes it unique."""
    return and_(threads.c.brand_id == brand_id, threads.c.id == thread_id)


def _closing_begun() -> ColumnElement[bool]:
    """Whether the brand began the draft unasked since the thread was solved: to say that it is."""
    return and_(
        drafts.c.unasked,
        drafts.c.brand_id == threads.c.brand_id,
        drafts.c.thread_id == threads.c.id,
        drafts.c.created_at >= threads.c.resolved_at,
    )
