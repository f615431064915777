"""What stands in a thread, as people read it."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.thread import ThreadMessage
from service.store.seen import approved_replies, read_by_anybody
from service.store.tables import messages


class ThreadMessageRepository:
    """Reads messages with their authors; those that were taken down are left out."""

    async def of_thread(
        self, connection: AsyncConnection, brand_id: str, thread_id: str
    ) -> list[ThreadMessage]:
        """All of a thread in order, with the approved replies that no tool has sent back."""
        own = (messages.c.brand_id == brand_id, messages.c.thread_id == thread_id)
        rows = await connection.execute(select(messages).where(*own).order_by(messages.c.position))
        approved = await approved_replies(connection, brand_id, thread_id, None)
        return read_by_anybody(rows.mappings().all(), approved)
