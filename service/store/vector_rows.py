"""Vectors as SQLite holds them: read by group, all or a few."""

import json
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, Integer, and_, column, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.errors import ConfigurationError
from service.store.groups import Group
from service.store.tables import search_entries
from service.store.vectors import Vectors

_entries = search_entries.c
_AT_ONCE = 4096
_SAMPLE = 16_384


class VectorRow(NamedTuple):
    """An entry with its vector as bytes."""

    id: int
    ref: str
    text: str
    vector: bytes


_row = [_entries[name] for name in VectorRow._fields]


async def count_up_to(connection: AsyncConnection, group: Group, most: int) -> int:
    """How many rows the group has, counted no further than that."""
    counted = select(_entries.id).where(group.holds()).limit(most).subquery()
    return int(await connection.scalar(select(func.count()).select_from(counted)) or 0)


async def entries_of(connection: AsyncConnection, group: Group) -> int:
    """How many rows the group has: an index tells."""
    query = select(func.count()).select_from(search_entries).where(group.holds())
    return int(await connection.scalar(query) or 0)


async def rows_of(connection: AsyncConnection, group: Group) -> list[VectorRow]:
    """The group's rows by id."""
    query = select(*_row).where(group.holds()).order_by(_entries.id)
    return [VectorRow(*row) for row in await connection.execute(query)]


async def rows_after(
    connection: AsyncConnection, group: Group, entry_id: int, most: int
) -> list[VectorRow]:
    """The group's rows with higher ids, up to so many."""
    later = and_(group.holds(), _entries.id > entry_id)
    query = select(*_row).where(later).order_by(_entries.id).limit(most)
    return [VectorRow(*row) for row in await connection.execute(query)]


async def rows_by_id(
    connection: AsyncConnection, group: Group, ids: Sequence[int]
) -> list[VectorRow]:
    """Those of the rows that are there and the group's, by id."""
    listed = func.json_each(json.dumps(ids)).table_valued(column("value", Integer))
    query = select(*_row).where(
        _entries.id.in_(select(listed.c.value)),
        # Put so, SQLite goes to the rows at once: by way of the brand's index a cold disk has
        # twice as much to read.
        _entries.brand_id + "" == group.brand_id,
        _entries.source == group.source,
        _entries.embedding_model == group.model,
    )
    query = query.order_by(_entries.id)
    return [VectorRow(*row) for row in await connection.execute(query)]


def sampled_mean(connection: Connection, group: Group) -> Vectors | None:
    """The mean of some vectors from all over the group; None where it is empty."""
    first, last = connection.execute(
        select(func.min(_entries.id), func.max(_entries.id)).where(group.holds())
    ).one()
    # An odd step meets entries that were added by turns with others' as well.
    step = (0 if first is None else (last - first) // _SAMPLE) | 1
    query = select(_entries.vector).where(group.holds())
    sample = connection.scalars(query.where(_entries.id % step == 0)).all()
    vectors = stacked(group, sample or connection.scalars(query.limit(1)).all())
    return vectors.mean(axis=0) if len(vectors) else None


def streamed(
    connection: Connection, group: Group
) -> Iterator[tuple[npt.NDArray[np.int64], Vectors]]:
    """All ids and vectors by id, some thousands at a time: a million would not fit twice."""
    query = select(_entries.id, _entries.vector).where(group.holds()).order_by(_entries.id)
    found = connection.execute(query, execution_options={"yield_per": _AT_ONCE})
    for rows in found.partitions():
        yield np.array([row.id for row in rows]), stacked(group, [row.vector for row in rows])


def stacked(group: Group, vectors: Sequence[bytes]) -> Vectors:
    """Vectors in rows of one array; of different lengths they are of different models."""
    lengths = {len(vector) for vector in vectors}
    if len(lengths) > 1:
        raise ConfigurationError(
            f"brand {group.brand_id!r} holds vectors of different lengths under {group.model!r}: "
            f"`amends brand reindex --brand {group.brand_id} --anew` makes them again"
        )
    return np.frombuffer(b"".join(vectors), np.float32).reshape(len(vectors), -1 if vectors else 0)
