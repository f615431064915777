"""Stores filled for the bench of scale, and searches over them timed.

A bench writes rows in bulk, past the import, which would embed a million passages for days.
"""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from evals.bench.scale_rows import BLOCK, Rows
from service.domain.brand import Brand
from service.knowledge.ranking import search_terms
from service.store.brands import BrandRepository
from service.store.fulltext import FullTextSearch
from service.store.session import Database
from service.store.vectors import Vectors, VectorSearch

MODEL, SOURCE = "bench", "policy"
BEST, LIMIT = 10, 24
_COLUMNS = "brand_id, source, ref, ordinal, text, embedding_model, vector"


@dataclass(frozen=True)
class Timed:
    """Seconds of each search, those of all cores at work, and the share of the true ten found."""

    seconds: list[float]
    worked: list[float]
    recall: float

    def ms(self, percentile: float) -> float:
        """A percentile in milliseconds."""
        return float(np.percentile(self.seconds, percentile) * 1000)

    @property
    def worked_ms(self) -> float:
        """The median of this process's own work, which others on the machine do not change."""
        return float(np.median(self.worked) * 1000)


def brand_of(size: int) -> str:
    """Each size is a brand of its own in one store."""
    return f"bench-{size}"


async def fill(database: Database, rows: Rows, size: int) -> None:
    """A brand with that many entries, vectors and all, but nothing in the index of words."""
    brand = Brand(id=brand_of(size), name="Bench", voice="Plain.")
    async with database.write() as connection:
        await BrandRepository().save(connection, brand, datetime.now(UTC))
        await BrandRepository().raise_knowledge_revision(connection, brand.id)
    if database.on_server:
        await _copy_in(database, rows, size)
    else:
        _insert(database, rows, size)
    done(size, size, "rows written")


def _insert(database: Database, rows: Rows, size: int) -> None:
    statement = f"INSERT INTO search_entries ({_COLUMNS}) VALUES (?, ?, ?, 0, ?, ?, ?)"  # noqa: S608 (our own names)
    with closing(sqlite3.connect(database.name)) as connection:
        for start, vectors in rows.blocks(size):
            lines = (
                (brand_of(size), SOURCE, ref, text, MODEL, vector.tobytes())
                for ref, text, vector in _lines(rows, start, vectors)
            )
            connection.executemany(statement, lines)
            connection.commit()
            done(start, size, "rows written")


async def _copy_in(database: Database, rows: Rows, size: int) -> None:
    async with database.alone() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        async with (
            driver.cursor() as cursor,
            cursor.copy(f"COPY search_entries ({_COLUMNS}) FROM STDIN") as copy,
        ):
            for start, vectors in rows.blocks(size):
                for ref, text, vector in _lines(rows, start, vectors):
                    numbers = "[" + ",".join(f"{number:.6f}" for number in vector.tolist()) + "]"
                    await copy.write_row((brand_of(size), SOURCE, ref, 0, text, MODEL, numbers))
                done(start, size, "rows written")
        await connection.exec_driver_sql("ANALYZE search_entries")


def _lines(rows: Rows, start: int, vectors: Vectors) -> Iterator[tuple[str, str, Vectors]]:
    numbers = map(str, range(start, start + len(vectors)))
    return zip(numbers, rows.texts(start, len(vectors)), vectors, strict=True)


async def index_words(database: Database, rows: Rows, size: int) -> float:
    """Index the words of all entries; gives the seconds."""
    began = time.perf_counter()
    async with database.read() as connection:
        query = f"SELECT min(id) FROM search_entries WHERE brand_id = '{brand_of(size)}'"  # noqa: S608 (our own names)
        first = (await connection.exec_driver_sql(query)).scalar_one()
    for start in range(0, size, BLOCK):
        texts = rows.texts(start, min(BLOCK, size - start))
        bodies = {first + start + n: text for n, text in enumerate(texts)}
        async with database.write() as connection:
            await FullTextSearch().add_all(connection, brand_of(size), bodies)
        done(start, size, "words indexed")
    done(size, size, "words indexed")
    return time.perf_counter() - began


async def search_vectors(
    search: VectorSearch,
    database: Database,
    size: int,
    asked: Vectors,
    truth: npt.NDArray[np.int64],
    *,
    together: int = 1,
) -> Timed:
    """Ask all queries, so many at once, in a connection that is open already."""
    seconds, worked, right = list[float](), list[float](), 0
    for start in range(0, len(asked) - together + 1, together):
        queries = asked[start : start + together]
        async with database.read() as connection:
            revision = await BrandRepository().knowledge_revision(connection, brand_of(size))
            began, before = time.perf_counter(), time.process_time()
            found = await search.search(
                connection,
                brand_id=brand_of(size),
                source=SOURCE,
                model=MODEL,
                revision=revision,
                queries=queries,
                limit=LIMIT,
            )
            seconds.append(time.perf_counter() - began)
            worked.append(time.process_time() - before)
        for hits, best in zip(found, truth[start:], strict=False):
            right += len({int(hit.ref) for hit in hits[:BEST]} & set(best.tolist()))
    return Timed(seconds, worked, right / (len(seconds) * together * BEST))


async def search_words(database: Database, size: int, questions: list[str]) -> Timed:
    """Ask all questions of the index of words."""
    seconds, worked = list[float](), list[float]()
    for question in questions:
        async with database.read() as connection:
            began, before = time.perf_counter(), time.process_time()
            await FullTextSearch().search(
                connection,
                brand_id=brand_of(size),
                source=SOURCE,
                terms=search_terms(question),
                limit=LIMIT,
            )
            seconds.append(time.perf_counter() - began)
            worked.append(time.process_time() - before)
    return Timed(seconds, worked, 1.0)


def done(count: int, of: int, what: str) -> None:
    """How far it got, on a line that is written over."""
    print(f"\r  {what}: {count:,} of {of:,}", end="\n" if count == of else "", flush=True)


def to_json(rows: list[dict[str, object]]) -> str:
    """Rows as one document."""
    return json.dumps(rows, indent=2)
