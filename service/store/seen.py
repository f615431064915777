"""A thread as one customer's case sees it: their words, the brand's, and bystanders'."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import RowMapping, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.draft import DraftStatus
from service.domain.thread import Author, Complaint, Message, same_customer
from service.store.tables import drafts


def seen_by(
    complaint: Complaint, rows: Sequence[RowMapping], approved: Sequence[Message]
) -> list[Message]:
    """Stored messages in order, and between them the approved replies that are not among them."""
    messages = [_seen(complaint, row) for row in rows]
    came = {
        id(one): one.posted_at or row["created_at"] for one, row in zip(messages, rows, strict=True)
    }
    placed = in_time_order(messages)
    said = {one.text.strip() for one in placed if one.author is Author.BRAND}
    for reply in approved:
        if reply.posted_at and reply.text.strip() not in said:
            placed.insert(_place(placed, came, reply.posted_at), reply)
    return placed


def in_time_order(stored: Sequence[Message]) -> list[Message]:
    """Oldest first where times are known; a message without a time stays where it arrived."""
    if any(message.posted_at is None for message in stored):
        return list(stored)
    return sorted(stored, key=lambda m: m.posted_at.timestamp() if m.posted_at else 0.0)


async def approved_replies(
    connection: AsyncConnection, brand_id: str, thread_id: str, complaint: Complaint
) -> list[Message]:
    """What a human approved for this customer, as the brand's words, oldest first: not every tool
    sends back what it posted."""
    told = drafts.c.request["complaint"]
    query = (
        select(
            drafts.c.content["reply"].as_string().label("text"),
            drafts.c.decided_at,
            told["author_handle"].as_string().label("handle"),
            told["author_name"].as_string().label("name"),
        )
        .where(drafts.c.brand_id == brand_id, drafts.c.thread_id == thread_id)
        .where(drafts.c.status == DraftStatus.APPROVED)
        .order_by(drafts.c.decided_at, drafts.c.id)
    )
    own = (complaint.author_handle, complaint.author_name)
    return [
        Message(author=Author.BRAND, text=row.text, posted_at=row.decided_at)
        for row in (await connection.execute(query)).all()
        if row.text and same_customer(own, (row.handle, row.name))
    ]


def _place(placed: Sequence[Message], came: dict[int, datetime], at: datetime) -> int:
    """Behind the last message that had come by then."""
    before = [n for n, one in enumerate(placed) if came.get(id(one), at) <= at]
    return max(before, default=-1) + 1


def _seen(complaint: Complaint, row: RowMapping) -> Message:
    """A message of the thread; another customer of it is a bystander to this one."""
    message = Message.model_validate(dict(row))
    details = row["details"]
    theirs = (details.get("author_handle"), details.get("author_name"))
    own = (complaint.author_handle, complaint.author_name)
    if message.author is Author.CUSTOMER and not same_customer(own, theirs):
        return message.model_copy(update={"author": Author.OTHER})
    return message
