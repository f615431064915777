"""What most tests start from: settings in a folder of their own, and services over them."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_socket

from service.settings import DatabaseSettings, LlmSettings, Settings
from tests.serving import EMPTY, Server, serving

if TYPE_CHECKING:
    from service.bootstrap import Services


def pytest_runtest_setup() -> None:
    """Nothing in a test reaches beyond this machine."""
    pytest_socket.socket_allow_hosts(["127.0.0.1", "localhost", "::1"], allow_unix_socket=True)


@pytest.fixture(scope="session")
def cache_dir(request: pytest.FixtureRequest) -> Path:
    """Where model files are kept from one run to the next."""
    return Path(request.config.cache.mkdir("amends-models"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A server for all tests; where it cannot run they fail, since half of the store is its."""
    from service.store.session import Database

    async def migrate(address: str) -> None:
        database = Database(address)
        await database.migrate()
        await database.close()

    with serving() as server:
        asyncio.run(migrate(server.create(EMPTY)))
        yield server


@pytest.fixture(scope="session")
def database_names() -> Iterator[str]:
    return (f"test_{number}" for number in count(1))


@pytest.fixture
def postgres_url(postgres: Server, database_names: Iterator[str]) -> Iterator[str]:
    """A fresh database with empty tables."""
    name = next(database_names)
    yield postgres.create(name, template=EMPTY)
    postgres.drop(name)


@pytest.fixture
def database() -> DatabaseSettings:
    """The embedded one; folders whose tests run on both take theirs from `tests.both`."""
    return DatabaseSettings()


@pytest.fixture
def settings(tmp_path: Path, cache_dir: Path, database: DatabaseSettings) -> Settings:
    return Settings(
        data_dir=tmp_path / "data",
        cache_dir=cache_dir,
        database=database,
        llm=LlmSettings(model="scripted"),
    )


@pytest.fixture
async def services(settings: Settings) -> "AsyncIterator[Services]":
    """Services without a language model; everything but drafting works."""
    from service.bootstrap import open_services

    async with open_services(settings) as opened:
        yield opened
