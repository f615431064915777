"""The drafts that answer a post, as far as nobody has decided on them yet."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, not_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.draft import DraftStatus
from service.store.drafts import OPEN
from service.store.mentions import StoredPost
from service.store.staling import bring_back, supersede
from service.store.tables import drafts, messages

POST_DELETED = "the author deleted the post"
_UNDER_WAY = (*OPEN, DraftStatus.DRAFTING)
_UNDECIDED = (*_UNDER_WAY, DraftStatus.FAILED, DraftStatus.STALE)
_REDRAFTED = (*_UNDECIDED, DraftStatus.REJECTED)


class AnsweringDrafts:
    """Moves drafts along with the post that they answer."""

    async def withdraw(self, connection: AsyncConnection, post: StoredPost, now: datetime) -> None:
        """The post is gone: its drafts end; what they stood in for waits again in their place."""
        undecided = _answers(post, _UNDECIDED)
        ended = await supersede(connection, post.brand_id, undecided, POST_DELETED, now)
        # Those that had ended for another reason are never brought back.
        before = _answers(post, (DraftStatus.SUPERSEDED,))
        await _change(connection, before, stale_reason=POST_DELETED, updated_at=now)
        await bring_back(connection, post.brand_id, post.thread_id, ended, now)

    async def undecided(self, connection: AsyncConnection, post: StoredPost) -> str | None:
        """The newest draft that answers the post and that nobody has decided on."""
        asked = and_(_answers(post, _UNDECIDED), not_(drafts.c.unasked))
        found: str | None = await connection.scalar(
            select(drafts.c.id).where(asked).order_by(drafts.c.created_at.desc()).limit(1)
        )
        return found

    async def begin_again(
        self,
        connection: AsyncConnection,
        post: StoredPost,
        text: str,
        *,
        revision: int,
        now: datetime,
        edited_too: bool = True,
    ) -> list[str]:
        """The post has other words, or others before it: whoever works on it as it was loses the
        draft to the next. `edited_too`: also where a person has edited it or handed it up."""
        asked = select(drafts.c.id, drafts.c.request).where(_answers(post, _REDRAFTED))
        for draft_id, request in await connection.execute(asked):
            changed = {**request, "complaint": {**request["complaint"], "text": text}}
            await _change(connection, drafts.c.id == draft_id, request=changed)
        unfinished = drafts.c.status == DraftStatus.DRAFTING
        handed_up = drafts.c.status == DraftStatus.ESCALATED
        untouched = and_(drafts.c.edited_by.is_(None), not_(handed_up))
        return await _change(
            connection,
            and_(_answers(post, _UNDER_WAY), true() if edited_too else untouched),
            status=DraftStatus.DRAFTING,
            version=drafts.c.version + case((unfinished, 0), else_=1),
            thread_revision=revision,
            fence=drafts.c.fence + 1,
            claims=0,
            lease_owner=None,
            lease_until=None,
            edited_by=None,
            decided_by=None,
            decided_at=None,
            updated_at=now,
            kind=None,  # nobody has read these words
        )


async def is_deleted(connection: AsyncConnection, draft_id: str) -> bool:
    """Whether the post that a draft answers was taken down by its author."""
    answered = drafts.c.request["complaint"]["external_id"].as_string()
    same = and_(messages.c.brand_id == drafts.c.brand_id, messages.c.external_id == answered)
    gone = messages.c.details["deleted_at"].as_string().is_not(None)
    query = select(func.count()).select_from(drafts.join(messages, same))
    return bool(await connection.scalar(query.where(drafts.c.id == draft_id, gone)))


def _answers(post: StoredPost, statuses: tuple[DraftStatus, ...]) -> ColumnElement[bool]:
    answered = drafts.c.request["complaint"]["external_id"].as_string()
    return and_(
        drafts.c.brand_id == post.brand_id,
        drafts.c.thread_id == post.thread_id,
        drafts.c.status.in_(statuses),
        answered == post.external_id,
    )


async def _change(
    connection: AsyncConnection, which: ColumnElement[bool], **values: Any
) -> list[str]:
    changed = update(drafts).where(which).values(**values).returning(drafts.c.id)
    return sorted(await connection.scalars(changed))
