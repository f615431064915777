"""What SQLite and PostgreSQL spell differently: upserts, and holding what a writer decides on."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    LargeBinary,
    String,
    Table,
    cast,
    column,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

WRITES = "amends_writes"
"""The execution option by which a transaction that writes is known."""

_Insert = postgresql.Insert | sqlite.Insert


def on_server(connection: AsyncConnection) -> bool:
    """Whether this is PostgreSQL, where others write at the same time."""
    return connection.dialect.name == "postgresql"


def writes(connection: AsyncConnection) -> bool:
    """Whether this transaction was begun in order to write."""
    return bool(connection.sync_connection.get_execution_options().get(WRITES))  # type: ignore[union-attr]


async def hold(connection: AsyncConnection, *names: str) -> None:
    """Until the transaction ends, nobody else gets past here with the same names.

    What is read afterwards stays true until it is written. SQLite has one writer anyway.
    """
    if on_server(connection):
        key = func.hashtextextended("\x1f".join(names), 0)
        await connection.execute(select(func.pg_advisory_xact_lock(key)))


async def upsert(
    connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Insert rows, or update the ones whose primary key is there already."""
    if not rows:
        return
    keys = [column.name for column in table.primary_key.columns]
    statement = _insert(connection, table)
    changed = {
        name: statement.excluded[name]
        for name in rows[0]
        if name not in keys and name != "created_at"
    }
    await connection.execute(
        statement.on_conflict_do_update(index_elements=keys, set_=changed), list(rows)
    )


async def append(
    connection: AsyncConnection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    adding: Sequence[str],
) -> None:
    """Insert rows; to the ones that are there already these columns are added, or joined on."""
    if not rows:
        return
    statement = _insert(connection, table)
    changed = {name: _added(table.c[name], statement.excluded[name]) for name in adding}
    keys = list(table.primary_key.columns)
    await connection.execute(
        statement.on_conflict_do_update(index_elements=keys, set_=changed), list(rows)
    )


def _added(there: Column[Any], more: ColumnElement[Any]) -> ColumnElement[Any]:
    if not isinstance(there.type, LargeBinary):
        return there + more
    return cast(there.op("||")(more), LargeBinary)  # SQLite makes a text of two blobs


async def insert_new(
    connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Insert the rows that are not there yet, and leave the others as they are."""
    if rows:
        await connection.execute(_insert(connection, table).on_conflict_do_nothing(), list(rows))


async def insert_first(connection: AsyncConnection, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert a row; False where it is there already, also by another's hand a moment ago."""
    keys = list(table.primary_key.columns)
    statement = _insert(connection, table).on_conflict_do_nothing().values(**row)
    return (await connection.execute(statement.returning(*keys))).first() is not None


def time_words(connection: AsyncConnection, column: Column[datetime]) -> ColumnElement[str]:
    """A time as text, to the microsecond: SQLite keeps it so, PostgreSQL has to be asked."""
    if on_server(connection):
        return func.to_char(column, "YYYY-MM-DD HH24:MI:SS.US", type_=String)
    return cast(column, String)


def elements(connection: AsyncConnection, array: ColumnElement[Any]) -> ColumnElement[Any]:
    """The elements of a JSON array as a column of a table to join; of null there are none."""
    unfold = func.json_array_elements if on_server(connection) else func.json_each
    return unfold(array).table_valued(column("value", JSON)).c.value


def _insert(connection: AsyncConnection, table: Table) -> _Insert:
    return postgresql.insert(table) if on_server(connection) else sqlite.insert(table)
