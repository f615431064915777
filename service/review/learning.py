"""What there is to learn from reviewers: the drafts that they changed or turned down."""

from collections.abc import AsyncIterator
from datetime import datetime

from service.domain.review import DecidedDraft
from service.store.decided import DecidedRepository
from service.store.drafts import DraftRepository
from service.store.records import DecisionRepository
from service.store.session import Connection, Database


class Learning:
    """Reads decided drafts, for whoever makes cases out of them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._drafts = DraftRepository()
        self._decisions = DecisionRepository()
        self._decided = DecidedRepository()

    async def decided(
        self, *, brand_id: str | None = None, since: datetime | None = None
    ) -> AsyncIterator[DecidedDraft]:
        """Drafts that were approved after an edit, or rejected, oldest first."""
        async with self._database.read() as connection:
            ids = await self._decided.ids(connection, brand_id=brand_id, since=since)
        for draft_id in ids:
            # One short transaction a draft: the caller may take its time over each.
            async with self._database.read() as connection:
                found = await self._one(connection, draft_id)
            if found is not None:
                yield found

    async def _one(self, connection: Connection, draft_id: str) -> DecidedDraft | None:
        draft = await self._drafts.get(connection, draft_id)
        snapshot = await self._drafts.snapshot(connection, draft_id)
        proposed = await self._decided.proposed(connection, draft_id)
        taken = await self._decisions.of_draft(connection, draft_id)
        if snapshot is None or proposed is None or not taken:
            return None
        return DecidedDraft(draft=draft, snapshot=snapshot, proposed=proposed, decision=taken[-1])
