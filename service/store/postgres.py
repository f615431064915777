"""PostgreSQL with pgvector: for many instances over one store."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from alembic.util import CommandError
from sqlalchemy import URL, Connection, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from service.errors import ConfigurationError, InvalidInput
from service.store import migrate
from service.store.dialect import WRITES

OLDEST_VECTOR = (0, 8)
"""Before it, a filter on an HNSW index silently loses most of what it should find."""
EF_SEARCH = 400
_MIGRATING = 0x616D656E6473
_SESSION = {
    "timezone": "UTC",
    "lock_timeout": "15s",
    "idle_in_transaction_session_timeout": "60s",
    # A plan made for any brand cannot use the index that belongs to one.
    "plan_cache_mode": "force_custom_plan",
    # Pages come from memory or a fast disk; priced as on a slow one, 10,000 vectors are all sorted.
    "random_page_cost": "1.1",
    "hnsw.ef_search": str(EF_SEARCH),
    "hnsw.iterative_scan": "strict_order",
}
# A connection that is refused has no code, only words.
_REASONS = {
    "password authentication failed": "the password is wrong",
    "no password supplied": "it asks for a password: put it into the address or into PGPASSWORD",
    r"no pg_hba\.conf entry": "the server lets nobody in from here",
    "too many clients": "the server has no connection left",
    r'database ".*" does not exist': "there is no such database: create it first",
    r'role ".*" does not exist': "there is no such role: create it first",
}


class PostgresHome:
    """A database on a server; readers see one snapshot, writers hold what they decide on."""

    def __init__(self, url: URL, pool_size: int) -> None:
        self._url = url
        self._engine = create_async_engine(
            url,
            hide_parameters=True,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=15,
            pool_pre_ping=True,
            connect_args={"connect_timeout": 10},
            json_serializer=_storable_json,
        )
        event.listen(self._engine.sync_engine, "connect", _prepare)
        event.listen(self._engine.sync_engine, "before_cursor_execute", _storable, retval=True)

    @property
    def name(self) -> str:
        """The address without its password."""
        known = self._url
        plain = URL.create(
            "postgresql", known.username, None, known.host, known.port, known.database
        )
        return plain.render_as_string()

    @property
    def engine(self) -> AsyncEngine:
        """The pool of connections."""
        return self._engine

    def migrate(self) -> None:
        """Look at the server, and bring the database to the newest shape."""
        engine = create_engine(self._url, hide_parameters=True)
        event.listen(engine, "connect", _prepare)
        try:
            with engine.begin() as connection:
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATING})"))
                _require_vector(connection)
                migrate.upgrade(connection)
                _require_searching(connection)
        except CommandError as exc:
            raise ConfigurationError(
                f"{self.name} was made by a newer Amends: upgrade this one"
            ) from exc
        except DBAPIError as exc:
            raise ConfigurationError(f"{self.name}: {_in_words(exc)}") from exc
        finally:
            engine.dispose()

    async def begin(self, connection: AsyncConnection, *, writes: bool) -> None:
        """Readers see one state from beginning to end; writers see what was committed last."""
        if writes:
            await connection.execution_options(**{WRITES: True})
        else:
            await connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )

    def backup(self, target: Path) -> None:
        """Ask `pg_dump` for one file."""
        tool = shutil.which("pg_dump")
        if tool is None:
            raise InvalidInput(
                "pg_dump is not installed here: run it where it is, "
                f"`pg_dump --format=custom --file=FILE {self.name}`"
            )
        half = target.with_name(f"{target.name}.part")
        command = [tool, "--format=custom", "--no-password", f"--file={half}", self.name]
        try:
            done = subprocess.run(command, env=self._environment(), capture_output=True)  # noqa: S603 (our own words)
            if done.returncode != 0:
                raise InvalidInput(
                    f"pg_dump ended with {done.returncode}: it must be as new as the server and "
                    "able to reach it, and the folder must be there"
                )
            half.replace(target)
        finally:
            half.unlink(missing_ok=True)

    def restore(self, source: Path) -> Path:
        """A server's content is put back with the server's own tool."""
        raise InvalidInput(
            "a PostgreSQL store is restored by pg_restore: stop Amends, then run "
            f"`pg_restore --clean --if-exists --no-owner --single-transaction "
            f"--dbname={self.name} {source}`"
        )

    def _environment(self) -> dict[str, str]:
        """The password and the rest of the address, where no list of processes shows them."""
        given = {f"PG{name.upper()}": str(value) for name, value in self._url.query.items()}
        password = {"PGPASSWORD": str(self._url.password)} if self._url.password else {}
        return {**os.environ, **given, **password}


def postgres_home(url: str, pool_size: int) -> PostgresHome:
    """The server that the address names, through psycopg."""
    return PostgresHome(make_url(url).set(drivername="postgresql+psycopg"), pool_size)


def _prepare(dbapi_connection: Any, _: ConnectionPoolEntry) -> None:
    with dbapi_connection.cursor() as cursor:
        for name, value in _SESSION.items():
            cursor.execute(f"SET {name} = '{value}'")
    dbapi_connection.commit()


def _storable(
    _connection: Connection,
    _cursor: Any,
    statement: str,
    parameters: Any,
    _context: Any,
    _many: bool,
) -> tuple[str, Any]:
    """PostgreSQL's text holds every character but NUL, which customers' tools do send."""
    return statement, _without_nul(parameters)


def _storable_json(value: Any) -> str:
    return json.dumps(_without_nul(value))


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "\ufffd")
    if isinstance(value, Mapping):
        return {name: _without_nul(part) for name, part in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        return type(value)(_without_nul(part) for part in value)  # type: ignore[call-arg]
    return value


def _require_vector(connection: Connection) -> None:
    known = connection.scalar(
        text("SELECT default_version FROM pg_available_extensions WHERE name = 'vector'")
    )
    if known is None:
        raise ConfigurationError(
            "this PostgreSQL server has no pgvector: install it there (the image "
            "pgvector/pgvector:pg18 has it), version 0.8 or newer"
        )
    connection.execute(text("CREATE EXTENSION IF NOT EXISTS vector"))
    installed = connection.scalar(
        text("SELECT extversion FROM pg_extension WHERE extname = 'vector'")
    )
    if _numbers(str(installed)) < OLDEST_VECTOR:
        raise ConfigurationError(
            f"pgvector {installed} is too old: install 0.8 or newer on the server, then run "
            "`ALTER EXTENSION vector UPDATE` in the database"
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2] if part.isdigit())


def _require_searching(connection: Connection) -> None:
    """Only a loaded extension knows its settings, and a pooler may have dropped ours."""
    connection.execute(text("SELECT '[1]'::vector"))
    for name in ("hnsw.iterative_scan", "hnsw.ef_search"):
        found = connection.scalar(text(f"SELECT current_setting('{name}', true)"))
        if found != _SESSION[name]:
            raise ConfigurationError(
                f"the server does not keep `{name} = {_SESSION[name]}` for a session: connect "
                "without a pooler that drops settings"
            )


def _in_words(exc: DBAPIError) -> str:
    """What to do; the driver's own words may hold more than a log should."""
    kind = type(exc.orig).__name__
    if kind == "InsufficientPrivilege":
        return (
            "this role may not create tables or the extension `vector`: run `amends db upgrade` "
            "with an address whose role may"
        )
    words = str(exc.orig)
    for pattern, reason in _REASONS.items():
        if kind == "OperationalError" and re.search(pattern, words):
            return f"{reason} (AMENDS_DATABASE__URL)"
    if kind in ("OperationalError", "ConnectionTimeout"):
        return f"no answer ({kind}): check AMENDS_DATABASE__URL and that the server runs"
    return f"cannot be opened or upgraded ({kind})"
