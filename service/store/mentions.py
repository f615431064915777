"""Posts as stored: which are here, how their words change, and which were deleted too early."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, true, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.base import as_utc
from service.domain.mention import Mention
from service.domain.thread import Author, Identity
from service.store.dialect import upsert
from service.store.rows import author_of, new_id
from service.store.tables import early_deletions, messages, policy_passages, threads

ANY_BRAND = "*"
_MOST_TITLES = 12
_MOST_LATER = 100
"""Of a public thread as long as that a late post begins a draft of its own."""
_REVISED, _DELETED = "revised_at", "deleted_at"
_SAID_OF_IT = {"author_name", "author_handle", "author_followers", "url", _REVISED}


@dataclass(frozen=True)
class StoredPost:
    """A post that is here."""

    message_id: str
    brand_id: str
    thread_id: str
    external_id: str
    author: Author
    in_reply_to: str | None
    text: str
    details: Mapping[str, Any]
    posted_at: datetime | None
    came_at: datetime

    @property
    def as_of(self) -> datetime | None:
        """The time of its newest words, where a tool told it."""
        revised = self.details.get(_REVISED)
        return as_utc(datetime.fromisoformat(revised)) if revised else self.posted_at

    @property
    def is_deleted(self) -> bool:
        """Whether its author has taken it down."""
        return _DELETED in self.details

    @property
    def customer(self) -> Identity:
        """Its author's handle and name."""
        return author_of(self.details)


class MentionRepository:
    """Reads and writes posts by the ids that their tool gave them."""

    async def owners(
        self,
        connection: AsyncConnection,
        brand_ids: Collection[str],
        external_ids: Collection[str],
    ) -> set[tuple[str, str]]:
        """Which of these brands holds which of these posts."""
        query = select(messages.c.brand_id, messages.c.external_id).where(
            messages.c.brand_id.in_(brand_ids), messages.c.external_id.in_(external_ids)
        )
        return {(brand, post) for brand, post in await connection.execute(query) if post}

    async def threads(
        self, connection: AsyncConnection, brand_ids: Collection[str], ids: Collection[str]
    ) -> set[tuple[str, str]]:
        """Which of these brands has which of these threads."""
        query = select(threads.c.brand_id, threads.c.id).where(
            threads.c.brand_id.in_(brand_ids), threads.c.id.in_(ids)
        )
        return {(brand, thread) for brand, thread in await connection.execute(query)}

    async def posts(
        self, connection: AsyncConnection, brand_id: str, external_ids: Collection[str]
    ) -> dict[str, StoredPost]:
        """The brand's posts among these, by their tool's ids."""
        query = select(messages).where(
            messages.c.brand_id == brand_id, messages.c.external_id.in_(external_ids)
        )
        rows = (await connection.execute(query)).mappings()
        return {row["external_id"]: _post(row) for row in rows}

    async def replies(
        self, connection: AsyncConnection, brand_id: str, external_ids: Collection[str]
    ) -> dict[str, str]:
        """The thread of a reply that came before its post, by the post's id."""
        query = (
            select(messages.c.in_reply_to, messages.c.thread_id)
            .where(messages.c.brand_id == brand_id, messages.c.in_reply_to.in_(external_ids))
            .order_by(messages.c.created_at.desc())
        )
        return {post: thread for post, thread in await connection.execute(query) if post}

    async def set_reply(self, connection: AsyncConnection, brand_id: str, post: Mention) -> None:
        """Keep what a post that is stored already replies to."""
        own = (messages.c.brand_id == brand_id, messages.c.external_id == post.external_id)
        reply = update(messages).where(*own).values(in_reply_to=post.in_reply_to)
        await connection.execute(reply)

    async def written_after(
        self,
        connection: AsyncConnection,
        brand_id: str,
        thread_id: str,
        *,
        author: Author,
        posted_at: datetime | None,
    ) -> list[StoredPost]:
        """The newest posts of a thread that were written later, or of all times; deleted ones
        aside."""
        later = true() if posted_at is None else messages.c.posted_at > posted_at
        query = (
            select(messages)
            .where(messages.c.brand_id == brand_id, messages.c.thread_id == thread_id)
            .where(messages.c.author == author, later)
            .where(messages.c.external_id.is_not(None))
            .order_by(func.coalesce(messages.c.posted_at, messages.c.created_at).desc())
            .limit(_MOST_LATER)
        )
        found = [_post(row) for row in (await connection.execute(query)).mappings()]
        return [post for post in found if not post.is_deleted]

    async def policy_titles(
        self, connection: AsyncConnection, brand_ids: Collection[str]
    ) -> dict[str, str]:
        """What each of these brands has rules about, in one line: its first titles."""
        found: dict[str, str] = {}
        for brand_id in brand_ids:
            query = (
                select(policy_passages.c.title)
                .where(policy_passages.c.brand_id == brand_id, policy_passages.c.title != "")
                .distinct()
                .order_by(policy_passages.c.title)
                .limit(_MOST_TITLES)
            )
            if titles := (await connection.scalars(query)).all():
                found[brand_id] = "; ".join(titles)
        return found

    async def begin_threads(
        self,
        connection: AsyncConnection,
        brand_id: str,
        posts: Mapping[str, Mention],
        *,
        author: Author,
        now: datetime,
    ) -> None:
        """Threads by id, each with the post that it begins with."""
        if not posts:
            return
        begun = [
            {
                "brand_id": brand_id,
                "id": thread_id,
                "channel": post.channel,
                "is_public": post.case(None).is_public,
                "revision": 1,
                "created_at": now,
                "updated_at": now,
            }
            for thread_id, post in posts.items()
        ]
        await connection.execute(insert(threads), begun)
        rows = [_row(brand_id, name, post, author, now) for name, post in posts.items()]
        await connection.execute(insert(messages), [{**row, "position": 0} for row in rows])

    async def append(
        self,
        connection: AsyncConnection,
        brand_id: str,
        thread_id: str,
        post: Mention,
        *,
        author: Author,
        now: datetime,
    ) -> None:
        """Add a post that nobody has to answer to a thread."""
        position = select(func.count()).where(
            messages.c.brand_id == brand_id, messages.c.thread_id == thread_id
        )
        row = _row(brand_id, thread_id, post, author, now)
        await connection.execute(
            insert(messages).values(**row, position=position.scalar_subquery())
        )

    async def rewrite(
        self, connection: AsyncConnection, post: StoredPost, text: str, *, at: datetime | None
    ) -> None:
        """These are its words as of then, where the time is known."""
        details = dict(post.details)
        if at is not None:
            details[_REVISED] = at.isoformat()
        await _change(connection, post, text=text, details=details)

    async def mark_deleted(
        self, connection: AsyncConnection, post: StoredPost, *, at: datetime
    ) -> None:
        """Its author has taken it down: the row stays, and no prompt shows it."""
        await _change(connection, post, details={**post.details, _DELETED: at.isoformat()})

    async def keep_deletion(
        self, connection: AsyncConnection, scope: str, external_id: str, at: datetime
    ) -> None:
        """Keep a deletion until its post comes; `scope` is a brand, or ANY_BRAND."""
        row = {"scope": scope, "external_id": external_id, "at": at}
        await upsert(connection, early_deletions, [row])

    async def kept_deletions(
        self, connection: AsyncConnection, brand_id: str, external_ids: Collection[str]
    ) -> dict[str, datetime]:
        """Which of these posts were deleted before they came, and when."""
        query = select(early_deletions.c.external_id, early_deletions.c.at).where(
            early_deletions.c.scope.in_((brand_id, ANY_BRAND)),
            early_deletions.c.external_id.in_(external_ids),
        )
        return dict((await connection.execute(query)).all())

    async def forget_deletions(self, connection: AsyncConnection, *, before: datetime) -> None:
        """Posts that have not come by now will not come."""
        await connection.execute(delete(early_deletions).where(early_deletions.c.at < before))


def _row(
    brand_id: str, thread_id: str, post: Mention, author: Author, now: datetime
) -> dict[str, Any]:
    return {
        "id": new_id("msg"),
        "brand_id": brand_id,
        "thread_id": thread_id,
        "author": author,
        "text": post.text,
        "external_id": post.external_id,
        "in_reply_to": post.in_reply_to,
        "details": post.model_dump(mode="json", include=_SAID_OF_IT, exclude_none=True),
        "posted_at": post.posted_at,
        "created_at": now,
    }


def _post(row: RowMapping) -> StoredPost:
    return StoredPost(
        message_id=row["id"],
        brand_id=row["brand_id"],
        thread_id=row["thread_id"],
        external_id=row["external_id"],
        author=Author(row["author"]),
        in_reply_to=row["in_reply_to"],
        text=row["text"],
        details=row["details"],
        posted_at=row["posted_at"],
        came_at=row["created_at"],
    )


async def _change(connection: AsyncConnection, post: StoredPost, **values: Any) -> None:
    own = (messages.c.id == post.message_id, messages.c.brand_id == post.brand_id)
    await connection.execute(update(messages).where(*own).values(**values))
