"""What the store's tests fill it with: entries with vectors that need no model."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import numpy as np
from sqlalchemy import insert

from service.domain.brand import Brand
from service.store.brands import BrandRepository
from service.store.fulltext import FullTextSearch
from service.store.session import Connection, Database
from service.store.tables import search_entries
from service.store.vectors import Vectors

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MODEL = "made-up"
LENGTH = 24


def brand(brand_id: str) -> Brand:
    return Brand(id=brand_id, name=brand_id.title(), voice="Plain.")


def unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / lengths, np.float32)


def directions(count: int, *, seed: int = 1, length: int = LENGTH) -> Vectors:
    """Unit vectors that differ."""
    return unit(np.random.default_rng(seed).standard_normal((count, length)).astype(np.float32))


async def save_brands(database: Database, *ids: str) -> None:
    async with database.write() as connection:
        for brand_id in ids:
            await BrandRepository().save(connection, brand(brand_id), NOON)


async def shelve(
    connection: Connection,
    brand_id: str,
    texts: Sequence[str],
    vectors: Vectors | None = None,
    *,
    source: str = "policy",
    model: str = MODEL,
) -> list[int]:
    """Entries as an import leaves them, in both searches; gives their ids."""
    numbers = directions(len(texts)) if vectors is None else vectors
    rows = [
        {
            "brand_id": brand_id,
            "source": source,
            "ref": f"{brand_id}-{n}",
            "ordinal": 0,
            "text": words,
            "embedding_model": model,
            "vector": numbers[n].tobytes(),
        }
        for n, words in enumerate(texts)
    ]
    added = await connection.scalars(
        insert(search_entries).returning(search_entries.c.id, sort_by_parameter_order=True), rows
    )
    ids = list(added.all())
    bodies: Mapping[int, str] = dict(zip(ids, texts, strict=True))
    await FullTextSearch().add_all(connection, brand_id, bodies)
    return ids
