"""Vector search on SQLite: exact for a small brand, nearly so for a large one."""

from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import delete

from service.errors import ConfigurationError
from service.store.brands import BrandRepository
from service.store.numpy_vectors import KEPT_BRANDS, MOST_NEWER, NumpyVectorSearch
from service.store.session import Database
from service.store.tables import search_entries
from service.store.vectors import EntryHit, Vectors
from tests.store.large_brands import alike, fill, nearest
from tests.store.shelves import MODEL, directions

MANY = 6500


@pytest.fixture
async def embedded(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database(f"sqlite+aiosqlite:///{tmp_path / 'amends.db'}")
    await opened.migrate()
    yield opened
    await opened.close()


def recall(found: list[list[EntryHit]], queries: Vectors, vectors: Vectors) -> float:
    best = np.argsort(-(queries @ vectors.T), axis=1)[:, :10]
    right = [
        len({hit.ref for hit in hits} & {f"lamps-{n}" for n in row})
        for hits, row in zip(found, best, strict=True)
    ]
    return sum(right) / best.size


async def test_of_equal_entries_the_older_comes_first(embedded: Database) -> None:
    vectors = np.repeat(alike(3), 5, axis=0)
    await fill(embedded, "lamps", vectors)
    (hits,) = await nearest(NumpyVectorSearch(), embedded, vectors[7:8], limit=7)
    assert [hit.ref for hit in hits[:5]] == [f"lamps-{n}" for n in range(5, 10)]
    assert len(hits) == 7


async def test_more_are_asked_for_than_there_are(embedded: Database) -> None:
    await fill(embedded, "lamps", alike(3))
    found = await nearest(NumpyVectorSearch(), embedded, alike(2, seed=2), limit=50)
    assert [len(hits) for hits in found] == [3, 3]
    assert await nearest(NumpyVectorSearch(), embedded, alike(2), brand_id="nobody") == [[], []]


async def test_a_large_brand_is_searched_nearly_exactly(embedded: Database) -> None:
    vectors, queries = alike(MANY), alike(20, seed=2)
    await fill(embedded, "lamps", vectors)
    search = NumpyVectorSearch(exact_up_to=1000)
    found = await nearest(search, embedded, queries)
    assert recall(found, queries, vectors) >= 0.97
    for hits, query in zip(found, queries, strict=True):
        real = [float(query @ vectors[int(hit.ref.split("-")[1])]) for hit in hits]
        assert [hit.score for hit in hits] == pytest.approx(real, abs=1e-6)
        assert real == sorted(real, reverse=True)


async def test_queries_together_find_what_each_finds_alone(embedded: Database) -> None:
    vectors, queries = alike(MANY), alike(4, seed=2)
    await fill(embedded, "lamps", vectors)
    search = NumpyVectorSearch(exact_up_to=1000)
    together = await nearest(search, embedded, queries)
    alone = [(await nearest(search, embedded, query[None]))[0] for query in queries]
    for one, other in zip(together, alone, strict=True):
        assert [hit.entry_id for hit in one[:3]] == [hit.entry_id for hit in other[:3]]


async def test_equal_vectors_in_thousands_are_no_trouble(embedded: Database) -> None:
    vectors = np.repeat(alike(1), MANY, axis=0)
    await fill(embedded, "lamps", vectors)
    (hits,) = await nearest(NumpyVectorSearch(exact_up_to=1000), embedded, alike(1, seed=2))
    assert len({hit.entry_id for hit in hits}) == 10


@pytest.mark.parametrize("exact_up_to", [10, 20_000])
async def test_brands_sources_and_models_stay_apart(embedded: Database, exact_up_to: int) -> None:
    """The same vectors on four shelves: each search sees its own."""
    vectors = alike(50)
    places = [
        ("lamps", "policy", MODEL),
        ("other", "policy", MODEL),
        ("lamps", "past_reply", MODEL),
        ("lamps", "policy", "another"),
    ]
    for brand_id, source, model in places:
        words = f"{brand_id} {source} {model}"
        await fill(embedded, brand_id, vectors, source=source, model=model, text=words)
    search = NumpyVectorSearch(exact_up_to=exact_up_to)
    for brand_id, source, model in places:
        found = await nearest(
            search, embedded, vectors, brand_id=brand_id, source=source, model=model, limit=100
        )
        texts = {hit.text for hits in found for hit in hits}
        assert texts == {f"{brand_id} {source} {model}"}


@pytest.mark.parametrize("exact_up_to", [10, 20_000])
async def test_a_vector_of_another_length_is_refused(embedded: Database, exact_up_to: int) -> None:
    await fill(embedded, "lamps", alike(50))
    search = NumpyVectorSearch(exact_up_to=exact_up_to)
    with pytest.raises(ConfigurationError, match=r"96 numbers a text .* the model gives 24"):
        await nearest(search, embedded, directions(1))


@pytest.mark.parametrize("exact_up_to", [10, 20_000])
async def test_rows_of_two_lengths_say_what_to_do(embedded: Database, exact_up_to: int) -> None:
    await fill(embedded, "lamps", alike(50))
    await fill(embedded, "lamps", directions(50))
    with pytest.raises(ConfigurationError, match="reindex --brand lamps --anew"):
        await nearest(NumpyVectorSearch(exact_up_to=exact_up_to), embedded, directions(1))


async def test_more_brands_than_are_kept(embedded: Database) -> None:
    names = [f"brand-{n}" for n in range(KEPT_BRANDS + 5)]
    for name in names:
        await fill(embedded, name, alike(3), text=name)
    search = NumpyVectorSearch()
    for name in [*names, *names]:
        (hits,) = await nearest(search, embedded, alike(1), brand_id=name)
        assert {hit.text for hit in hits} == {name}


async def test_what_changes_is_seen_at_once(embedded: Database) -> None:
    """The packed index is behind by a revision, and no search shows it."""
    vectors = alike(MANY)
    ids = await fill(embedded, "lamps", vectors)
    search = NumpyVectorSearch(exact_up_to=1000)
    await nearest(search, embedded, vectors[:1])
    async with embedded.write() as connection:
        await connection.execute(delete(search_entries).where(search_entries.c.id == ids[5]))
    await fill(embedded, "lamps", alike(2, seed=7), text="new")
    found = await nearest(search, embedded, np.vstack([vectors[5:6], alike(2, seed=7)]))
    assert ids[5] not in {hit.entry_id for hit in found[0]}
    assert [hits[0].text for hits in found] == ["lamp", "new", "new"]


async def test_an_index_far_behind_is_waited_for(embedded: Database) -> None:
    await fill(embedded, "lamps", alike(1500))
    search = NumpyVectorSearch(exact_up_to=1000)
    await nearest(search, embedded, alike(1))
    more = alike(MOST_NEWER + 100, seed=7)
    await fill(embedded, "lamps", more, text="new")
    (hits,) = await nearest(search, embedded, more[-1:])
    assert hits[0].text == "new"


async def test_a_brand_that_shrank_is_exact_again(embedded: Database) -> None:
    ids = await fill(embedded, "lamps", alike(1500))
    search = NumpyVectorSearch(exact_up_to=1000)
    await nearest(search, embedded, alike(1))
    async with embedded.write() as connection:
        entry = search_entries.c.id
        await connection.execute(delete(search_entries).where(entry > ids[2]))
        await BrandRepository().raise_knowledge_revision(connection, "lamps")
    (hits,) = await nearest(search, embedded, alike(1))
    assert sorted(hit.entry_id for hit in hits) == ids[:3]
