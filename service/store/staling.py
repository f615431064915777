"""A thread that changed: its open drafts no longer answer it, and the tools around us hear so."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.drafts import DraftRepository
from service.store.records import Outbox

_drafts, _outbox = DraftRepository(), Outbox()


async def make_stale(
    connection: AsyncConnection, brand_id: str, thread_id: str, now: datetime
) -> None:
    """Make the thread's open drafts stale, with an event for each."""
    for draft_id in await _drafts.make_stale(connection, brand_id, thread_id, now):
        await _outbox.add(
            connection,
            brand_id=brand_id,
            topic="draft.stale",
            payload={"draft_id": draft_id},
            now=now,
        )
