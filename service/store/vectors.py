"""The vector search seam: exact search in numpy over one brand's vectors, kept in memory."""

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.tables import search_entries

Vectors = npt.NDArray[np.float32]
_KEPT_BRANDS = 64


@dataclass(frozen=True)
class EntryHit:
    """A searchable piece that was found: its row, what it belongs to, and the score."""

    entry_id: int
    ref: str
    text: str
    score: float


@dataclass(frozen=True)
class _Index:
    revision: int
    ids: list[int]
    refs: list[str]
    texts: list[str]
    matrix: Vectors


class VectorSearch:
    """Cosine search. Vectors are unit length, float32; one matrix per brand and source."""

    def __init__(self) -> None:
        self._indexes: OrderedDict[tuple[str, str, str], _Index] = OrderedDict()

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
        index = await self._index(connection, (brand_id, source, model), revision)
        if not index.ids:
            return [[] for _ in queries]
        scores = queries @ index.matrix.T
        return [_best(index, row, limit) for row in scores]

    async def _index(
        self, connection: AsyncConnection, key: tuple[str, str, str], revision: int
    ) -> _Index:
        known = self._indexes.get(key)
        if known is None or known.revision != revision:
            known = await _load(connection, key, revision)
            self._indexes[key] = known
        self._indexes.move_to_end(key)
        while len(self._indexes) > _KEPT_BRANDS:
            self._indexes.popitem(last=False)
        return known


async def _load(connection: AsyncConnection, key: tuple[str, str, str], revision: int) -> _Index:
    brand_id, source, model = key
    entries = search_entries.c
    rows = (
        await connection.execute(
            select(entries.id, entries.ref, entries.text, entries.vector)
            .where(entries.brand_id == brand_id, entries.source == source)
            .where(entries.embedding_model == model)
            .order_by(entries.id)
        )
    ).all()
    matrix = np.stack([np.frombuffer(row.vector, np.float32) for row in rows]) if rows else None
    return _Index(
        revision=revision,
        ids=[row.id for row in rows],
        refs=[row.ref for row in rows],
        texts=[row.text for row in rows],
        matrix=matrix if matrix is not None else np.empty((0, 0), np.float32),
    )


def _best(index: _Index, scores: Vectors, limit: int) -> list[EntryHit]:
    order = np.argsort(-scores, kind="stable")[:limit]
    return [EntryHit(index.ids[i], index.refs[i], index.texts[i], float(scores[i])) for i in order]
