"""What is said once and never twice, however many workers say it: warnings, breaches, reminders."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.dialect import insert_first
from service.store.tables import notices


async def once(
    connection: AsyncConnection, *, subject: str, what: str, brand_id: str, at: datetime
) -> bool:
    """Note that this is said about a draft or a commitment; False where it was said before.

    The caller says it in the same transaction. What may be said again for another time (a moved
    deadline, a new due date) has that time in `what`.
    """
    row = {"subject": subject, "what": what, "brand_id": brand_id, "at": at}
    return await insert_first(connection, notices, row)
