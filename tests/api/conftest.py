import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from service.settings import DatabaseSettings, LlmSettings, Settings
from tests.api.calling import Api, fill, open_api
from tests.both import database
from tests.serving import EMPTY, Server

__all__ = ["database"]
FILLED = "amends_filled"


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, cache_dir: Path) -> Path:
    """A data folder with brands, embedded once for all tests."""
    folder = tmp_path_factory.mktemp("filled")
    llm = LlmSettings(model="scripted")
    asyncio.run(fill(Settings(data_dir=folder, cache_dir=cache_dir, llm=llm)))
    return folder


@pytest.fixture(scope="session")
def filled_server(
    postgres: Server, tmp_path_factory: pytest.TempPathFactory, cache_dir: Path
) -> Server:
    """A server with the same brands in a database."""
    address = DatabaseSettings(url=SecretStr(postgres.create(FILLED, template=EMPTY)))
    folder = tmp_path_factory.mktemp("filled-server")
    llm = LlmSettings(model="scripted")
    asyncio.run(fill(Settings(data_dir=folder, cache_dir=cache_dir, database=address, llm=llm)))
    return postgres


@pytest.fixture
def brands(
    settings: Settings, database_names: Iterator[str], request: pytest.FixtureRequest
) -> Iterator[Settings]:
    """Settings over a copy of that folder, or of that database."""
    if settings.database.url is None:
        shutil.copytree(request.getfixturevalue("filled"), settings.data_dir)
        yield settings
        return
    server: Server = request.getfixturevalue("filled_server")
    name = next(database_names)
    copied = DatabaseSettings(url=SecretStr(server.create(name, template=FILLED)))
    yield settings.model_copy(update={"database": copied})
    server.drop(name)


@pytest.fixture
async def api(brands: Settings) -> AsyncIterator[Api]:
    async with open_api(brands) as opened:
        yield opened


@pytest.fixture
async def cold(settings: Settings) -> AsyncIterator[Api]:
    """The API over an empty database, which is enough for whatever needs no model."""
    async with open_api(settings, warm=False) as opened:
        yield opened
