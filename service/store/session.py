"""Connections: short transactions, write locks taken at once, migrated on first use."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy import create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from service.errors import ConfigurationError, InvalidInput, StoreUnavailable
from service.store import migrate

BUSY_MS = 15_000
Connection = AsyncConnection
"""A connection inside a transaction, as services hand it from one repository to the next."""

COUNTED = ("brands", "policy_passages", "past_replies", "threads", "drafts", "api_keys")
_INDEXED = (
    "SELECT brand_id, embedding_model, count(*) AS n FROM search_entries"
    " GROUP BY brand_id, embedding_model"
)


@dataclass(frozen=True)
class StoreFacts:
    """The shape and the size of the store; `indexed` counts by brand and embedding model."""

    revision: str | None
    newest_revision: str | None
    counts: dict[str, int]
    indexed: dict[tuple[str, str], int]


def _prepare(dbapi_connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    """WAL for readers beside a writer; no implicit BEGIN, since we say which kind we want."""
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


class Database:
    """The store's connections. `in_use` counts the ones that are out: none during a model call."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._engine: AsyncEngine = create_async_engine(url, hide_parameters=True)
        event.listen(self._engine.sync_engine, "connect", _prepare)
        self.in_use = 0

    @property
    def path(self) -> Path:
        """The database file."""
        return Path(self._url.database or "")

    async def migrate(self) -> None:
        """Create the database if it is not there and bring it to the newest shape."""
        await asyncio.to_thread(self._migrate)

    def _migrate(self) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            engine = create_engine(self._url.set(drivername="sqlite"), hide_parameters=True)
            event.listen(engine, "connect", _prepare)
            try:
                with engine.connect() as connection:
                    migrate.upgrade(connection)
            finally:
                engine.dispose()
        except CommandError as exc:
            raise ConfigurationError(
                f"the database {self.path} was made by a newer Amends: upgrade Amends, or restore "
                "an older copy"
            ) from exc
        except (OSError, DBAPIError) as exc:
            raise ConfigurationError(
                f"the database {self.path} cannot be opened or upgraded ({type(exc).__name__}): "
                "check AMENDS_DATA_DIR, its permissions and the free disk space"
            ) from exc

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection that sees one consistent state."""
        async with self._begun("BEGIN") as connection:
            yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that commits at the end and rolls back on any error."""
        async with self._begun("BEGIN IMMEDIATE") as connection:
            yield connection

    @asynccontextmanager
    async def _begun(self, begin: str) -> AsyncIterator[AsyncConnection]:
        self.in_use += 1
        try:
            async with self._engine.connect() as connection:
                await connection.execute(text(begin))
                yield connection
                await connection.commit()
        except DBAPIError as exc:
            # The driver's message holds the statement's values, so it goes no further than here.
            raise StoreUnavailable(
                f"the database did not answer ({type(exc.orig).__name__}): try again; "
                "if it stays, run `amends doctor`"
            ) from exc
        finally:
            self.in_use -= 1

    async def facts(self) -> StoreFacts:
        """What a person who looks after the store wants to know."""
        async with self.read() as connection:
            revision = await connection.scalar(text("SELECT version_num FROM alembic_version"))
            counts = {
                table: int(await connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)  # noqa: S608 (our own names)
                for table in COUNTED
            }
            rows = await connection.execute(text(_INDEXED))
            indexed = {(row.brand_id, row.embedding_model): int(row.n) for row in rows}
        return StoreFacts(revision, migrate.newest_revision(), counts, indexed)

    async def backup(self, target: Path) -> None:
        """Copy the store into one plain file while others read and write; all of it or nothing."""
        await asyncio.to_thread(_copy_whole, self.path, target)

    async def restore(self, source: Path, *, keep: Path) -> None:
        """Take a copy's place; `keep` gets what was here. Refuses what is no Amends database."""
        await asyncio.to_thread(self._restore, source, keep)

    def _restore(self, source: Path, keep: Path) -> None:
        _require_ours(source)
        fresh = Database(str(self._url.set(database=f"{self.path}.restoring")))
        try:
            _copy_whole(source, fresh.path)
            fresh._migrate()  # an older copy is upgraded and a newer one refused before it counts
            _copy_whole(self.path, keep)
            _copy(fresh.path, self.path)
        finally:
            for leftover in ("", "-wal", "-shm"):
                Path(f"{fresh.path}{leftover}").unlink(missing_ok=True)

    async def close(self) -> None:
        """Let go of every connection."""
        await self._engine.dispose()


def _copy(source: Path, target: Path) -> None:
    """SQLite's online backup: one consistent state, whoever else is reading or writing."""
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target)) as there:
        here.backup(there)


def _copy_whole(source: Path, target: Path) -> None:
    half = target.with_name(f"{target.name}.part")
    if not source.is_file():
        raise InvalidInput(f"{source}: there is no database yet")
    if target.resolve() == source.resolve():
        raise InvalidInput(f"{target} is the database itself: name another file")
    try:
        half.unlink(missing_ok=True)
        _copy(source, half)
        with closing(sqlite3.connect(half)) as made:
            made.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it
        half.replace(target)
    except (OSError, sqlite3.Error) as exc:
        raise InvalidInput(f"{target} cannot be written ({type(exc).__name__})") from exc
    finally:
        half.unlink(missing_ok=True)


def _require_ours(path: Path) -> None:
    """The copy is whole and holds our tables."""
    refused = InvalidInput(f"{path} is no Amends database, or it is damaged: nothing was changed")
    if not path.is_file():
        raise InvalidInput(f"{path}: no such file")
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as opened:
            whole = opened.execute("PRAGMA quick_check").fetchone() == ("ok",)
            names = {row[0] for row in opened.execute("SELECT name FROM sqlite_master")}
    except sqlite3.Error as exc:
        raise refused from exc
    if not whole or not names >= {"alembic_version", *COUNTED}:
        raise refused
