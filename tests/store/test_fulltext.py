"""Word search: the same scores on both databases, and those of SQLite's own BM25."""

import sqlite3
from collections.abc import Coroutine, Sequence
from typing import Any

import pytest
from sqlalchemy import Engine, event

from service.store.fulltext import FullTextSearch, words_of
from service.store.session import Database
from tests.store.shelves import save_brands, shelve

TEXTS = (
    "A lamp that arrives broken is replaced free of charge if you tell us within 14 days.",
    "A parcel that is more than 5 days late entitles you to 10 euros back. Late is late.",
    "Zwracamy pieniądze za żarówkę, która nie świeci. Zwrot trwa 5 dni.",
    "Bei Verspätung der Lieferung zahlen wir die Gebühr zurück. Straße und Hausnummer prüfen.",
    "La bombilla rota se cambia gratis durante dos años.",
    "Returned lamps are checked; returning one takes a return label. We return the money.",
    "Gift cards are valid for two years.",
)
QUESTIONS = (
    ("lamp", "broken"),
    ("returned", "lamp"),
    ("parcel", "late", "days"),
    ("żarówkę", "zwrot"),
    ("zarowke",),
    ("verspatung", "strasse"),
    ("años",),
    ("nothing", "matches", "here"),
    ("lamp", "lampre"),
)


async def scores(
    db: Database, terms: Sequence[str], brand_id: str = "lamps", **more: str
) -> list[tuple[str, float]]:
    async with db.read() as connection:
        found = await FullTextSearch().search(
            connection, brand_id=brand_id, source="policy", terms=terms, limit=5, **more
        )
    return [(hit.ref, hit.score) for hit in found]


def fts5(terms: Sequence[str]) -> list[tuple[str, float]]:
    """What SQLite's own index says about the same texts."""
    plain = sqlite3.connect(":memory:")
    plain.execute("CREATE VIRTUAL TABLE t USING fts5(body, tokenize='unicode61')")
    folded = [(n, " ".join(words_of(text))) for n, text in enumerate(TEXTS)]
    plain.executemany("INSERT INTO t (rowid, body) VALUES (?, ?)", folded)
    words = [word for term in terms for word in words_of(term)]
    match = " OR ".join(f'"{w}"' if len(w) < 6 else f'"{w[:-2]}"*' for w in words)
    found = plain.execute(
        "SELECT rowid, -bm25(t) s FROM t WHERE t MATCH ? ORDER BY s DESC, rowid LIMIT 5", (match,)
    ).fetchall()
    plain.close()
    return [(f"lamps-{n}", score) for n, score in found]


@pytest.mark.parametrize("terms", QUESTIONS, ids=" ".join)
async def test_scores_are_those_of_bm25(db: Database, terms: tuple[str, ...]) -> None:
    await save_brands(db, "lamps")
    async with db.write() as connection:
        await shelve(connection, "lamps", TEXTS)
    found, expected = await scores(db, terms), fts5(terms)
    assert [ref for ref, _ in found] == [ref for ref, _ in expected]
    assert [s for _, s in found] == pytest.approx([s for _, s in expected], rel=1e-6)


async def test_another_brands_words_change_no_score(db: Database) -> None:
    await save_brands(db, "lamps", "other")
    async with db.write() as connection:
        await shelve(connection, "lamps", TEXTS)
    alone = await scores(db, ("lamp", "broken"))
    async with db.write() as connection:
        await shelve(connection, "other", ["lamp broken"] * 50)
    assert await scores(db, ("lamp", "broken")) == alone


async def test_what_is_removed_is_gone_and_counts_no_more(db: Database) -> None:
    await save_brands(db, "lamps")
    async with db.write() as connection:
        await shelve(connection, "lamps", TEXTS)
        before = await FullTextSearch().search(
            connection, brand_id="lamps", source="policy", terms=("lamp",), limit=5
        )
        more = await shelve(connection, "lamps", ["lamp lamp lamp", "a broken lamp"], source="x")
        await FullTextSearch().remove(connection, more)
    assert await scores(db, ("lamp",)) == [(hit.ref, hit.score) for hit in before]


async def test_entries_of_another_model_can_be_left_out(db: Database) -> None:
    await save_brands(db, "lamps")
    async with db.write() as connection:
        await shelve(connection, "lamps", TEXTS)
        await shelve(connection, "lamps", TEXTS, model="new")
    both = await scores(db, ("bombilla",))
    assert len(both) == 2
    assert len(await scores(db, ("bombilla",), model="new")) == 1


async def test_a_large_index_is_searched_for_the_rarest_words(db: Database) -> None:
    await save_brands(db, "lamps")
    async with db.write() as connection:
        await shelve(connection, "lamps", [*["delivery was late"] * 40, "delivery of a zebra"])
    search = FullTextSearch(large=20, enough=30)
    async with db.read() as connection:
        found = {
            terms: await search.search(
                connection, brand_id="lamps", source="policy", terms=terms, limit=5
            )
            for terms in (("delivery", "zebra"), ("delivery",), ("nowhere",))
        }
    assert [hit.ref for hit in found["delivery", "zebra"]] == ["lamps-40"]
    assert len(found[("delivery",)]) == 5  # a word that stands alone is searched, however common
    assert found[("nowhere",)] == []


async def test_each_word_is_looked_up_by_itself(db: Database) -> None:
    """SQLite would go through all words of the brand for some that are joined by OR."""
    if db.on_server:
        pytest.skip("PostgreSQL looks up words that are joined by OR one by one")
    await save_brands(db, "lamps")
    async with db.write() as connection:
        await shelve(connection, "lamps", TEXTS)
    async with db.read() as connection:
        asked = await asked_for(
            FullTextSearch(large=1).search(
                connection, brand_id="lamps", source="policy", terms=("late", "returned"), limit=5
            )
        )
        plans = [
            row[-1]
            for statement, values in asked
            if "word_places" in statement
            for row in await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]
    searches = [plan for plan in plans if "word_places" in plan]
    assert len(searches) == 4  # two words, counted and then read
    assert all("word=?" in plan or "word>?" in plan for plan in searches), searches


async def asked_for(searching: Coroutine[Any, Any, object]) -> list[tuple[str, Any]]:
    """The statements that a search sends, with their values."""
    asked = list[tuple[str, Any]]()

    def keep(_c: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        asked.append((statement, values))

    event.listen(Engine, "before_cursor_execute", keep)
    try:
        await searching
    finally:
        event.remove(Engine, "before_cursor_execute", keep)
    return asked


async def test_whoever_matches_best_is_found_behind_many_of_another_source(db: Database) -> None:
    """One index holds both sources: the best of the other one must not use up the places."""
    await save_brands(db, "lamps")
    async with db.write() as connection:
        await shelve(connection, "lamps", ["lamp lamp lamp"] * 400, source="past_reply")
        await shelve(connection, "lamps", ["a long text in which one lamp stands somewhere"] * 3)
    assert [ref for ref, _ in await scores(db, ("lamp",))] == ["lamps-0", "lamps-1", "lamps-2"]
