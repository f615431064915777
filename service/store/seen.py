"""A thread as one customer's case sees it, with bystanders in it, and as anybody reads it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

from sqlalchemy import RowMapping, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.draft import DraftStatus
from service.domain.thread import Author, Complaint, Message, ThreadMessage, same_customer
from service.store.rows import author_of
from service.store.tables import drafts

Said = TypeVar("Said", bound=Message)


@dataclass(frozen=True)
class Approved:
    """A reply that a human approved, and when."""

    text: str
    at: datetime
    draft_id: str | None = None


def seen_by(
    complaint: Complaint, rows: Sequence[RowMapping], approved: Sequence[Approved]
) -> list[Message]:
    """Messages in order, those taken down aside, and between them the approved replies that no
    tool has sent back; `rows` are all that is stored."""
    # Told no time of posting: ours is when it was approved, and times must not run backwards.
    return _placed(rows, approved, read=partial(_seen, complaint), said=_approved_reply)


def read_by_anybody(
    rows: Sequence[RowMapping], approved: Sequence[Approved]
) -> list[ThreadMessage]:
    """The same messages in the same order, with whose each one is and when it came."""
    return _placed(rows, approved, read=_read, said=_read_reply)


def _placed(
    rows: Sequence[RowMapping],
    approved: Sequence[Approved],
    *,
    read: Callable[[RowMapping], Said],
    said: Callable[[Approved], Said],
) -> list[Said]:
    kept = standing(rows)
    messages = [read(row) for row in kept]
    came = {id(one): _arrival(row) for one, row in zip(messages, kept, strict=True)}
    placed = in_time_order(messages)
    for reply in _not_sent_back(approved, rows):
        ours = said(reply)
        placed.insert(_place(placed, came, reply.at), ours)
        came[id(ours)] = reply.at
    return placed


def standing(rows: Sequence[RowMapping]) -> list[RowMapping]:
    """The messages that their authors have not taken down."""
    return [row for row in rows if not row["details"].get("deleted_at")]


def in_time_order(stored: Sequence[Said]) -> list[Said]:
    """Oldest first where times are known; a message without a time stays where it arrived."""
    if any(message.posted_at is None for message in stored):
        return list(stored)
    return sorted(stored, key=lambda m: m.posted_at.timestamp() if m.posted_at else 0.0)


async def approved_replies(
    connection: AsyncConnection,
    brand_id: str,
    thread_id: str,
    complaint: Complaint | None,
    *,
    holding_too: bool = False,
) -> list[Approved]:
    """What a human approved for this customer, oldest first; without a complaint for everybody. A
    holding reply answers nothing, so it counts only where a tool sends it back, or when asked."""
    told, content = drafts.c.request["complaint"], drafts.c.content
    query = (
        select(
            drafts.c.id,
            content["reply"].as_string().label("text"),
            drafts.c.decided_at,
            told["author_handle"].as_string().label("handle"),
            told["author_name"].as_string().label("name"),
        )
        .where(drafts.c.brand_id == brand_id, drafts.c.thread_id == thread_id)
        .where(drafts.c.status == DraftStatus.APPROVED)
        .where(true() if holding_too else content["holding"].as_boolean().is_(False))
        .order_by(drafts.c.decided_at, drafts.c.id)
    )
    own = complaint.customer if complaint else (None, None)
    return [
        Approved(row.text, row.decided_at, row.id)
        for row in (await connection.execute(query)).all()
        if row.text and row.decided_at and same_customer(own, (row.handle, row.name))
    ]


def echoes(
    approved: Sequence[Approved], rows: Sequence[RowMapping]
) -> list[tuple[Approved, RowMapping]]:
    """The replies that are one of the brand's posts, each with its own: word for word, else as the
    brand's next post after the approval, which a tool may have altered, or a person since."""
    posts = sorted((row for row in rows if row["author"] == Author.BRAND), key=_said)
    found: list[tuple[Approved, RowMapping]] = []
    for fits in (_is_verbatim, _is_next):
        for reply in _besides(approved, found):
            if post := next((post for post in posts if fits(reply, post)), None):
                posts.remove(post)
                found.append((reply, post))
    return found


def _not_sent_back(approved: Sequence[Approved], rows: Sequence[RowMapping]) -> list[Approved]:
    """The replies that are none of the brand's posts."""
    return _besides(approved, echoes(approved, rows))


def _besides(
    approved: Sequence[Approved], found: Sequence[tuple[Approved, RowMapping]]
) -> list[Approved]:
    taken = {id(reply) for reply, _ in found}
    return [reply for reply in approved if id(reply) not in taken]


def _is_verbatim(reply: Approved, post: RowMapping) -> bool:
    return bool(post["text"].strip() == reply.text.strip())


def _is_next(reply: Approved, post: RowMapping) -> bool:
    return _said(post) >= reply.at


def _said(row: RowMapping) -> datetime:
    """When it was posted, as far as is known; a conversation may be told of long after."""
    posted: datetime = row["posted_at"] or row["created_at"]
    return posted


def _arrival(row: RowMapping) -> datetime:
    """When we first had these words: an author may have changed them since."""
    came: datetime = row["created_at"]
    revised = row["details"].get("revised_at")
    return max(came, datetime.fromisoformat(revised)) if revised else came


def _place(placed: Sequence[Message], came: dict[int, datetime], at: datetime) -> int:
    """Behind the customer's last words that had come by then, and what the brand said to them;
    but before words of theirs that had not come and that nobody has answered."""
    known = [came[id(one)] <= at for one in placed]
    authors = [one.author for one in placed]
    theirs = [n for n, author in enumerate(authors) if author is Author.CUSTOMER]
    place = max((n for n in theirs if known[n]), default=-1) + 1
    while place < len(placed) and authors[place] is Author.BRAND and known[place]:
        place += 1
    unseen = (n for n in theirs if not known[n] and Author.BRAND not in authors[n:place])
    return min(place, next(unseen, place))


def _seen(complaint: Complaint, row: RowMapping) -> Message:
    """A message of the thread; another customer of it is a bystander to this one."""
    message = Message.model_validate(dict(row))
    theirs = author_of(row["details"])
    if message.author is Author.CUSTOMER and not same_customer(complaint.customer, theirs):
        return message.model_copy(update={"author": Author.OTHER})
    return message


def _approved_reply(reply: Approved) -> Message:
    return Message(author=Author.BRAND, text=reply.text)


def _read(row: RowMapping) -> ThreadMessage:
    named = {key: row["details"].get(key) for key in ("author_name", "author_handle")}
    return ThreadMessage.model_validate({**row, **named, "came_at": row["created_at"]})


def _read_reply(reply: Approved) -> ThreadMessage:
    return ThreadMessage(
        author=Author.BRAND, text=reply.text, came_at=reply.at, draft_id=reply.draft_id
    )
