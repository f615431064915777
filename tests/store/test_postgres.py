"""What only a server can do: be away, refuse, and keep its password to itself."""

import asyncio
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr, ValidationError
from sqlalchemy import text

from service.errors import ConfigurationError, InvalidInput, StoreUnavailable
from service.settings import DatabaseSettings, Settings
from service.store.session import Database
from tests.serving import EMPTY, Server
from tests.store.shelves import save_brands

PASSWORD = "correct-horse"


async def refusal(address: str) -> str:
    """Why the store cannot be opened, with everything that led to it."""
    database = Database(address)
    with pytest.raises(ConfigurationError) as refused:
        await database.migrate()
    await database.close()
    said = f"{refused.value!s} {refused.value!r} {database.name}"
    assert PASSWORD not in said
    return said


@pytest.fixture
def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


async def test_a_server_that_is_away_is_named_without_its_password(closed_port: int) -> None:
    said = await refusal(f"postgresql://amends:{PASSWORD}@127.0.0.1:{closed_port}/amends")
    assert f"postgresql://amends@127.0.0.1:{closed_port}/amends: no answer" in said
    assert "AMENDS_DATABASE__URL" in said


async def test_a_database_that_is_not_there_is_said_so(postgres: Server) -> None:
    said = await refusal(postgres.url("nowhere").replace("secret", PASSWORD))
    assert "there is no such database" in said


async def test_a_role_without_rights_is_told_who_may(
    postgres: Server, database_names: Iterator[str]
) -> None:
    name = next(database_names)
    postgres.create(name)
    said = await refusal(postgres.let_in("reader", name))
    postgres.drop(name)
    assert "amends db upgrade" in said


async def test_such_a_role_is_enough_once_the_tables_are_there(
    postgres: Server, database_names: Iterator[str]
) -> None:
    name = next(database_names)
    postgres.create(name, template=EMPTY)
    database = Database(postgres.let_in("server", name))
    await database.migrate()
    assert (await database.facts()).counts["brands"] == 0
    await database.close()
    postgres.drop(name)


async def test_sessions_search_as_they_must(server: Database) -> None:
    async with server.read() as connection:
        await connection.exec_driver_sql("SELECT '[1]'::vector")
        for name, value in (("hnsw.iterative_scan", "strict_order"), ("hnsw.ef_search", "400")):
            assert await connection.scalar(text(f"SHOW {name}")) == value


async def test_a_lost_connection_is_an_answer_and_heals(postgres: Server, server: Database) -> None:
    def end_all() -> None:
        with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND datname LIKE 'test%'"
            )

    async def lose() -> None:
        async with server.read() as connection:
            await asyncio.to_thread(end_all)
            await connection.exec_driver_sql("SELECT 1")

    with pytest.raises(StoreUnavailable, match="try again"):
        await lose()
    assert (await server.facts()).counts["brands"] == 0


def test_the_password_is_in_no_words_of_the_settings() -> None:
    address = f"postgres://amends:{PASSWORD}@db/amends"
    settings = Settings(database=DatabaseSettings(url=SecretStr(address)))
    assert PASSWORD not in f"{settings!r} {settings.model_dump_json()}"
    assert settings.database_url == f"postgresql://amends:{PASSWORD}@db/amends"


def test_another_kind_of_address_is_refused() -> None:
    with pytest.raises(ValidationError, match="should begin with postgresql://") as refused:
        DatabaseSettings(url=SecretStr(f"mysql://amends:{PASSWORD}@db/amends"))
    assert PASSWORD not in str(refused.value)


async def test_a_backup_comes_back_through_the_servers_own_tools(
    postgres: Server,
    server: Database,
    database_names: Iterator[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await save_brands(server, "lamps")
    monkeypatch.setenv("PATH", str(postgres.binaries))
    copy = tmp_path / "copy.dump"
    await server.backup(copy)
    assert await asyncio.to_thread(os.listdir, tmp_path) == ["copy.dump"]
    with pytest.raises(InvalidInput, match="pg_restore --clean"):
        await server.restore(copy)
    address = postgres.create(name := next(database_names))
    restore = ("pg_restore", "--no-owner", "--single-transaction", f"--dbname={address}", str(copy))
    done = await asyncio.create_subprocess_exec(*restore)
    assert await done.wait() == 0
    restored = Database(address)
    await restored.migrate()
    assert (await restored.facts()).counts["brands"] == 1
    await restored.close()
    postgres.drop(name)


async def test_without_the_tool_a_backup_says_what_to_run(
    server: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InvalidInput, match=r"pg_dump --format=custom --file=FILE postgresql://"):
        await server.backup(tmp_path / "copy.dump")
