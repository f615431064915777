"""Which entries are searched together: one brand's, of one source, under one embedding model."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_

from service.store.tables import search_entries

_entries = search_entries.c


@dataclass(frozen=True)
class Group:
    """Entries that are searched together."""

    brand_id: str
    source: str
    model: str

    def holds(self) -> ColumnElement[bool]:
        """Which rows are its own."""
        return and_(
            _entries.brand_id == self.brand_id,
            _entries.source == self.source,
            _entries.embedding_model == self.model,
        )
