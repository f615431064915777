"""Packing a large group in a thread of its own, while searches go on."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, Thread

import numpy as np
import structlog
from sqlalchemy import URL, Connection, create_engine, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from service.errors import StoreUnavailable
from service.store.groups import Group
from service.store.packed_files import FOLDER, PackedFiles
from service.store.packed_index import PackedIndex, joined, pack
from service.store.tables import brands
from service.store.vector_rows import sampled_mean, streamed

log = structlog.get_logger(__name__)


class Packing:
    """Packs each group once at a time; whoever asks meanwhile gets the same future."""

    def __init__(self, done: Callable[[Group, PackedIndex], object]) -> None:
        self._done = done
        self._under_way: dict[tuple[Path, Group], Future[PackedIndex]] = {}
        self._lock = Lock()

    def start(self, database: Path, group: Group, revision: int) -> Future[PackedIndex]:
        """Begin, unless it is under way. Nobody's end of a request ends it."""
        key = (database, group)
        with self._lock:
            if key in self._under_way:
                return self._under_way[key]
            future = self._under_way[key] = Future[PackedIndex]()
        future.set_running_or_notify_cancel()
        # A daemon: what it has not written when the process ends is made again by the next.
        Thread(target=self._run, args=(key, revision, future), daemon=True).start()
        return future

    def _run(self, key: tuple[Path, Group], revision: int, future: Future[PackedIndex]) -> None:
        database, group = key
        try:
            index = packed(database, group, revision)
        except BaseException as exc:
            self._end(key)
            log.warning("vector_index_not_built", brand=group.brand_id, error=type(exc).__name__)
            future.set_exception(exc)
        else:
            self._done(group, index)
            self._end(key)
            future.set_result(index)
            PackedFiles(database.parent / FOLDER).keep(group, index)

    def _end(self, key: tuple[Path, Group]) -> None:
        with self._lock:
            del self._under_way[key]


def packed(database: Path, group: Group, revision: int) -> PackedIndex:
    """Pack all of a group as it stands now, at that revision or a later one."""
    with _opened(database) as connection:
        found = connection.scalar(
            select(brands.c.knowledge_revision).where(brands.c.id == group.brand_id)
        )
        mean = sampled_mean(connection, group)
        if mean is None:
            raise StoreUnavailable(f"brand {group.brand_id!r} was just emptied: try again")
        ids, parts = [], []
        for some, vectors in streamed(connection, group):
            ids.append(some)
            parts.append(pack(vectors, mean))
    return joined(
        parts, ids=np.concatenate(ids), mean=mean, revision=max(int(found or 0), revision)
    )


@contextmanager
def _opened(database: Path) -> Iterator[Connection]:
    """One consistent state, beside the pool: packing may take longer than a request waits."""
    engine = create_engine(
        URL.create("sqlite", database=str(database)),
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
    )
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            yield connection
    except DBAPIError as exc:
        raise StoreUnavailable(
            f"the database did not answer ({type(exc.orig).__name__}): try again; "
            "if it stays, run `amends doctor`"
        ) from exc
    finally:
        engine.dispose()
