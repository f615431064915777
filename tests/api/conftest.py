import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from service.settings import LlmSettings, Settings
from tests.api.calling import Api, fill, open_api


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, cache_dir: Path) -> Path:
    """A data folder with brands, embedded once for all tests."""
    folder = tmp_path_factory.mktemp("filled")
    llm = LlmSettings(model="scripted")
    asyncio.run(fill(Settings(data_dir=folder, cache_dir=cache_dir, llm=llm)))
    return folder


@pytest.fixture
def brands(settings: Settings, filled: Path) -> Settings:
    """Settings over a copy of that folder."""
    shutil.copytree(filled, settings.data_dir)
    return settings


@pytest.fixture
async def api(brands: Settings) -> AsyncIterator[Api]:
    async with open_api(brands) as opened:
        yield opened


@pytest.fixture
async def cold(settings: Settings) -> AsyncIterator[Api]:
    """The API over an empty database, which is enough for whatever needs no model."""
    async with open_api(settings, warm=False) as opened:
        yield opened
