"""Vector search on SQLite: a small brand exactly in memory, a large one through a packed index.

A packed index only proposes. What is found is read from the database in the caller's own
transaction and compared again with the real vectors, so an index that is a little behind shows
nothing that is gone; rows that are newer than it are looked at one by one until it is made again.
"""

import asyncio
import os
from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import TypeVar

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.exact_index import ExactIndex, exact_index
from service.store.groups import Group
from service.store.packed_files import FOLDER, PackedFiles
from service.store.packed_index import Ids, PackedIndex, pack
from service.store.packing import Packing
from service.store.vector_rows import (
    count_up_to,
    entries_of,
    rows_after,
    rows_by_id,
    rows_of,
    stacked,
)
from service.store.vectors import EntryHit, Vectors, require_length

EXACT_UP_TO = 20_000
"""Up to so many rows looking at each takes a few milliseconds and misses nothing."""
KEPT_BRANDS, KEPT_BYTES = 64, 1 << 30
_SPARE = 8
"""Rows read beyond those asked for: rounding may have put them in another order."""
MOST_NEWER = 5_000
"""More rows than that beyond an index are worth waiting for the next."""
_CHECKED = 200

Index = ExactIndex | PackedIndex
_Found = TypeVar("_Found", ExactIndex, PackedIndex)


class NumpyVectorSearch:
    """Cosine search. Vectors are unit length, float32; one index per brand, source and model."""

    def __init__(self, *, exact_up_to: int = EXACT_UP_TO) -> None:
        self._exact_up_to = exact_up_to
        self._kept = _Kept()
        self._packing = Packing(self._kept.put)

    async def search(
        self,
        connection: AsyncConnection,
        *,
        brand_id: str,
        source: str,
        model: str,
        revision: int,
        queries: Vectors,
        limit: int,
    ) -> list[list[EntryHit]]:
        """For each query (a row of `queries`) the nearest entries of that brand, best first."""
        group = Group(brand_id, source, model)
        index = await self._index(connection, group, revision, queries.shape[1])
        if not len(index.ids) or not len(queries):
            return [[] for _ in queries]
        require_length(queries, index.numbers, brand_id=brand_id, model=model)
        if isinstance(index, PackedIndex):
            index = await _real_rows(connection, group, index, queries, limit)
        return index.nearest(queries, limit)

    async def _index(
        self, connection: AsyncConnection, group: Group, revision: int, numbers: int
    ) -> Index:
        known = self._kept.get(group)
        if known is not None and known.revision == revision:
            return known
        if await count_up_to(connection, group, self._exact_up_to + 1) > self._exact_up_to:
            return await self._packed(connection, group, revision, numbers)
        rows = await rows_of(connection, group)
        return self._kept.put(group, exact_index(group, rows, revision))

    async def _packed(
        self, connection: AsyncConnection, group: Group, revision: int, numbers: int
    ) -> PackedIndex:
        """The index of that revision, or an older one that serves until the new one is made."""
        database = await _database(connection)
        index = self._kept.get(group)
        if not isinstance(index, PackedIndex):
            index = await _from_file(connection, group, database, revision)
        if index is not None:
            self._kept.put(group, index)
            if index.revision >= revision:
                return index
        coming = self._packing.start(database, group, revision)
        if (
            index is None
            or index.numbers != numbers
            or await _is_far_behind(connection, group, index)
        ):
            return await asyncio.wrap_future(coming)
        return index


class _Kept:
    """The indexes used last, as many as there is room for; threads put theirs here too."""

    def __init__(self) -> None:
        self._indexes: OrderedDict[Group, Index] = OrderedDict()
        self._lock = Lock()

    def get(self, group: Group) -> Index | None:
        with self._lock:
            if group in self._indexes:
                self._indexes.move_to_end(group)
            return self._indexes.get(group)

    def put(self, group: Group, index: _Found) -> _Found:
        with self._lock:
            self._indexes[group] = index
            self._indexes.move_to_end(group)
            while len(self._indexes) > 1 and self._are_too_many():
                self._indexes.popitem(last=False)
        return index

    def _are_too_many(self) -> bool:
        taken = sum(index.bytes for index in self._indexes.values())
        return len(self._indexes) > KEPT_BRANDS or taken > KEPT_BYTES


async def _from_file(
    connection: AsyncConnection, group: Group, database: Path, revision: int
) -> PackedIndex | None:
    files = PackedFiles(database.parent / FOLDER)
    index = await asyncio.to_thread(files.newest, group)
    if index is None or await _agrees(connection, group, index, revision):
        return index
    await asyncio.to_thread(files.forget, group)
    return None


async def _agrees(
    connection: AsyncConnection, group: Group, index: PackedIndex, revision: int
) -> bool:
    """Whether an index is this database's, and not of one that a restored copy replaced.

    Histories that part differ in the entries added last, so these are compared, and some others.
    """
    whole = index.revision >= revision
    if whole and await entries_of(connection, group) != len(index.ids):
        return False
    spread = np.linspace(0, len(index.ids) - 1, _CHECKED).astype(int)
    checked = np.union1d(spread, np.arange(len(index.ids))[-_CHECKED:])
    rows = await rows_by_id(connection, group, index.ids[checked].tolist())
    vectors = stacked(group, [row.vector for row in rows])
    if not rows or vectors.shape[1] != index.numbers:
        return False
    places = np.searchsorted(index.ids, [row.id for row in rows])
    same = bool((pack(vectors, index.mean).codes == index.codes[:, places].T).all())
    return same and (len(rows) == len(checked) or not whole)


async def _is_far_behind(connection: AsyncConnection, group: Group, index: PackedIndex) -> bool:
    newer = await rows_after(connection, group, int(index.ids[-1]), MOST_NEWER + 1)
    return len(newer) > MOST_NEWER


async def _real_rows(
    connection: AsyncConnection, group: Group, index: PackedIndex, queries: Vectors, limit: int
) -> ExactIndex:
    """The rows that any query may be near to, and all that the index does not know yet."""
    count = limit + _SPARE
    workers = min(len(queries), os.cpu_count() or 1)
    parts = await asyncio.gather(
        *(
            asyncio.to_thread(_proposed, index, some, count)
            for some in np.array_split(queries, workers)
        )
    )
    ids = np.unique(np.concatenate(parts)).tolist()
    rows = await rows_by_id(connection, group, ids)
    newer = await rows_after(connection, group, int(index.ids[-1]), MOST_NEWER)
    return exact_index(group, [*rows, *newer], index.revision)


def _proposed(index: PackedIndex, queries: Vectors, count: int) -> Ids:
    return np.concatenate([index.nearest(query, count) for query in queries])


async def _database(connection: AsyncConnection) -> Path:
    """The file that this connection reads: the index files stand beside it."""
    found = (await connection.exec_driver_sql("PRAGMA database_list")).first()
    return Path(found.file if found else "")
