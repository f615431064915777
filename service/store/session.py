"""Connections: short transactions, on the embedded database or on a server."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection

from service.errors import StoreUnavailable
from service.store import migrate
from service.store.home import Home, is_server
from service.store.postgres import postgres_home
from service.store.sqlite import sqlite_home

Connection = AsyncConnection
"""A connection inside a transaction, as services hand it from one repository to the next."""

COUNTED = ("brands", "policy_passages", "past_replies", "threads", "drafts", "api_keys")
POOL_SIZE = 10
_INDEXED = (
    "SELECT e.brand_id, e.embedding_model, count(*) AS n FROM search_entries e"
    " JOIN brands b ON b.id = e.brand_id AND b.indexed_under = e.embedding_model"
    " GROUP BY e.brand_id, e.embedding_model"
)


@dataclass(frozen=True)
class StoreFacts:
    """The shape and the size of the store; `indexed` counts what is searched,
    by brand and embedding model."""

    revision: str | None
    newest_revision: str | None
    counts: dict[str, int]
    indexed: dict[tuple[str, str], int]


class Database:
    """The store's connections. `in_use` counts the ones that are out: none during a model call."""

    def __init__(self, url: str, *, pool_size: int = POOL_SIZE) -> None:
        self.on_server = is_server(url)
        self._home: Home = postgres_home(url, pool_size) if self.on_server else sqlite_home(url)
        self._jobs: set[asyncio.Task[None]] = set()
        self.in_use = 0

    @property
    def name(self) -> str:
        """What people may read: a file, or an address without its password."""
        return self._home.name

    async def migrate(self) -> None:
        """Create the database if it is not there and bring it to the newest shape."""
        await asyncio.to_thread(self._home.migrate)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection that sees one consistent state."""
        async with self._begun(writes=False) as connection:
            yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that commits at the end and rolls back on any error."""
        async with self._begun(writes=True) as connection:
            yield connection

    @asynccontextmanager
    async def _begun(self, *, writes: bool) -> AsyncIterator[AsyncConnection]:
        self.in_use += 1
        try:
            async with translated(), self._home.engine.connect() as connection:
                await self._home.begin(connection, writes=writes)
                yield connection
                await connection.commit()
        finally:
            self.in_use -= 1

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[AsyncConnection]:
        """A connection without a transaction, for statements that a server refuses inside one."""
        async with translated(), self._home.engine.connect() as connection:
            yield await connection.execution_options(isolation_level="AUTOCOMMIT")

    def in_background(self, work: Coroutine[None, None, None]) -> None:
        """Let work go on beside the requests; `close` ends it."""
        job = asyncio.create_task(work)
        self._jobs.add(job)
        job.add_done_callback(self._jobs.discard)

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
        """Copy the store into one file while others read and write; all of it or nothing."""
        await asyncio.to_thread(self._home.backup, target)

    async def restore(self, source: Path) -> Path | None:
        """Put a copy in the store's place; says where what was here is kept, if anything was."""
        return await asyncio.to_thread(self._home.restore, source)

    async def close(self) -> None:
        """End what goes on in the background, and let go of every connection."""
        jobs = list(self._jobs)
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)
        await self._home.engine.dispose()


@asynccontextmanager
async def translated() -> AsyncIterator[None]:
    """The driver's message holds the statement's values, so it goes no further than here."""
    try:
        yield
    except PoolTimeout as exc:
        raise StoreUnavailable(
            "every connection to the database is in use: try again; if it stays, raise "
            "AMENDS_DATABASE__POOL_SIZE"
        ) from exc
    except DBAPIError as exc:
        raise StoreUnavailable(
            f"the database did not answer ({type(exc.orig).__name__}): try again; "
            "if it stays, run `amends doctor`"
        ) from exc
