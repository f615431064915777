"""For folders whose tests run on both databases: import the fixture into their conftest."""

import pytest

from service.settings import DatabaseSettings


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> DatabaseSettings:
    """The embedded database, then a fresh one on the server."""
    if request.param == "sqlite":
        return DatabaseSettings()
    return DatabaseSettings(url=request.getfixturevalue("postgres_url"))
