"""Policy passages and past replies as stored."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Table, delete, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.knowledge import PastReply, PolicyPassage, PolicyStatus
from service.store.dialect import upsert
from service.store.rows import content_hash
from service.store.tables import past_replies, policy_passages


class KnowledgeRepository:
    """Reads and writes what a brand knows."""

    async def policy(
        self,
        connection: AsyncConnection,
        brand_id: str,
        *,
        after: tuple[str, str] | None = None,
        limit: int | None = None,
    ) -> list[PolicyPassage]:
        """Every version of every passage by id and version, or a page that begins after one."""
        columns = policy_passages.c
        query = select(policy_passages).where(columns.brand_id == brand_id)
        if after is not None:
            query = query.where(tuple_(columns.id, columns.version) > tuple_(*after))
        rows = await connection.execute(query.order_by(columns.id, columns.version).limit(limit))
        return [PolicyPassage.model_validate(dict(row)) for row in rows.mappings()]

    async def superseded(
        self, connection: AsyncConnection, brand_id: str, today: date, *, limit: int
    ) -> list[PolicyPassage]:
        """Passages that were in force and are no more, the latest first."""
        columns = policy_passages.c
        over = or_(columns.status == PolicyStatus.SUPERSEDED, columns.valid_to < today)
        rows = await connection.execute(
            select(policy_passages)
            .where(columns.brand_id == brand_id, over)
            .order_by(columns.valid_to.desc().nulls_last(), columns.id, columns.version)
            .limit(limit)
        )
        return [PolicyPassage.model_validate(dict(row)) for row in rows.mappings()]

    async def past_replies(
        self,
        connection: AsyncConnection,
        brand_id: str,
        *,
        after: str | None = None,
        limit: int | None = None,
    ) -> list[PastReply]:
        """Every past reply by id, or a page that begins after one."""
        columns = past_replies.c
        query = select(past_replies).where(columns.brand_id == brand_id)
        if after is not None:
            query = query.where(columns.id > after)
        rows = await connection.execute(query.order_by(columns.id).limit(limit))
        return [PastReply.model_validate(dict(row)) for row in rows.mappings()]

    async def passages_by_ref(
        self, connection: AsyncConnection, brand_id: str, refs: Iterable[tuple[str, str]]
    ) -> dict[tuple[str, str], PolicyPassage]:
        """Passages by (id, version)."""
        key = tuple_(policy_passages.c.id, policy_passages.c.version)
        rows = await connection.execute(
            select(policy_passages).where(
                policy_passages.c.brand_id == brand_id, key.in_(list(refs))
            )
        )
        found = (PolicyPassage.model_validate(dict(row)) for row in rows.mappings())
        return {(passage.id, passage.version): passage for passage in found}

    async def replies_by_id(
        self, connection: AsyncConnection, brand_id: str, ids: Iterable[str]
    ) -> dict[str, PastReply]:
        """Past replies by id."""
        rows = await connection.execute(
            select(past_replies).where(
                past_replies.c.brand_id == brand_id, past_replies.c.id.in_(list(ids))
            )
        )
        found = (PastReply.model_validate(dict(row)) for row in rows.mappings())
        return {reply.id: reply for reply in found}

    async def replace_policy(
        self, connection: AsyncConnection, brand_id: str, passages: Sequence[PolicyPassage]
    ) -> None:
        """Make these the brand's passages; the ones not listed are gone."""
        await _replace(connection, policy_passages, brand_id, passages)

    async def replace_past_replies(
        self, connection: AsyncConnection, brand_id: str, replies: Sequence[PastReply]
    ) -> None:
        """Make these the brand's past replies; the ones not listed are gone."""
        await _replace(connection, past_replies, brand_id, replies)


async def _replace(
    connection: AsyncConnection, table: Table, brand_id: str, items: Sequence[BaseModel]
) -> None:
    await connection.execute(delete(table).where(table.c.brand_id == brand_id))
    await upsert(connection, table, [_row(brand_id, item) for item in items])


def _row(brand_id: str, item: BaseModel) -> dict[str, Any]:
    values: dict[str, Any] = item.model_dump(mode="python")
    return {"brand_id": brand_id, "content_hash": content_hash(item), **values}
