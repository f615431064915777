"""The upsert seam: the one statement that SQLite and PostgreSQL spell through different imports."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection


async def upsert(
    connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Insert rows, or update the ones whose primary key is there already."""
    if not rows:
        return
    keys = [column.name for column in table.primary_key.columns]
    statement = sqlite_insert(table)
    changed = {
        name: statement.excluded[name]
        for name in rows[0]
        if name not in keys and name != "created_at"
    }
    await connection.execute(
        statement.on_conflict_do_update(index_elements=keys, set_=changed), list(rows)
    )
