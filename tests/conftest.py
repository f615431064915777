"""What most tests start from: settings in a folder of their own, and services over them."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_socket

from service.settings import LlmSettings, Settings

if TYPE_CHECKING:
    from service.bootstrap import Services


def pytest_runtest_setup() -> None:
    """Nothing in a test reaches beyond this machine."""
    pytest_socket.socket_allow_hosts(["127.0.0.1", "localhost", "::1"], allow_unix_socket=True)


@pytest.fixture(scope="session")
def cache_dir(request: pytest.FixtureRequest) -> Path:
    """Where model files are kept from one run to the next."""
    return Path(request.config.cache.mkdir("amends-models"))


@pytest.fixture
def settings(tmp_path: Path, cache_dir: Path) -> Settings:
    return Settings(
        data_dir=tmp_path / "data", cache_dir=cache_dir, llm=LlmSettings(model="scripted")
    )


@pytest.fixture
async def services(settings: Settings) -> "AsyncIterator[Services]":
    """Services without a language model; everything but drafting works."""
    from service.bootstrap import open_services

    async with open_services(settings) as opened:
        yield opened
