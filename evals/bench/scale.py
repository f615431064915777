"""`make bench-scale`: search over 10,000 to 1,000,000 passages, beside what the machine can do.

`python -m evals.bench.scale --sizes 10000,100000 --parts vectors,words --json FILE`. PostgreSQL is
the tests' own, or the one in `--postgres URL`, which should be empty. OPENBLAS_NUM_THREADS=1
leaves the other cores alone.
"""

import argparse
import asyncio
import gc
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import psutil

from evals.bench.machine import PeakMemory, machine_words
from evals.bench.scale_rows import Rows, material
from evals.bench.scale_stores import (
    BEST,
    Timed,
    done,
    fill,
    index_words,
    search_vectors,
    search_words,
    to_json,
)
from service.settings import Settings
from service.store.numpy_vectors import NumpyVectorSearch
from service.store.packed_files import FOLDER
from service.store.session import Database
from service.store.vectors import Vectors

SIZES = (10_000, 100_000, 1_000_000)
PARTS = ("plain", "vectors", "words", "postgres")
_TOGETHER = 4
_GB = 1e9


@dataclass(frozen=True)
class Measured:
    """A figure; `asked` is the most it may be, or the least where more is better."""

    size: int
    part: str
    name: str
    value: float
    unit: str
    asked: float | None = None
    more_is_better: bool = False

    def line(self) -> str:
        """One row of the table."""
        asked = verdict = ""
        if self.asked is not None:
            asked = f"{'at least' if self.more_is_better else 'at most'} {self.asked:g}"
            verdict = "ok" if self._is_met(self.asked) else "MISSED"
        what = f"{self.size:>9,}  {self.part:<11}{self.name}"
        return f"{what:<64}{self.value:>10.3f} {self.unit:<4}{asked:<15}{verdict}"

    def _is_met(self, asked: float) -> bool:
        return self.value >= asked if self.more_is_better else self.value <= asked


@dataclass(frozen=True)
class Bench:
    """What one run measures, and where."""

    rows: Rows
    sizes: tuple[int, ...]
    parts: tuple[str, ...]
    folder: Path
    postgres: str | None

    def run(self) -> Iterator[Measured]:
        """Every figure as soon as it is there."""
        speed = bandwidth()
        yield Measured(0, "machine", "memory read by one core", speed / _GB, "GB/s")
        truths: dict[int, npt.NDArray[np.int64]] = {}
        for size in self.sizes:
            truths[size] = truth_of(self.rows, size)
            if "plain" in self.parts:
                yield from self._plain(size, speed)
        if {"vectors", "words"} & set(self.parts):
            yield from self._store(f"sqlite+aiosqlite:///{self.folder / 'amends.db'}", truths)
        if "postgres" in self.parts:
            yield from self._server(truths)

    def _plain(self, size: int, speed: float) -> Iterator[Measured]:
        """What numpy takes for all products, and what reading the numbers alone would take."""
        matrix = np.concatenate([vectors for _, vectors in self.rows.blocks(size)])
        seconds, worked = list[float](), list[float]()
        for query in self.rows.material.asked[:20]:
            began, before = time.perf_counter(), time.process_time()
            scores = matrix @ query
            np.argpartition(-scores, BEST)[:BEST]
            seconds.append(time.perf_counter() - began)
            worked.append(time.process_time() - before)
        timed = Timed(seconds, worked, 1.0)
        yield from _speed(size, "float32", "numpy in memory", timed, None)
        limit = matrix.nbytes / speed * 1000
        yield Measured(size, "float32", "reading it at the memory's speed", limit, "ms")
        yield Measured(size, "float32", "memory", matrix.nbytes / _GB, "GB")

    def _store(self, url: str, truths: dict[int, npt.NDArray[np.int64]]) -> Iterator[Measured]:
        database = Database(url)
        with asyncio.Runner() as runner:
            runner.run(database.migrate())
            for size in self.sizes:
                runner.run(fill(database, self.rows, size))
                if "vectors" in self.parts:
                    yield from runner.run(self._embedded(database, size, truths[size]))
                if "words" in self.parts:
                    yield from runner.run(self._words(database, size, "sqlite"))
            runner.run(database.close())

    async def _embedded(
        self, database: Database, size: int, truth: npt.NDArray[np.int64]
    ) -> list[Measured]:
        asked = self.rows.material.asked
        gc.collect()
        before = psutil.Process().memory_info().rss
        with PeakMemory(os.getpid()) as memory:
            search = NumpyVectorSearch()
            first = await search_vectors(search, database, size, asked[:1], truth)
            one = await search_vectors(search, database, size, asked, truth)
            four = await search_vectors(search, database, size, asked, truth, together=_TOGETHER)
        await asyncio.to_thread(_wait_until_written, Path(database.name).parent / FOLDER)
        again = await search_vectors(NumpyVectorSearch(), database, size, asked[:1], truth)
        large = size >= 1_000_000
        most = 40.0 if large else 2.0 if size <= 10_000 else None
        taken = (memory.bytes - before) / _GB
        return [
            Measured(size, "sqlite", "first search, index made", first.ms(50) / 1000, "s"),
            Measured(size, "sqlite", "first search after a start", again.ms(50) / 1000, "s"),
            *_speed(size, "sqlite", "one query", one, most),
            *_speed(size, "sqlite", f"{_TOGETHER} queries together", four, 40.0 if large else None),
            _recall(size, "sqlite", one, 0.99),
            Measured(size, "sqlite", "memory gained, peak", taken, "GB", 1.2 if large else None),
        ]

    async def _words(self, database: Database, size: int, part: str) -> list[Measured]:
        seconds = await index_words(database, self.rows, size)
        timed = await search_words(database, size, self.rows.material.questions)
        most = 20.0 if size <= 10_000 else 150.0
        return [
            Measured(size, part, "words indexed", seconds, "s"),
            *_speed(size, part, "search for words", timed, most),
        ]

    def _server(self, truths: dict[int, npt.NDArray[np.int64]]) -> Iterator[Measured]:
        with ExitStack() as stack:
            url = self.postgres or _own_server(stack)
            if url is None:
                print("PostgreSQL is left out: give --postgres URL, or install '.[dev]'")
                return
            database = Database(url)
            with asyncio.Runner() as runner:
                runner.run(database.migrate())
                for size in self.sizes:
                    yield from runner.run(self._on_server(database, size, truths[size]))
                runner.run(database.close())

    async def _on_server(
        self, database: Database, size: int, truth: npt.NDArray[np.int64]
    ) -> list[Measured]:
        from service.store.pgvector import PgVectorSearch

        await fill(database, self.rows, size)
        search = PgVectorSearch(database)
        began = time.perf_counter()
        print("  building the index inside PostgreSQL", flush=True)
        built = await search.build_indexes()
        seconds = time.perf_counter() - began
        asked = self.rows.material.asked
        one = await search_vectors(search, database, size, asked, truth)
        four = await search_vectors(search, database, size, asked, truth, together=_TOGETHER)
        large = size >= 1_000_000
        words = await self._words(database, size, "postgresql") if "words" in self.parts else []
        return [
            *([Measured(size, "postgresql", "HNSW built", seconds, "s")] if built else []),
            *_speed(size, "postgresql", "one query", one, 5.0 if large else None),
            *_speed(size, "postgresql", f"{_TOGETHER} queries together", four, None),
            _recall(size, "postgresql", one, 0.98),
            *words,
        ]


def truth_of(rows: Rows, size: int) -> npt.NDArray[np.int64]:
    """For each question the numbers of its ten nearest rows, by exact float32 search."""
    asked = rows.material.asked
    scores = np.empty((len(asked), 0), np.float32)
    numbers = np.empty((len(asked), 0), np.int64)
    for start, vectors in rows.blocks(size):
        seen = np.arange(start, start + len(vectors))
        scores = np.hstack([scores, asked @ vectors.T])
        numbers = np.hstack([numbers, np.broadcast_to(seen, (len(asked), len(seen)))])
        best = np.argsort(-scores, axis=1, kind="stable")[:, :BEST]
        scores = np.take_along_axis(scores, best, axis=1)
        numbers = np.take_along_axis(numbers, best, axis=1)
        done(start, size, "exact neighbours")
    done(size, size, "exact neighbours")
    return numbers


def bandwidth() -> float:
    """Bytes a second that one core reads: the best of five looks at more than a cache holds."""
    ones: Vectors = np.ones((64 * 2**10, 2**10), np.float32)

    def once() -> float:
        began = time.perf_counter()
        np.vecdot(ones, ones[0])
        return time.perf_counter() - began

    return ones.nbytes / min(once() for _ in range(5))


def _speed(size: int, part: str, name: str, timed: Timed, most: float | None) -> Iterator[Measured]:
    yield Measured(size, part, f"{name}, p50", timed.ms(50), "ms", most)
    yield Measured(size, part, f"{name}, p95", timed.ms(95), "ms")
    yield Measured(size, part, f"{name}, work of our own", timed.worked_ms, "ms")


def _recall(size: int, part: str, timed: Timed, least: float) -> Measured:
    return Measured(size, part, "recall of the true ten", timed.recall, "", least, True)


def _wait_until_written(folder: Path) -> None:
    """An index serves before its file is there."""
    while any(folder.glob("*.part")):
        time.sleep(0.1)


def _own_server(stack: ExitStack) -> str | None:
    """The tests' server, with memory enough to build an index of a million and to keep it in."""
    try:
        from tests.serving import serving
    except ImportError:
        return None
    server = stack.enter_context(serving(memory="3GB"))
    return f"{server.create('bench')}&options=-c%20maintenance_work_mem%3D2GB"


def main() -> None:
    """Measure and print."""
    asked = _arguments()
    named = os.environ.get("AMENDS_EVALDATA")
    cache = Settings().cache_dir / "bench"
    found = material(Path(named) if named else None, cache, asked.seed)
    print(f"machine before: {machine_words()}")
    print(f"{len(found.passages)} passages and {len(found.questions)} questions: {found.source}\n")
    measured = []
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        bench = Bench(
            Rows(found, asked.seed), asked.sizes, asked.parts, Path(folder), asked.postgres
        )
        for figure in bench.run():
            measured.append(figure)
            print(figure.line(), flush=True)
    print(f"\nmachine after: {machine_words()}")
    if asked.json:
        asked.json.write_text(to_json([asdict(figure) for figure in measured]), encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure search at scale.")
    parser.add_argument("--sizes", type=_sizes, default=SIZES, help="numbers, with commas")
    parser.add_argument("--parts", type=_parts, default=PARTS, help=f"of {', '.join(PARTS)}")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--folder", type=Path, help="where to write: 9 GB for a million")
    parser.add_argument("--postgres", help="an empty database; default: a server of its own")
    parser.add_argument("--json", type=Path, help="write all figures there")
    return parser.parse_args()


def _sizes(value: str) -> tuple[int, ...]:
    return tuple(int(part) for part in value.split(","))


def _parts(value: str) -> tuple[str, ...]:
    named = tuple(value.split(","))
    if unknown := set(named) - set(PARTS):
        raise argparse.ArgumentTypeError(f"no such part: {', '.join(sorted(unknown))}")
    return named


if __name__ == "__main__":
    main()
