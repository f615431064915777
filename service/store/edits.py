"""What people changed in replies, as kept with the versions that their edits made."""

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.edits import EditFinding
from service.store.tables import draft_versions

_FINDINGS = TypeAdapter(tuple[EditFinding, ...])


class EditRepository:
    """Reads the edits of a draft."""

    async def of_draft(
        self, connection: AsyncConnection, draft_id: str
    ) -> dict[int, tuple[EditFinding, ...]]:
        """What each version changed; versions kept before edits were told apart have none."""
        found = draft_versions.c.content["edits"].label("edits")
        query = select(draft_versions.c.version, found).where(draft_versions.c.draft_id == draft_id)
        rows = await connection.execute(query)
        return {row.version: _FINDINGS.validate_python(row.edits or []) for row in rows}
