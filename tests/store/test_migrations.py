import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from service.errors import ConfigurationError
from service.settings import Settings
from service.store.migrate import newest_revision
from service.store.session import Database
from service.store.tables import metadata


async def test_migrations_lead_to_the_tables(settings: Settings) -> None:
    database = Database(settings.database_url)
    await database.migrate()
    await database.close()
    engine = create_engine(f"sqlite:///{database.path}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert context.get_current_revision() == newest_revision()
        differences = compare_metadata(context, metadata)
    engine.dispose()
    assert [d for d in differences if "search_text" not in str(d)] == []


async def test_migrating_twice_changes_nothing(settings: Settings) -> None:
    database = Database(settings.database_url)
    await database.migrate()
    await database.migrate()
    async with database.read() as connection:
        mode = await connection.exec_driver_sql("PRAGMA journal_mode")
        assert mode.scalar() == "wal"
    await database.close()


async def test_a_file_that_is_no_database_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "amends.db"
    path.write_bytes(b"this is no database" * 100)
    database = Database(f"sqlite+aiosqlite:///{path}")
    with pytest.raises(ConfigurationError, match="AMENDS_DATA_DIR"):
        await database.migrate()


async def test_a_failed_transaction_leaves_nothing(settings: Settings) -> None:
    database = Database(settings.database_url)
    await database.migrate()
    insert = "INSERT INTO audit (at, actor, action, subject, details) VALUES (1,'a','b','c','{}')"

    async def write_and_fail() -> None:
        async with database.write() as connection:
            await connection.exec_driver_sql(insert)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await write_and_fail()
    await database.close()
    with sqlite3.connect(database.path) as plain:
        assert plain.execute("SELECT count(*) FROM audit").fetchone() == (0,)
    plain.close()
