"""Migrations: one history for both databases, run inside the lock that the caller holds."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

_FOLDER = Path(__file__).parent / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    return config


def upgrade(connection: Connection) -> None:
    """Bring the database behind the connection to the newest revision; the caller commits."""
    if current_revision(connection) != newest_revision():
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def current_revision(connection: Connection) -> str | None:
    """The revision that the database is at; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str | None:
    """The revision that this release expects."""
    return ScriptDirectory.from_config(_config()).get_current_head()
