"""What agents vouch for in a thread, with how it was solved."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.thread import KnownFact
from service.store.rows import new_id
from service.store.tables import known_facts


class KnownFactRepository:
    """Reads and writes known facts; the newest of those that resolve a thread counts."""

    async def of_thread(
        self,
        connection: AsyncConnection,
        brand_id: str,
        thread_id: str,
        *,
        since: datetime | None = None,
    ) -> tuple[list[KnownFact], KnownFact | None]:
        """The plain facts, oldest first, and how the thread was solved, if it was."""
        query = select(known_facts).where(_of(brand_id, thread_id))
        if since is not None:
            query = query.where(known_facts.c.created_at > since)
        rows = (await connection.execute(query.order_by(known_facts.c.created_at))).all()
        facts = [KnownFact(text=r.text, private=r.private) for r in rows if not r.resolves]
        resolved = [KnownFact(text=r.text, private=r.private) for r in rows if r.resolves]
        return facts, (resolved[-1] if resolved else None)

    async def add(
        self,
        connection: AsyncConnection,
        brand_id: str,
        thread_id: str,
        facts: Sequence[KnownFact],
        now: datetime,
        *,
        resolves: bool = False,
    ) -> None:
        """Keep facts; what was said in public and is private now is private from the first."""
        hidden = [fact.text for fact in facts if fact.private]
        if hidden:
            same = and_(_of(brand_id, thread_id), known_facts.c.text.in_(hidden))
            await connection.execute(update(known_facts).where(same).values(private=True))
        rows = [
            {
                "id": new_id("fact"),
                "brand_id": brand_id,
                "thread_id": thread_id,
                "text": fact.text,
                "private": fact.private,
                "resolves": resolves,
                "created_at": now,
            }
            for fact in facts
        ]
        if rows:
            await connection.execute(insert(known_facts), rows)

    async def unresolve(
        self, connection: AsyncConnection, brand_id: str, thread_id: str, *, private: bool = False
    ) -> None:
        """How the thread was solved becomes a fact like any other; `private`: one to be kept."""
        solved = and_(_of(brand_id, thread_id), known_facts.c.resolves)
        values = {"resolves": False, **({"private": True} if private else {})}
        await connection.execute(update(known_facts).where(solved).values(values))


def _of(brand_id: str, thread_id: str) -> ColumnElement[bool]:
    return and_(known_facts.c.brand_id == brand_id, known_facts.c.thread_id == thread_id)
