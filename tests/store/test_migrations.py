from pathlib import Path

import pgvector.sqlalchemy  # noqa: F401  (reading a table's types back needs them known)
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.exc import IntegrityError

from service.errors import ConfigurationError, StoreUnavailable
from service.settings import Settings
from service.store.migrate import current_revision, newest_revision
from service.store.session import Database
from service.store.tables import audit, metadata
from tests.store.shelves import NOON


def _differences(connection: Connection) -> list[object]:
    assert current_revision(connection) == newest_revision()
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


async def test_migrations_lead_to_the_tables(db: Database) -> None:
    async with db.read() as connection:
        assert await connection.run_sync(_differences) == []


async def test_migrating_twice_changes_nothing(db: Database) -> None:
    before = await db.facts()
    await db.migrate()
    assert await db.facts() == before


async def test_the_embedded_database_lets_readers_beside_a_writer(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'amends.db'}")
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


async def test_a_newer_amends_database_is_refused_in_words(settings: Settings) -> None:
    database = Database(settings.database_url)
    await database.migrate()
    async with database.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigurationError, match="newer Amends"):
        await database.migrate()
    await database.close()


async def test_a_failed_transaction_leaves_nothing(db: Database) -> None:
    line = {"at": NOON, "actor": "a", "action": "b", "subject": "c", "details": {}}

    async def write_and_fail() -> None:
        async with db.write() as connection:
            await connection.execute(insert(audit).values(**line))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await write_and_fail()
    async with db.read() as connection:
        assert (await connection.execute(select(audit))).all() == []


async def test_a_reader_sees_one_state(db: Database) -> None:
    line = {"at": NOON, "actor": "a", "action": "b", "subject": "c", "details": {}}
    async with db.read() as reader:
        assert (await reader.execute(select(audit))).all() == []
        async with db.write() as writer:
            await writer.execute(insert(audit).values(**line))
        assert (await reader.execute(select(audit))).all() == []


async def test_times_json_and_booleans_come_back_as_they_went_in(db: Database) -> None:
    details = {"flag": True, "none": None, "words": "zażółć 🙂", "nul": "a\0b", "n": [1, 2.5]}
    line = {"at": NOON, "actor": "a", "action": "b", "subject": "c\0d", "details": details}
    async with db.write() as connection:
        await connection.execute(insert(audit).values(**line))
    async with db.read() as connection:
        row = (await connection.execute(select(audit))).one()
        flag = await connection.scalar(select(audit.c.details["flag"].as_boolean()))
    assert row.at == NOON
    assert row.at.utcoffset() == NOON.utcoffset()
    assert flag is True
    assert {name: row.details[name] for name in ("flag", "none", "words", "n")} == {
        name: details[name] for name in ("flag", "none", "words", "n")
    }


async def test_what_the_driver_says_goes_no_further(db: Database) -> None:
    secret = "Anna Kowalska, 12 Long Lane"
    line = {"at": NOON, "actor": "a", "action": "b", "subject": secret, "details": {}, "id": 1}

    async def write_twice() -> None:
        async with db.write() as connection:
            await connection.execute(insert(audit).values(**line))
            await connection.execute(insert(audit).values(**line))

    with pytest.raises(StoreUnavailable) as refused:
        await write_twice()
    assert secret not in str(refused.value)
    assert isinstance(refused.value.__cause__, IntegrityError)
    assert secret not in str(refused.value.__cause__.statement)
