"""Vector search inside PostgreSQL: exact for small brands, an index of its own for a large one."""

import asyncio

import numpy as np
import pytest
from sqlalchemy import text

from service.errors import ConfigurationError
from service.store.groups import Group
from service.store.numpy_vectors import NumpyVectorSearch
from service.store.pgvector import PgVectorSearch, nearest_in
from service.store.session import Database
from service.store.vectors import EntryHit, Vectors, VectorSearch
from tests.store.shelves import MODEL, directions, save_brands, shelve, unit

MANY = 1500


async def nearest(
    search: VectorSearch,
    db: Database,
    queries: Vectors,
    *,
    brand_id: str = "lamps",
    model: str = MODEL,
    limit: int = 10,
    revision: int = 1,
) -> list[list[EntryHit]]:
    async with db.read() as connection:
        return await search.search(
            connection,
            brand_id=brand_id,
            source="policy",
            model=model,
            revision=revision,
            queries=queries,
            limit=limit,
        )


async def fill(db: Database, brand_id: str, vectors: Vectors, *, model: str = MODEL) -> None:
    await save_brands(db, brand_id)
    async with db.write() as connection:
        await shelve(connection, brand_id, ["lamp"] * len(vectors), vectors, model=model)


async def plan(db: Database, query: Vectors, *, sorts: bool = False) -> str:
    """How the server would carry the search out if it had reason to avoid sorting."""
    async with db.read() as connection:
        if not sorts:
            await connection.execute(text("SET LOCAL enable_sort = off"))
        statement = nearest_in(Group("lamps", "policy", MODEL), query, 10)
        compiled = statement.compile(
            dialect=connection.dialect, compile_kwargs={"literal_binds": True}
        )
        rows = await connection.execute(text(f"EXPLAIN {compiled}".replace(":", r"\:")))
        return "\n".join(row[0] for row in rows)


async def test_both_searches_agree(db: Database) -> None:
    """The same rows and scores as exact arithmetic gives, up to pgvector's half precision."""
    vectors, queries = directions(300), directions(4, seed=2)
    await fill(db, "lamps", vectors)
    search = PgVectorSearch(db) if db.on_server else NumpyVectorSearch()
    found = await nearest(search, db, queries)
    exact = queries @ vectors.T
    for hits, scores in zip(found, exact, strict=True):
        best = np.argsort(-scores, kind="stable")[:10]
        assert [hit.ref for hit in hits] == [f"lamps-{n}" for n in best]
        assert [hit.score for hit in hits] == pytest.approx(scores[best].tolist(), abs=2e-3)


async def test_a_large_brand_gets_its_own_index(server: Database) -> None:
    vectors, queries = directions(MANY), directions(20, seed=2)
    await fill(server, "lamps", vectors)
    await fill(server, "small", directions(20, seed=3))
    search = PgVectorSearch(server, exact_up_to=1000)
    assert len(await search.build_indexes()) == 1
    assert await search.build_indexes() == []
    found = await nearest(search, server, queries)
    best = np.argsort(-(queries @ vectors.T), axis=1)[:, :10]
    hits = [{hit.ref for hit in row} for row in found]
    right = [len(refs & {f"lamps-{n}" for n in row}) for refs, row in zip(hits, best, strict=True)]
    assert sum(right) / (10 * len(queries)) >= 0.98
    assert "ix_near_" in await plan(server, queries[:1])


async def test_the_server_prefers_the_index_where_there_is_one(server: Database) -> None:
    """It did not at 10,000 entries, as long as it took pages for slow ones."""
    await fill(server, "lamps", directions(10_000, length=384))
    await PgVectorSearch(server).build_indexes()
    assert "ix_near_" in await plan(server, directions(1, seed=2, length=384), sorts=True)


async def test_the_index_is_built_beside_the_searches(server: Database) -> None:
    await fill(server, "lamps", directions(MANY))
    search = PgVectorSearch(server, exact_up_to=1000)
    query = directions(1, seed=2)
    before = await nearest(search, server, query)
    async with asyncio.timeout(30):
        while "ix_near_" not in await plan(server, query):  # noqa: ASYNC110 (the server tells nobody)
            await asyncio.sleep(0.05)
    assert await nearest(search, server, query) == before


async def test_an_index_that_nobody_needs_goes(server: Database) -> None:
    await fill(server, "lamps", directions(MANY))
    await PgVectorSearch(server, exact_up_to=1000).build_indexes()
    await PgVectorSearch(server, exact_up_to=MANY).build_indexes()
    assert "ix_near_" not in await plan(server, directions(1))


async def test_models_of_other_lengths_stand_side_by_side(server: Database) -> None:
    await fill(server, "lamps", directions(MANY))
    await fill(server, "lamps", directions(MANY, length=32), model="newer")
    search = PgVectorSearch(server, exact_up_to=1000)
    assert len(await search.build_indexes()) == 2
    old = await nearest(search, server, directions(1))
    new = await nearest(search, server, directions(1, length=32), model="newer")
    assert (len(old[0]), len(new[0])) == (10, 10)


async def test_any_name_may_have_an_index(server: Database) -> None:
    """Names go into the index's definition, where there are no parameters."""
    name = "it's a:model, 100% %s; --"
    await fill(server, "lamps", directions(MANY), model=name)
    search = PgVectorSearch(server, exact_up_to=1000)
    assert len(await search.build_indexes()) == 1
    found = await nearest(search, server, directions(1), model=name)
    assert found[0][0].ref == "lamps-0"


async def test_a_wrong_length_is_said_in_words(server: Database) -> None:
    await fill(server, "lamps", directions(5))
    with pytest.raises(ConfigurationError, match=r"24 numbers a text under 'made-up'.* gives 32"):
        await nearest(PgVectorSearch(server), server, directions(1, length=32))


async def test_a_brands_neighbours_never_crowd_it_out(server: Database) -> None:
    """A filter behind a shared index loses what another brand's nearer entries push away."""
    query = directions(1, seed=9)
    near = unit(query + 0.01 * directions(MANY, seed=4))
    await fill(server, "lamps", directions(MANY, seed=5))
    await fill(server, "crowd", near)
    search = PgVectorSearch(server, exact_up_to=1000)
    await search.build_indexes()
    found = await nearest(search, server, query, limit=50)
    assert len(found[0]) == 50
    assert all(hit.ref.startswith("lamps-") for hit in found[0])
