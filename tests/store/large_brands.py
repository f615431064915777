"""A brand's vectors in the embedded database, and searches over them."""

from sqlalchemy import insert, select

from service.store.brands import BrandRepository
from service.store.numpy_vectors import NumpyVectorSearch
from service.store.session import Database
from service.store.tables import search_entries
from service.store.vectors import EntryHit, Vectors
from tests.store.shelves import MODEL, NOON, brand, directions, unit

LONG = 96


def alike(count: int, *, seed: int = 1) -> Vectors:
    """Unit vectors around one mean, as those of embedding models are."""
    common = 2 * directions(1, seed=99, length=LONG)
    return unit(common + directions(count, seed=seed, length=LONG))


async def fill(
    db: Database,
    brand_id: str,
    vectors: Vectors,
    *,
    source: str = "policy",
    model: str = MODEL,
    text: str = "lamp",
) -> list[int]:
    """Entries as an import leaves them, but for the words, which take long."""
    shelf = {"brand_id": brand_id, "source": source, "embedding_model": model, "text": text}
    rows = [
        {**shelf, "ref": f"{brand_id}-{n}", "ordinal": 0, "vector": vector.tobytes()}
        for n, vector in enumerate(vectors)
    ]
    async with db.write() as connection:
        await BrandRepository().save(connection, brand(brand_id), NOON)
        await BrandRepository().raise_knowledge_revision(connection, brand_id)
        await connection.execute(insert(search_entries), rows)
        mine = select(search_entries.c.id).where(search_entries.c.brand_id == brand_id)
        ids = await connection.scalars(mine.order_by(search_entries.c.id))
        return list(ids.all())[-len(rows) :]


async def nearest(
    search: NumpyVectorSearch,
    db: Database,
    queries: Vectors,
    *,
    brand_id: str = "lamps",
    source: str = "policy",
    model: str = MODEL,
    limit: int = 10,
) -> list[list[EntryHit]]:
    async with db.read() as connection:
        return await search.search(
            connection,
            brand_id=brand_id,
            source=source,
            model=model,
            revision=await BrandRepository().knowledge_revision(connection, brand_id),
            queries=queries,
            limit=limit,
        )
