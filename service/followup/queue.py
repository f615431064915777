"""The queue as a lead reads it, page by page."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from service.domain.draft import Draft
from service.domain.queue import AskedPost, Place, QueueFilter
from service.domain.team import LEFT
from service.store.brands import BrandRepository
from service.store.queue import Held, QueueRepository
from service.store.session import Connection, Database

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
            gone = await self._gone(connection, wanted) if wanted.assignee == LEFT else None
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

    async def _gone(self, connection: Connection, wanted: QueueFilter) -> list[Held]:
        """Everybody whom a brand's team names as gone."""
        if wanted.brand_id is None:
            brands = await self._brands.all(connection)
        else:
            brands = [await self._brands.get(connection, wanted.brand_id)]
        return [(brand.id, person.name) for brand in brands for person in brand.team if person.left]


def place_of(draft: Draft) -> Place:
    """Where a draft stands in the queue."""
    return Place(draft.rank, draft.deadline_at, draft.id)
