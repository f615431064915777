"""When a message came."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.thread import Author, Complaint
from service.store.tables import messages


async def came_at(
    connection: AsyncConnection,
    brand_id: str,
    thread_id: str,
    complaint: Complaint,
    now: datetime,
) -> datetime:
    """When the customer wrote: the same for each draft that answers the same message."""
    came = func.coalesce(messages.c.posted_at, messages.c.created_at)
    same = messages.c.text == complaint.text
    if complaint.external_id:
        same = messages.c.external_id == complaint.external_id
    found = await connection.scalar(
        select(func.min(came))
        .where(messages.c.brand_id == brand_id, messages.c.thread_id == thread_id)
        .where(messages.c.author == Author.CUSTOMER, same)
    )
    return min(found or complaint.posted_at or now, now)
