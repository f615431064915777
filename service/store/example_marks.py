"""Replies that somebody called good examples, as stored."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.learning import ExampleMark, ExampleStatus
from service.errors import NotFound
from service.store.dialect import insert_new
from service.store.rows import to_json
from service.store.tables import example_marks

_marks = example_marks.c


class ExampleMarkRepository:
    """Reads and writes marks."""

    async def add(self, connection: AsyncConnection, mark: ExampleMark) -> ExampleMark:
        """Keep a mark; where the draft has one already, that one stays and is given."""
        await insert_new(connection, example_marks, [_row(mark)])
        return await self.get(connection, mark.brand_id, mark.draft_id)

    async def find(
        self, connection: AsyncConnection, brand_id: str, draft_id: str
    ) -> ExampleMark | None:
        """The mark of a draft, or None."""
        query = select(example_marks).where(
            _marks.brand_id == brand_id, _marks.draft_id == draft_id
        )
        row = (await connection.execute(query)).mappings().first()
        return None if row is None else ExampleMark.model_validate(dict(row))

    async def get(self, connection: AsyncConnection, brand_id: str, draft_id: str) -> ExampleMark:
        """The mark of a draft, or NotFound."""
        found = await self.find(connection, brand_id, draft_id)
        if found is None:
            raise NotFound(f"brand {brand_id} has no example from draft {draft_id!r}")
        return found

    async def page(
        self,
        connection: AsyncConnection,
        brand_id: str,
        *,
        status: ExampleStatus | None = None,
        limit: int,
        after: tuple[datetime, str] | None = None,
    ) -> list[ExampleMark]:
        """A brand's marks, newest first; `after` is the last row of the page before."""
        query = select(example_marks).where(_marks.brand_id == brand_id)
        if status is not None:
            query = query.where(_marks.status == status)
        if after is not None:
            tied = and_(_marks.created_at == after[0], _marks.draft_id < after[1])
            query = query.where(or_(_marks.created_at < after[0], tied))
        order = (_marks.created_at.desc(), _marks.draft_id.desc())
        rows = await connection.execute(query.order_by(*order).limit(limit))
        return [ExampleMark.model_validate(dict(row)) for row in rows.mappings()]

    async def accepted_ids(self, connection: AsyncConnection, brand_id: str) -> set[str]:
        """The past replies of a brand that were approved drafts once."""
        rows = await connection.scalars(
            select(_marks.draft_id).where(
                _marks.brand_id == brand_id, _marks.status == ExampleStatus.ACCEPTED
            )
        )
        return set(rows)

    async def settle(self, connection: AsyncConnection, mark: ExampleMark) -> bool:
        """Store the decision on a proposed example; False when somebody has decided before."""
        changed = await connection.execute(
            update(example_marks)
            .where(_marks.brand_id == mark.brand_id, _marks.draft_id == mark.draft_id)
            .where(_marks.status == ExampleStatus.PROPOSED)
            .values(**_row(mark))
        )
        return changed.rowcount == 1


def _row(mark: ExampleMark) -> dict[str, Any]:
    return {**mark.model_dump(), "example": to_json(mark.example)}
