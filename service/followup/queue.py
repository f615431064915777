"""The queue as a lead reads it, page by page."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from service.domain.draft import Draft
from service.domain.queue import AskedPost, Place, QueueFilter
from service.domain.team import LEFT
from service.store.brands import BrandRepository
from service.store.queue import QueueRepository
from service.store.session import Database

EVERYTHING = QueueFilter()


class QueueService:
    """All that waits for a person: to be reviewed, or blocked, failed, stale or escalated."""

    def __init__(
        self,
        *,
        database: Database,
        brands: BrandRepository,
        queue: QueueRepository,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._brands = brands
        self._queue = queue
        self._now = now

    async def page(
        self, wanted: QueueFilter = EVERYTHING, *, limit: int = 50, after: Place | None = None
    ) -> list[Draft]:
        """The next drafts behind a place: danger first, praise last, by deadline within."""
        async with self._database.read() as connection:
            gone = None
            if wanted.assignee == LEFT:
                gone = await self._brands.people_gone(connection, wanted.brand_id)
            return await self._queue.page(
                connection, wanted, now=self._now(), limit=limit, after=after, held_by=gone
            )

    async def under_way(self, brand_id: str | None) -> int:
        """How many drafts are being written, and will wait here soon."""
        async with self._database.read() as connection:
            return await self._queue.under_way(connection, brand_id)

    async def posts(self, draft_ids: Collection[str]) -> Mapping[str, AskedPost]:
        """How the posts begin that these drafts answer, by the drafts' ids."""
        async with self._database.read() as connection:
            return await self._queue.posts(connection, draft_ids)


def place_of(draft: Draft) -> Place:
    """Where a draft stands in the queue."""
    return Place(draft.rank, draft.deadline_at, draft.id)
