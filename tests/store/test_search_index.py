"""Two models' entries side by side: what is searched, and that no word is counted twice."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from sqlalchemy import func, select, update

from service.store.fulltext import FullTextSearch
from service.store.index_plan import POLICY, IndexPlan, Piece
from service.store.search_index import SearchIndex
from service.store.session import Database
from service.store.tables import search_entries
from service.store.vectors import Vectors
from tests.store.shelves import directions, save_brands, shelve

OLD, NEW = "old", "new"
TEXTS = (
    "A lamp that arrives broken is replaced free of charge.",
    "A parcel that is late entitles you to money back. Late is late.",
    "Gift cards are valid for two years.",
    "A broken gift card is replaced.",
    "Late parcels are traced.",
)
PIECES = [Piece(POLICY, f"p{n}", 0, text) for n, text in enumerate(TEXTS)]
INDEX = SearchIndex(FullTextSearch(), at_once=2)


@pytest.fixture
async def lamps(db: Database) -> Database:
    """A brand that is searched under the old model."""
    await save_brands(db, "lamps", "other")
    for brand_id in ("lamps", "other"):
        await carry_out(db, await planned(db, OLD, brand_id=brand_id))
    return db


async def planned(
    db: Database,
    model: str,
    pieces: Sequence[Piece] = PIECES,
    *,
    brand_id: str = "lamps",
    anew: bool = False,
) -> IndexPlan:
    async with db.read() as connection:
        return await INDEX.plan(connection, brand_id, model, pieces, anew=anew)


def made(plan: IndexPlan) -> Mapping[str, Vectors]:
    return dict(zip(plan.missing, directions(len(plan.missing)), strict=True))


async def stage(db: Database, plan: IndexPlan, *, batches: int = 99) -> None:
    for entries in list(INDEX.batches(plan.renew))[:batches]:
        async with db.write() as connection:
            await INDEX.stage(connection, plan, entries, made(plan))


async def carry_out(db: Database, plan: IndexPlan) -> bool:
    if plan.switches:
        await stage(db, plan)
    async with db.write() as connection:
        return await INDEX.apply(connection, plan, made(plan))


async def sweep(db: Database, model: str = OLD) -> int:
    """In how many transactions the rows of that model went."""
    taken = 0
    while True:
        async with db.write() as connection:
            if not await INDEX.sweep(connection, "lamps", model):
                return taken
        taken += 1


async def found(db: Database, *terms: str, model: str | None = None) -> list[tuple[str, float]]:
    async with db.read() as connection:
        hits = await FullTextSearch().search(
            connection, brand_id="lamps", source=POLICY, terms=terms, limit=9, model=model
        )
        return [(hit.ref, hit.score) for hit in hits]


async def rows(db: Database, brand_id: str = "lamps") -> dict[str, int]:
    columns = search_entries.c
    query = select(columns.embedding_model, func.count()).where(columns.brand_id == brand_id)
    async with db.read() as connection:
        counted = await connection.execute(query.group_by(columns.embedding_model))
        return {row[0]: row[1] for row in counted}


async def searched_under(db: Database) -> str | None:
    async with db.read() as connection:
        return await INDEX.model_of(connection, "lamps")


async def test_rows_beside_each_other_are_searched_once_and_counted_once(lamps: Database) -> None:
    before = await found(lamps, "late", "broken")
    plan = await planned(lamps, NEW)
    await stage(lamps, plan)
    assert await rows(lamps) == {OLD: 5, NEW: 5}
    assert await searched_under(lamps) == OLD
    for model in (OLD, NEW, None):
        assert await found(lamps, "late", "broken", model=model) == before
    async with lamps.write() as connection:
        assert await INDEX.apply(connection, plan, made(plan))
    assert await searched_under(lamps) == NEW
    assert await found(lamps, "late", "broken", model=NEW) == before
    assert await sweep(lamps) == 3
    assert await rows(lamps) == {NEW: 5}
    assert await found(lamps, "late", "broken", model=NEW) == before
    assert await rows(lamps, "other") == {OLD: 5}


async def test_words_go_with_the_last_row_that_says_them(lamps: Database) -> None:
    await carry_out(lamps, await planned(lamps, NEW, PIECES[:3]))
    await sweep(lamps)
    await carry_out(lamps, await planned(lamps, "newest", PIECES[:2]))
    await sweep(lamps, NEW)
    moved = await found(lamps, "late", "lamp", "gift", model="newest")
    await carry_out(lamps, await planned(lamps, "newest", []))
    assert await searched_under(lamps) is None
    assert await rows(lamps) == {}
    assert await found(lamps, "late", "lamp", "gift") == []
    await carry_out(lamps, await planned(lamps, OLD, PIECES[:2]))
    assert await found(lamps, "late", "lamp", "gift", model=OLD) == moved


async def test_a_piece_that_comes_with_the_switch_is_found_after_it(lamps: Database) -> None:
    more = Piece(POLICY, "p9", 0, "Zebras travel free.")
    plan = await planned(lamps, NEW, [*PIECES[1:], more])
    await stage(lamps, plan)
    assert await found(lamps, "zebras") == []
    assert [ref for ref, _ in await found(lamps, "lamp", model=OLD)] == ["p0"]
    async with lamps.write() as connection:
        assert await INDEX.apply(connection, plan, made(plan))
    assert [ref for ref, _ in await found(lamps, "zebras", model=NEW)] == ["p9"]
    assert await found(lamps, "lamp", model=NEW) == []


async def test_who_stages_the_same_makes_no_second_rows(lamps: Database) -> None:
    mine, theirs = await planned(lamps, NEW), await planned(lamps, NEW)
    await stage(lamps, mine, batches=2)
    await stage(lamps, theirs)
    await stage(lamps, mine)
    assert await rows(lamps) == {OLD: 5, NEW: 5}
    later = await planned(lamps, NEW)
    assert (later.renew, later.missing, later.switches) == ((), (), True)


async def test_a_switch_waits_for_every_row(lamps: Database) -> None:
    plan = await planned(lamps, NEW)
    await stage(lamps, plan, batches=1)
    async with lamps.write() as connection:
        assert not await INDEX.apply(connection, plan, made(plan))
    assert await searched_under(lamps) == OLD
    rest = await planned(lamps, NEW)
    assert len(rest.renew) == len(rest.missing) == 3
    assert await carry_out(lamps, rest)


async def test_rows_that_are_searched_are_never_swept(lamps: Database) -> None:
    assert await sweep(lamps, OLD) == 0
    assert await rows(lamps) == {OLD: 5}


async def test_what_is_left_lying_is_known(lamps: Database) -> None:
    async with lamps.read() as connection:
        assert await INDEX.unswept(connection) == []
    await carry_out(lamps, await planned(lamps, NEW))
    async with lamps.read() as connection:
        assert await INDEX.unswept(connection) == ["lamps"]
        assert await INDEX.models(connection) == {"lamps": NEW, "other": OLD}
    assert (await lamps.facts()).indexed == {("lamps", NEW): 5, ("other", OLD): 5}


async def test_vectors_are_made_anew_where_they_stand(lamps: Database) -> None:
    plan = await planned(lamps, OLD, anew=True)
    assert (len(plan.renew), plan.switches) == (5, False)
    numbers = dict(zip(plan.missing, directions(5, seed=9), strict=True))
    async with lamps.write() as connection:
        assert await INDEX.apply(connection, plan, numbers)
    async with lamps.read() as connection:
        query = select(search_entries.c.text, search_entries.c.vector)
        held = await connection.execute(query.where(search_entries.c.brand_id == "lamps"))
        for text, vector in held:
            assert np.allclose(np.frombuffer(vector, np.float32), numbers[text], atol=1e-3)


async def test_twins_of_earlier_times_go_and_their_words_count_once(lamps: Database) -> None:
    alone = await found(lamps, "late")
    async with lamps.write() as connection:
        (twin,) = await shelve(connection, "lamps", [TEXTS[1]], model=OLD)
        renamed = update(search_entries).where(search_entries.c.id == twin).values(ref="p1")
        await connection.execute(renamed)
    assert len(await found(lamps, "late")) == len(alone) + 1
    await carry_out(lamps, await planned(lamps, OLD))
    assert await found(lamps, "late") == alone
