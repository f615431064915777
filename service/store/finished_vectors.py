"""Vectors that were made and not indexed yet: what a killed import or re-index goes on from."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.dialect import insert_new
from service.store.tables import finished_vectors
from service.store.vectors import Vectors

KEPT = timedelta(days=30)
"""An import that nobody finished in that time was given up."""
_AT_ONCE = 500
_columns = finished_vectors.c


class FinishedVectors:
    """Vectors by embedding model and text; they hold no text, only its hash."""

    async def find(
        self, connection: AsyncConnection, model: str, texts: Sequence[str]
    ) -> dict[str, Vectors]:
        """The vectors of those texts that have one."""
        by_hash = {_hash(text): text for text in texts}
        found: dict[str, Vectors] = {}
        for hashes in _batches(list(by_hash)):
            rows = await connection.execute(
                select(_columns.text_hash, _columns.vector).where(
                    _columns.embedding_model == model, _columns.text_hash.in_(hashes)
                )
            )
            found |= {by_hash[row.text_hash]: np.frombuffer(row.vector, np.float32) for row in rows}
        return found

    async def keep(
        self,
        connection: AsyncConnection,
        model: str,
        vectors: Mapping[str, Vectors],
        now: datetime,
    ) -> None:
        """Keep vectors until they are indexed; another import may have made the same ones."""
        rows = [
            {
                "embedding_model": model,
                "text_hash": _hash(text),
                "vector": np.asarray(vector, np.float32).tobytes(),
                "created_at": now,
            }
            for text, vector in vectors.items()
        ]
        await insert_new(connection, finished_vectors, rows)

    async def forget(self, connection: AsyncConnection, model: str, texts: Sequence[str]) -> None:
        """Drop what is indexed by now."""
        for hashes in _batches([_hash(text) for text in texts]):
            await connection.execute(
                delete(finished_vectors).where(
                    _columns.embedding_model == model, _columns.text_hash.in_(hashes)
                )
            )

    async def forget_all(self, connection: AsyncConnection, model: str) -> None:
        """Drop all that was made by a model of that name."""
        await connection.execute(delete(finished_vectors).where(_columns.embedding_model == model))

    async def give_up(self, connection: AsyncConnection, now: datetime) -> None:
        """Drop what nobody came back for."""
        await connection.execute(delete(finished_vectors).where(_columns.created_at < now - KEPT))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _batches(items: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]
