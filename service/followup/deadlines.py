"""Deadlines of drafts that wait: a warning while there is time, and word when they are missed."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from service.domain.brand import Brand
from service.drafting.shape import minutes_between
from service.store.brands import BrandRepository
from service.store.due import DueDraft, DueRepository, deadline_notice
from service.store.notices import once
from service.store.records import Outbox
from service.store.session import Connection, Database

NEAR, MISSED = "deadline.near", "deadline.missed"
BATCH = 500
_LEAST_AHEAD = timedelta(minutes=5)
_SHARE = 0.25


class Deadlines:
    """Says once per draft and deadline that it is near, and once that it was missed."""

    def __init__(
        self, *, database: Database, brands: BrandRepository, due: DueRepository, outbox: Outbox
    ) -> None:
        self._database = database
        self._brands = brands
        self._due = due
        self._outbox = outbox

    async def tick(self, now: datetime) -> int:
        """Say what is to be said by now; gives how many events that were."""
        async with self._database.read() as connection:
            brands = {brand.id: brand for brand in await self._brands.all(connection)}
        longest = max((b.response_targets.longest for b in brands.values()), default=0)
        horizon = now + ahead_of(longest)
        said = await self._say(MISSED, brands, now, since=None, until=now)
        return said + await self._say(NEAR, brands, now, since=now, until=horizon)

    async def _say(
        self,
        topic: str,
        brands: Mapping[str, Brand],
        now: datetime,
        *,
        since: datetime | None,
        until: datetime,
    ) -> int:
        """Batch by batch, so that nobody who writes waits long."""
        said, last = 0, None
        while True:
            async with self._database.write() as connection:
                batch = await self._due.unsaid(
                    connection,
                    # Once it was missed nobody is warned of it: not even by a clock put back.
                    (MISSED,) if topic == MISSED else (NEAR, MISSED),
                    since=since,
                    until=until,
                    after=last,
                    limit=BATCH,
                )
                for draft in batch:
                    if topic == MISSED or is_near(draft, brands.get(draft.brand_id), now):
                        said += await self._tell(connection, topic, draft, now)
            if len(batch) < BATCH:
                return said
            last = batch[-1]

    async def _tell(
        self, connection: Connection, topic: str, draft: DueDraft, now: datetime
    ) -> bool:
        first = await once(
            connection,
            subject=draft.id,
            what=deadline_notice(topic, draft.deadline_at),
            brand_id=draft.brand_id,
            at=now,
        )
        if first:
            payload = {
                "draft_id": draft.id,
                "thread_id": draft.thread_id,
                "assignee": draft.assignee,
                "deadline_at": draft.deadline_at.isoformat(),
                "minutes_left": minutes_between(now, draft.deadline_at),
            }
            await self._outbox.add(
                connection, brand_id=draft.brand_id, topic=topic, payload=payload, now=now
            )
        return first


def is_near(draft: DueDraft, brand: Brand | None, now: datetime) -> bool:
    """Whether the last quarter of its target has begun."""
    if brand is None:
        return False
    minutes = brand.response_targets.minutes(
        draft.channel,
        draft.deadline_class,
        asked=draft.asked_at or draft.deadline_at,
        zone=brand.zone,
    )
    return draft.deadline_at - now <= ahead_of(minutes)


def ahead_of(minutes: int) -> timedelta:
    """How long before its deadline a target of so many minutes is near."""
    return max(_LEAST_AHEAD, _SHARE * timedelta(minutes=minutes))
