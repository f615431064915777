"""Style notes as stored."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.learning import StyleNote, StyleNoteStatus
from service.errors import NotFound
from service.store.tables import style_notes

_notes = style_notes.c


class StyleNoteRepository:
    """Reads and writes what a brand's people taught about its style."""

    async def add(self, connection: AsyncConnection, note: StyleNote) -> None:
        """Keep a new note."""
        await connection.execute(insert(style_notes).values(**_row(note)))

    async def of_brand(
        self,
        connection: AsyncConnection,
        brand_id: str,
        *,
        status: StyleNoteStatus | None = None,
    ) -> list[StyleNote]:
        """A brand's notes, newest first."""
        query = select(style_notes).where(_notes.brand_id == brand_id)
        if status is not None:
            query = query.where(_notes.status == status)
        rows = await connection.execute(query.order_by(_notes.created_at.desc(), _notes.id))
        return [_note(row) for row in rows.mappings()]

    async def counting(
        self, connection: AsyncConnection, brand_id: str, now: datetime
    ) -> list[StyleNote]:
        """The brand's accepted notes that have not expired."""
        accepted = await self.of_brand(connection, brand_id, status=StyleNoteStatus.ACCEPTED)
        return [note for note in accepted if note.counts(now)]

    async def get(self, connection: AsyncConnection, brand_id: str, note_id: str) -> StyleNote:
        """The note, or NotFound."""
        query = select(style_notes).where(_notes.brand_id == brand_id, _notes.id == note_id)
        row = (await connection.execute(query)).mappings().first()
        if row is None:
            raise NotFound(f"brand {brand_id} has no style note {note_id!r}")
        return _note(row)

    async def change(
        self, connection: AsyncConnection, note: StyleNote, *, was: StyleNoteStatus
    ) -> bool:
        """Store the note as it is now; False when it no longer stands where it was."""
        changed = await connection.execute(
            update(style_notes)
            .where(_notes.brand_id == note.brand_id, _notes.id == note.id, _notes.status == was)
            .values(**_row(note))
        )
        return changed.rowcount == 1


def _row(note: StyleNote) -> dict[str, Any]:
    return {**note.model_dump(), "drafts": list(note.drafts)}


def _note(row: RowMapping) -> StyleNote:
    return StyleNote.model_validate(dict(row))
