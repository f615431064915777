"""Who has which draft, and how it came to them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.team import HandOver, Traits
from service.domain.triage import MoveKind
from service.store.drafts import same_thread
from service.store.rows import new_id
from service.store.tables import drafts, hand_overs, threads, waits


@dataclass(frozen=True)
class HeldDraft:
    """A waiting draft that somebody has, with what decides who could get it instead."""

    id: str
    thread_id: str
    traits: Traits


class HandOverRepository:
    """Assigns drafts, and keeps every hand-over."""

    async def add(self, connection: AsyncConnection, brand_id: str, done: HandOver) -> None:
        """Give the draft to its new person, and keep how it came to them."""
        await connection.execute(
            update(drafts).where(drafts.c.id == done.draft_id).values(assignee=done.to_person)
        )
        values = {**done.model_dump(), "brand_id": brand_id}
        await connection.execute(insert(hand_overs).values(id=new_id("hov"), **values))

    async def of_draft(self, connection: AsyncConnection, draft_id: str) -> list[HandOver]:
        """Every hand-over of a draft, oldest first."""
        query = select(hand_overs).where(hand_overs.c.draft_id == draft_id)
        rows = await connection.execute(query.order_by(hand_overs.c.at, hand_overs.c.id))
        return [
            HandOver.model_validate({name: row[name] for name in HandOver.model_fields})
            for row in rows.mappings()
        ]

    async def assignee(self, connection: AsyncConnection, draft_id: str) -> str | None:
        """Who has the draft."""
        return await connection.scalar(select(drafts.c.assignee).where(drafts.c.id == draft_id))

    async def has(self, connection: AsyncConnection, draft_id: str, person: str) -> bool:
        """Whether the draft waits for this person."""
        waiting = select(drafts.c.id).where(drafts.c.id == draft_id, waits(drafts.c.status))
        found = await connection.scalar(waiting.where(drafts.c.assignee == person))
        return found is not None

    async def last_in_thread(
        self, connection: AsyncConnection, brand_id: str, thread_id: str, *, besides: str
    ) -> str | None:
        """Who had the thread last, by its other drafts."""
        return await connection.scalar(
            select(drafts.c.assignee)
            .where(drafts.c.brand_id == brand_id, drafts.c.thread_id == thread_id)
            .where(drafts.c.assignee.is_not(None), drafts.c.id != besides)
            .order_by(drafts.c.created_at.desc(), drafts.c.id)
            .limit(1)
        )

    async def held_by(
        self,
        connection: AsyncConnection,
        brand_id: str,
        person: str,
        *,
        after: str,
        limit: int,
    ) -> Sequence[HeldDraft]:
        """What waits for a person, by id; `after` is the last one of the batch before."""
        content = drafts.c.content
        query = (
            select(
                drafts.c.id,
                drafts.c.thread_id,
                drafts.c.kind,
                threads.c.channel,
                content["language"].as_string().label("language"),
                content["triage"]["sensitivities"].label("sensitivities"),
                content["move"].label("move"),
            )
            .join(threads, same_thread())
            .where(drafts.c.brand_id == brand_id, waits(drafts.c.status))
            .where(drafts.c.assignee == person, drafts.c.id > after)
            .order_by(drafts.c.id)
            .limit(limit)
        )
        rows = await connection.execute(query)
        return [_held(row) for row in rows.mappings()]


def _held(row: RowMapping) -> HeldDraft:
    move = row["move"] or {}
    traits = Traits(
        channel=row["channel"],
        language=row["language"],
        kind=row["kind"],
        sensitivities=row["sensitivities"] or (),
        owner=move.get("owner") if move.get("kind") == MoveKind.ESCALATE else None,
    )
    return HeldDraft(row["id"], row["thread_id"], traits)
