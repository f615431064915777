"""Migrations: alembic, run inside one write lock so that two starting workers do not collide."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

_FOLDER = Path(__file__).parent / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    return config


def upgrade(connection: Connection) -> None:
    """Bring the database behind the connection to the newest revision, all or nothing."""
    connection.execute(text("BEGIN IMMEDIATE"))
    if MigrationContext.configure(connection).get_current_revision() != newest_revision():
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    connection.commit()


def newest_revision() -> str | None:
    """The revision that this release expects."""
    return ScriptDirectory.from_config(_config()).get_current_head()
