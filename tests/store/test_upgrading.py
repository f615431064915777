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
