"""The searchable pieces of a brand's knowledge: what is indexed, and under which vectors."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.fulltext import FullTextSearch
from service.store.tables import search_entries
from service.store.vectors import Vectors

POLICY = "policy"
PAST_REPLY = "past_reply"


@dataclass(frozen=True)
class Entry:
    """One searchable piece before it is stored; `vector` is unit length float32."""

    ref: str
    ordinal: int
    text: str
    vector: Vectors


class SearchIndex:
    """Writes entries to both searches at once, so that they never disagree."""

    def __init__(self, fulltext: FullTextSearch) -> None:
        self._fulltext = fulltext

    async def vectors_by_text(
        self, connection: AsyncConnection, brand_id: str, model: str
    ) -> dict[str, Vectors]:
        """Vectors that are stored already: an unchanged piece is not embedded again."""
        entries = search_entries.c
        rows = await connection.execute(
            select(entries.text, entries.vector).where(
                entries.brand_id == brand_id, entries.embedding_model == model
            )
        )
        return {row.text: np.frombuffer(row.vector, np.float32) for row in rows}

    async def replace(
        self,
        connection: AsyncConnection,
        *,
        brand_id: str,
        source: str,
        model: str,
        entries: Sequence[Entry],
    ) -> None:
        """Make these the brand's entries of that source."""
        columns = search_entries.c
        mine = (columns.brand_id == brand_id) & (columns.source == source)
        old = (await connection.scalars(select(columns.id).where(mine))).all()
        await self._fulltext.remove(connection, old)
        await connection.execute(delete(search_entries).where(mine))
        for entry in entries:
            await self._add(connection, brand_id, source, model, entry)

    async def _add(
        self, connection: AsyncConnection, brand_id: str, source: str, model: str, entry: Entry
    ) -> None:
        result = await connection.execute(
            insert(search_entries).values(
                brand_id=brand_id,
                source=source,
                ref=entry.ref,
                ordinal=entry.ordinal,
                text=entry.text,
                embedding_model=model,
                vector=entry.vector.astype(np.float32).tobytes(),
            )
        )
        key = result.inserted_primary_key
        entry_id = int(key[0]) if key else 0
        await self._fulltext.add(
            connection, entry_id, body=entry.text, brand_id=brand_id, source=source
        )
