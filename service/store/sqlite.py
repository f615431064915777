"""The embedded database: one SQLite file in WAL mode, migrated on first use."""

import sqlite3
import time
from contextlib import closing, suppress
from itertools import chain, count
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy import URL, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from service.errors import ConfigurationError, InvalidInput
from service.store import migrate
from service.store.dialect import WRITES

BUSY_MS = 15_000
_BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a file, and would take for a newer part of another in its place."""
_DAMAGED = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
_OURS = {"alembic_version", "brands", "policy_passages", "threads", "drafts", "api_keys"}


class SqliteHome:
    """A file; one writer at a time, who takes the lock at once."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._engine = create_async_engine(url, hide_parameters=True)
        event.listen(self._engine.sync_engine, "connect", _prepare)

    @property
    def path(self) -> Path:
        """The database file."""
        return Path(self._url.database or "")

    @property
    def name(self) -> str:
        """The database file, in words."""
        return str(self.path)

    @property
    def engine(self) -> AsyncEngine:
        """The pool of connections."""
        return self._engine

    def migrate(self) -> None:
        """Create the file if it is not there and bring it to the newest shape."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            engine = create_engine(self._url.set(drivername="sqlite"), hide_parameters=True)
            event.listen(engine, "connect", _prepare)
            try:
                with engine.connect() as connection:
                    # A table that is made anew is gone for a moment, with all that refers to it.
                    connection.execute(text("PRAGMA foreign_keys=OFF"))
                    connection.execute(text("BEGIN IMMEDIATE"))
                    migrate.upgrade(connection)
                    connection.commit()
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

    async def begin(self, connection: AsyncConnection, *, writes: bool) -> None:
        """A writer takes the lock at once, so that nobody is refused half-way."""
        await connection.execution_options(**{WRITES: writes})
        await connection.execute(text("BEGIN IMMEDIATE" if writes else "BEGIN"))

    def backup(self, target: Path) -> None:
        """Copy the file while others read and write; all of it or nothing."""
        _copy_whole(self.path, target)

    def restore(self, source: Path) -> Path | None:
        """Let a copy take this place. Refuses what is no Amends database, or a newer one's.

        What is here may be damaged, newer or missing; says where it is kept, if there was any.
        """
        _require_ours(source)
        # The copy waits under a name of its own: what is restored may be the one kept last time.
        fresh = SqliteHome(self._url.set(database=f"{self.path}.restoring"))
        try:
            _make_folder(self.path.parent)
            _copy_whole(source, fresh.path)
            fresh.migrate()  # an older copy is upgraded and a newer one refused before it counts
            kept = self._keep()
            _copy_over(fresh.path, self.path, kept)
        finally:
            for leftover in ("", *_BESIDE):
                with suppress(NotADirectoryError):
                    Path(f"{fresh.path}{leftover}").unlink(missing_ok=True)
        return kept

    def _keep(self) -> Path | None:
        """Copy what is here away, since others may have it open; what can't be read is moved."""
        if not self.path.is_file():
            return None
        kept = _unused(self.path.with_name(f"{self.path.name}.before-restore"))
        try:
            _copy_whole(self.path, kept)
        except InvalidInput as exc:
            if not _is_damage(exc.__cause__):
                raise
            _move(self.path, kept)
        return kept


_AGAIN_S = 0.02


def sqlite_home(url: str) -> SqliteHome:
    """The file that the address names."""
    return SqliteHome(make_url(url))


def _prepare(dbapi_connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    """WAL for readers beside a writer; no implicit BEGIN, since we say which kind we want."""
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    for pragma in (
        f"busy_timeout={BUSY_MS}",
        "synchronous=NORMAL",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    _write_ahead(cursor)
    cursor.close()


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """The change to WAL does not wait by itself while another process opens the same new file."""
    until = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() >= until:
                raise
            time.sleep(_AGAIN_S)
        else:
            return


def _unused(path: Path) -> Path:
    """This place, or with the next number what was kept there before would be lost."""
    numbered = (path.with_name(f"{path.name}-{number}") for number in count(2))
    return next(place for place in chain([path], numbered) if not place.exists())


def _copy(source: Path, target: Path) -> None:
    """SQLite's online backup: one consistent state, whoever else is reading or writing."""
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target)) as there:
        here.backup(there)


def _copy_over(source: Path, target: Path, kept: Path | None) -> None:
    try:
        _copy(source, target)
    except sqlite3.Error as exc:
        before = f"; what it held before is in {kept}" if kept else ""
        raise InvalidInput(f"{target} cannot be written ({type(exc).__name__}){before}") from exc


def _is_damage(cause: BaseException | None) -> bool:
    """Whether the file itself is at fault; its lowest byte is the kind of SQLite's error."""
    return isinstance(cause, sqlite3.DatabaseError) and cause.sqlite_errorcode & 0xFF in _DAMAGED


def _move(source: Path, target: Path) -> None:
    """With all that SQLite keeps beside it: what comes here next begins without."""
    for part in (*_BESIDE, ""):
        with suppress(FileNotFoundError):
            Path(f"{source}{part}").rename(f"{target}{part}")


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise InvalidInput(
            f"the folder {path} cannot be written ({type(exc).__name__}): check AMENDS_DATA_DIR"
        ) from exc


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
    if not whole or not names >= _OURS:
        raise refused
