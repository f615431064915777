"""What stood in a database of an earlier release is found after the upgrade."""

from pathlib import Path

import numpy as np
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from service.store import migrate
from service.store.fulltext import FullTextSearch
from service.store.search_index import SearchIndex
from service.store.session import Database

BRAND = "INSERT INTO brands VALUES ('lamps', '{}', 'x', 1, '2026-11-01', '2026-11-01')"
ENTRY = (
    "INSERT INTO search_entries (brand_id, source, ref, ordinal, text, embedding_model, vector)"
    " VALUES ('lamps', 'policy', 'p1', 0, 'A broken lamp is replaced.', 'model', :vector)"
)


def as_it_was(path: Path, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.execute(text(BRAND))
        connection.execute(text(ENTRY), {"vector": np.ones(4, np.float32).tobytes()})
    engine.dispose()


async def test_brands_are_searched_under_the_model_that_they_were_indexed_under(
    tmp_path: Path,
) -> None:
    path = tmp_path / "amends.db"
    as_it_was(path, "0002")  # the next one makes the index of words
    database = Database(f"sqlite+aiosqlite:///{path}")
    await database.migrate()
    search = FullTextSearch()
    async with database.read() as connection:
        assert await SearchIndex(search).models(connection) == {"lamps": "model"}
        assert await SearchIndex(search).unswept(connection) == []
        found = await search.search(
            connection, brand_id="lamps", source="policy", terms=("lamp",), limit=3, model="model"
        )
    assert [hit.ref for hit in found] == ["p1"]
    await database.close()


async def test_drafts_keep_what_refers_to_them_and_learn_a_new_status(tmp_path: Path) -> None:
    """SQLite changes the check of a table by making it anew."""
    path = tmp_path / "amends.db"
    as_it_was(path, "0002")
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        for row in (
            "threads (brand_id, id, channel, is_public, revision, created_at, updated_at) VALUES "
            "('lamps', 't1', 'x', 1, 1, '2026-11-01', '2026-11-01')",
            "drafts (id, brand_id, thread_id, status, version, thread_revision, request, fence, "
            "claims, created_at, updated_at) VALUES "
            "('drf_1', 'lamps', 't1', 'stale', 1, 1, '{}', 0, 0, '2026-11-01', '2026-11-01')",
            "draft_versions (draft_id, version, content, created_by, created_at) VALUES "
            "('drf_1', 1, '{}', 'amends', '2026-11-01')",
        ):
            connection.execute(text(f"INSERT INTO {row}"))
    engine.dispose()
    database = Database(f"sqlite+aiosqlite:///{path}")
    await database.migrate()
    async with database.write() as connection:
        await connection.execute(text("UPDATE drafts SET status = 'superseded'"))
        kept = await connection.scalar(text("SELECT draft_id FROM draft_versions"))
        broken = (await connection.execute(text("PRAGMA foreign_key_check"))).all()
    assert (kept, broken) == ("drf_1", [])
    await database.close()
