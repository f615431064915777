from collections.abc import AsyncIterator

import pytest

from service.settings import Settings
from service.store.session import Database
from tests.both import database

__all__ = ["database"]


@pytest.fixture
async def db(settings: Settings) -> AsyncIterator[Database]:
    """A database with empty tables, on SQLite and on PostgreSQL."""
    opened = Database(settings.database_url)
    await opened.migrate()
    yield opened
    await opened.close()


@pytest.fixture
async def server(postgres_url: str) -> AsyncIterator[Database]:
    """A database on PostgreSQL, for what only a server does."""
    opened = Database(postgres_url)
    await opened.migrate()
    yield opened
    await opened.close()
