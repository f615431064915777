"""A follow-up that waits while its promise is moved or closed ends with it."""

from datetime import datetime

from service.domain.commitment import Commitment, CommitmentStatus
from service.domain.thread import DuePromise
from service.store.commitments import CommitmentRepository
from service.store.drafts import DraftRepository
from service.store.session import Connection
from service.store.staling import PROMISE, supersede_follow_up

_MOST_CHARS = 1000
_commitments, _drafts = CommitmentRepository(), DraftRepository()


async def end_follow_up(
    connection: Connection, before: Commitment, after: Commitment, event: str, now: datetime
) -> None:
    """Supersede what was drafted for the promise as it was, once that is stored as it is now.

    Other promises of the thread may be told of by the same draft. Where it is about one of them it
    stays; else they are looked at again at once, for a follow-up about them.
    """
    draft_id = before.follow_up_draft_id
    if draft_id is None or (_is_open(after) and after.follow_up_draft_id == draft_id):
        return
    others = await _commitments.open_in_thread(
        connection, before.brand_id, before.thread_id, follow_up=draft_id
    )
    about = (await _drafts.case(connection, draft_id)).due
    if about in [told_by(other) for other in others]:
        return
    thread = (before.brand_id, before.thread_id)
    if await supersede_follow_up(connection, *thread, draft_id, f"{PROMISE}{event}", now):
        for other in others:
            anew = other.model_copy(update={"follow_up_draft_id": None, "wakes_at": now})
            await _commitments.save(connection, anew)


def told_by(promise: Commitment) -> DuePromise:
    """The promise as its follow-up is asked to tell of it."""
    return DuePromise(
        what=promise.what[:_MOST_CHARS], due_at=promise.due_at, made_at=promise.created_at
    )


def _is_open(promise: Commitment) -> bool:
    return promise.status is CommitmentStatus.OPEN
