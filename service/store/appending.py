"""What a case adds to its thread: what is there already is known by its id, else by its words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.thread import Author, Case, Complaint, Message, same_customer
from service.store.rows import author_of, new_id
from service.store.tables import messages

_SAID = {"author", "text", "posted_at", "external_id"}


async def append_messages(
    connection: AsyncConnection,
    brand_id: str,
    thread_id: str,
    case: Case,
    rows: Sequence[RowMapping],
    now: datetime,
) -> list[tuple[Message, dict[str, Any]]]:
    """What of the case was not there yet, each with what is known of its author; `rows` are all
    that is stored. A post that was told of before without its id gets it now."""
    stored = [dict(row) for row in rows]
    new = []
    for message, details in _in_place(case):
        if any(_same(message, row) for row in stored):
            continue
        if untold := next((row for row in stored if _may_be(message, details, row)), None):
            await _name(connection, untold, message, details)
        else:
            new.append((message, details))
    for position, (message, details) in enumerate(new, start=len(stored)):
        place = {"brand_id": brand_id, "thread_id": thread_id, "position": position}
        said = message.model_dump(include=_SAID)
        values = {**place, **said, "details": details, "created_at": now}
        await connection.execute(insert(messages).values(id=new_id("msg"), **values))
    return new


async def _name(
    connection: AsyncConnection, row: dict[str, Any], message: Message, details: dict[str, Any]
) -> None:
    """The stored message is this post: later events ask for it by its id."""
    told = {key: value for key, value in details.items() if value is not None}
    values = {
        "external_id": message.external_id,
        "details": {**row["details"], **told},
        "posted_at": row["posted_at"] or message.posted_at,
    }
    row.update(values)
    own = (messages.c.id == row["id"], messages.c.brand_id == row["brand_id"])
    await connection.execute(update(messages).where(*own).values(**values))


def _same(message: Message, row: dict[str, Any]) -> bool:
    """By the id where it has one: another post may say the same."""
    if message.external_id:
        return bool(message.external_id == row["external_id"])
    return _same_words(message, row)


def _may_be(message: Message, details: dict[str, Any], row: dict[str, Any]) -> bool:
    """Whether it is a post that is stored without an id; others may have written the same."""
    if row["external_id"] or not _same_words(message, row):
        return False
    theirs = same_customer(author_of(details), author_of(row["details"]))
    return theirs or message.author is not Author.CUSTOMER


def _same_words(message: Message, row: dict[str, Any]) -> bool:
    return message.author == row["author"] and message.text.strip() == str(row["text"]).strip()


def _in_place(case: Case) -> list[tuple[Message, dict[str, Any]]]:
    """The case's messages in order, the complaint where the thread holds it, else last."""
    details = case.complaint.model_dump(mode="json", exclude={"text", "posted_at", "external_id"})
    own = (_as_message(case.complaint), details)
    placed = [own if case.is_complaint(message) else (message, {}) for message in case.thread]
    return placed if own in placed else [*placed, own]


def _as_message(complaint: Complaint) -> Message:
    return Message(
        author=Author.CUSTOMER,
        text=complaint.text,
        posted_at=complaint.posted_at,
        external_id=complaint.external_id,
    )
