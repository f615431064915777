"""Where a store lives: one file of SQLite's, or a PostgreSQL server."""

from pathlib import Path
from typing import Protocol

from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine


class Home(Protocol):
    """What the two kinds of database do each in its own way."""

    @property
    def name(self) -> str:
        """What people may read: a file, or an address without its password."""
        ...

    @property
    def engine(self) -> AsyncEngine:
        """The pool of connections."""
        ...

    def migrate(self) -> None:
        """Create what is missing and bring it to the newest shape; blocks."""
        ...

    async def begin(self, connection: AsyncConnection, *, writes: bool) -> None:
        """Begin a transaction: one consistent state to read, or the right to write."""
        ...

    def backup(self, target: Path) -> None:
        """Copy the store into one file; blocks."""
        ...

    def restore(self, source: Path) -> Path | None:
        """Put a copy in the store's place and say where the old content is kept; blocks.

        None where there was none.
        """
        ...


def is_server(url: str) -> bool:
    """Whether the address names a PostgreSQL server."""
    return make_url(url).get_backend_name() == "postgresql"
