"""The files of packed indexes: a copy of what the database holds, that may be lost at any time."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from structlog.testing import capture_logs

from service.store.numpy_vectors import NumpyVectorSearch
from service.store.session import Database
from tests.store.large_brands import alike, fill, nearest

SOME = 300
ROOT = Path(__file__).parents[2]
SEARCHER = """
import asyncio, sys
from service.store.numpy_vectors import NumpyVectorSearch
from service.store.session import Database
from tests.store.large_brands import alike, nearest

async def main():
    database = Database(sys.argv[1])
    queries = alike(5)
    for _ in range(5):
        found = await nearest(NumpyVectorSearch(exact_up_to=100), database, queries)
        assert [hits[0].ref for hits in found] == [f"lamps-{n}" for n in range(5)], found
    await database.close()

asyncio.run(main())
"""


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'amends.db'}"


@pytest.fixture
async def embedded(address: str) -> AsyncIterator[Database]:
    opened = Database(address)
    await opened.migrate()
    yield opened
    await opened.close()


def search() -> NumpyVectorSearch:
    """As a process has it that has just started."""
    return NumpyVectorSearch(exact_up_to=100)


def files(folder: Path) -> list[Path]:
    return sorted((folder / "vectors").glob("*"))


async def written(folder: Path, revision: int) -> Path:
    """The file of that revision, once it is the only one."""
    until = time.monotonic() + 20
    while True:
        there = files(folder)
        if len(there) == 1 and there[0].name.endswith(f"-{revision}.npz"):
            return there[0]
        assert time.monotonic() < until, there
        await asyncio.sleep(0.02)


async def first_refs(db: Database, count: int = 3) -> list[str]:
    found = await nearest(search(), db, alike(count))
    return [hits[0].ref for hits in found]


async def test_the_next_start_reads_the_file(embedded: Database, tmp_path: Path) -> None:
    await fill(embedded, "lamps", alike(SOME))
    assert await first_refs(embedded) == ["lamps-0", "lamps-1", "lamps-2"]
    made = (await written(tmp_path, 1)).stat().st_mtime_ns
    assert await first_refs(embedded) == ["lamps-0", "lamps-1", "lamps-2"]
    assert (await written(tmp_path, 1)).stat().st_mtime_ns == made


async def test_a_new_revision_takes_the_place_of_the_old(
    embedded: Database, tmp_path: Path
) -> None:
    await fill(embedded, "lamps", alike(SOME))
    await first_refs(embedded)
    await written(tmp_path, 1)
    await fill(embedded, "lamps", alike(SOME, seed=2), model="another")
    found = await nearest(search(), embedded, alike(1, seed=2), model="another")
    assert found[0][0].ref == "lamps-0"
    await written(tmp_path, 2)


async def test_the_old_file_serves_until_the_new_one_is_made(
    embedded: Database, tmp_path: Path
) -> None:
    await fill(embedded, "lamps", alike(SOME))
    await first_refs(embedded)
    await written(tmp_path, 1)
    await fill(embedded, "lamps", alike(1, seed=5), text="new")
    (hits,) = await nearest(search(), embedded, alike(1, seed=5))
    assert hits[0].text == "new"
    await written(tmp_path, 2)


@pytest.mark.parametrize("harm", ["gone", "empty", "cut", "other bytes", "one bit"])
async def test_a_damaged_file_is_made_again(embedded: Database, tmp_path: Path, harm: str) -> None:
    await fill(embedded, "lamps", alike(SOME))
    await first_refs(embedded)
    path = await written(tmp_path, 1)
    whole = path.read_bytes()
    middle = len(whole) // 2
    damaged = {
        "empty": b"",
        "cut": whole[:middle],
        "other bytes": b"no index at all" * 100,
        "one bit": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
    }
    path.unlink() if harm == "gone" else path.write_bytes(damaged[harm])
    assert await first_refs(embedded) == ["lamps-0", "lamps-1", "lamps-2"]
    until = time.monotonic() + 20
    while not path.exists() or len(path.read_bytes()) != len(whole):
        assert time.monotonic() < until
        await asyncio.sleep(0.02)
    with np.load(path, allow_pickle=False) as found:
        assert len(found["ids"]) == SOME


async def test_a_file_of_another_history_is_not_believed(
    embedded: Database, address: str, tmp_path: Path
) -> None:
    """A restored copy may have reached the same revision by another way."""
    await fill(embedded, "lamps", alike(SOME))
    await first_refs(embedded)
    path = await written(tmp_path, 1)
    other = Database(address.replace("amends.db", "elsewhere/amends.db"))
    await other.migrate()
    vectors = np.vstack([alike(SOME - 1), alike(1, seed=8)])
    await fill(other, "lamps", vectors)
    there = tmp_path / "elsewhere" / "vectors"
    there.mkdir()
    (there / path.name).write_bytes(path.read_bytes())
    (hits,) = await nearest(search(), other, vectors[-1:])
    assert hits[0].ref == f"lamps-{SOME - 1}"
    await other.close()


async def test_no_room_for_the_file_is_said_and_searches_go_on(
    embedded: Database, tmp_path: Path
) -> None:
    (tmp_path / "vectors").write_text("a file where the folder should be")
    await fill(embedded, "lamps", alike(SOME))
    here = search()
    with capture_logs() as logs:
        for _ in range(2):
            (hits,) = await nearest(here, embedded, alike(1))
            assert hits[0].ref == "lamps-0"
        until = time.monotonic() + 20
        while not logs:
            assert time.monotonic() < until
            await asyncio.sleep(0.02)
    assert [log["event"] for log in logs] == ["vector_index_not_kept"]
    assert "AMENDS_DATA_DIR" in logs[0]["do"]


async def test_what_a_killed_process_left_is_removed(embedded: Database, tmp_path: Path) -> None:
    folder = tmp_path / "vectors"
    folder.mkdir()
    old, young = folder / "a-1.x.part", folder / "b-1.x.part"
    for path in (old, young):
        path.write_bytes(b"half")
    yesterday = time.time() - 86_400
    os.utime(old, (yesterday, yesterday))
    await fill(embedded, "lamps", alike(SOME))
    await first_refs(embedded)
    until = time.monotonic() + 20
    while old.exists():
        assert time.monotonic() < until
        await asyncio.sleep(0.02)
    assert young.exists()


async def test_many_at_first_need_share_one_index(embedded: Database, tmp_path: Path) -> None:
    await fill(embedded, "lamps", alike(SOME))
    here = search()
    found = await asyncio.gather(*(nearest(here, embedded, alike(1)) for _ in range(12)))
    assert {hits[0].ref for (hits,) in found} == {"lamps-0"}
    await written(tmp_path, 1)


async def test_a_request_that_ends_early_ends_no_index(embedded: Database, tmp_path: Path) -> None:
    await fill(embedded, "lamps", alike(SOME))
    here = search()
    impatient = asyncio.create_task(nearest(here, embedded, alike(1)))
    await asyncio.sleep(0.01)
    impatient.cancel()
    (hits,) = await nearest(here, embedded, alike(1))
    assert hits[0].ref == "lamps-0"
    await asyncio.gather(impatient, return_exceptions=True)


@pytest.mark.slow
async def test_two_processes_share_the_folder(
    embedded: Database, address: str, tmp_path: Path
) -> None:
    await fill(embedded, "lamps", alike(SOME))
    command = [sys.executable, "-W", "error", "-c", SEARCHER, address]
    started = [await asyncio.create_subprocess_exec(*command, cwd=ROOT) for _ in range(2)]
    assert [await process.wait() for process in started] == [0, 0]
    await written(tmp_path, 1)
