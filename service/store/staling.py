"""A thread that changed: its open drafts no longer answer it, and the tools around us hear so."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, not_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.draft import OVERTAKEN, Draft, DraftStatus
from service.store.drafts import DraftRepository
from service.store.records import Outbox
from service.store.tables import WAITING, drafts

BRAND_ANSWERED = "the brand has answered it itself"
NEWER = "a newer draft answers this thread: "
_TO_COME = (*WAITING, DraftStatus.DRAFTING)
_drafts, _outbox = DraftRepository(), Outbox()


async def make_stale(
    connection: AsyncConnection, brand_id: str, thread_id: str, now: datetime
) -> None:
    """Make the thread's open drafts stale, with an event for each; the newest goes on waiting."""
    made = await _drafts.make_stale(connection, brand_id, thread_id, now)
    await announce(connection, brand_id, made, DraftStatus.STALE, now)
    await supersede_older(connection, brand_id, thread_id, now)


async def supersede_older(
    connection: AsyncConnection,
    brand_id: str,
    thread_id: str,
    now: datetime,
    *,
    newest: str | None = None,
) -> None:
    """Of a thread's drafts that were overtaken, those end that a newer one answers in their place.

    `newest` has just begun; else it is read which one is.
    """
    answers = drafts.c.status.in_((*_TO_COME, DraftStatus.APPROVED))
    newest = newest or await _newest(connection, brand_id, thread_id, answers)
    if newest is not None:
        began = select(drafts.c.created_at).where(drafts.c.id == newest).scalar_subquery()
        older = and_(drafts.c.id != newest, drafts.c.created_at <= began)
        which = and_(_of_thread(brand_id, thread_id), older, drafts.c.status.in_(OVERTAKEN))
        await supersede(connection, brand_id, which, f"{NEWER}{newest}", now)


async def supersede_answered(
    connection: AsyncConnection,
    brand_id: str,
    thread_id: str,
    *,
    posted_at: datetime,
    text: str,
    now: datetime,
) -> None:
    """The brand has spoken by another tool: what the customer wrote before is answered.

    Not so where it is an approved reply that comes back from the tool which posted it. What the
    brand writes unasked answers nobody, so it only gets stale.
    """
    ours = select(drafts.c.content["reply"].as_string()).where(
        _of_thread(brand_id, thread_id), drafts.c.status == DraftStatus.APPROVED
    )
    if text.strip() in [(reply or "").strip() for reply in await connection.scalars(ours)]:
        return
    asked = and_(not_(drafts.c.unasked), drafts.c.asked_at < posted_at)
    undecided = drafts.c.status.in_(_TO_COME)
    which = and_(_of_thread(brand_id, thread_id), asked, undecided)
    await supersede(connection, brand_id, which, BRAND_ANSWERED, now)


async def supersede(
    connection: AsyncConnection,
    brand_id: str,
    which: ColumnElement[bool],
    reason: str,
    now: datetime,
) -> list[str]:
    """Nobody waits for these any more, and no worker may finish one; each with an event."""
    ended = await connection.scalars(
        update(drafts)
        .where(which)
        .values(
            status=DraftStatus.SUPERSEDED,
            stale_reason=reason,
            lease_owner=None,
            lease_until=None,
            updated_at=now,
        )
        .returning(drafts.c.id)
    )
    ids = sorted(ended)
    await announce(connection, brand_id, ids, DraftStatus.SUPERSEDED, now)
    return ids


async def newer_to_come(connection: AsyncConnection, draft: Draft) -> str | None:
    """The draft that was begun after this one and waits, or will."""
    which = or_(drafts.c.status.in_(_TO_COME), drafts.c.id == draft.id)
    newest = await _newest(connection, draft.brand_id, draft.thread_id, which)
    return None if newest == draft.id else newest


async def _newest(
    connection: AsyncConnection, brand_id: str, thread_id: str, which: ColumnElement[bool]
) -> str | None:
    order = (drafts.c.created_at.desc(), drafts.c.thread_revision.desc(), drafts.c.id.desc())
    query = select(drafts.c.id).where(_of_thread(brand_id, thread_id), which)
    return await connection.scalar(query.order_by(*order).limit(1))


def _of_thread(brand_id: str, thread_id: str) -> ColumnElement[bool]:
    return and_(drafts.c.brand_id == brand_id, drafts.c.thread_id == thread_id)


async def announce(
    connection: AsyncConnection,
    brand_id: str,
    ids: Sequence[str],
    status: DraftStatus,
    now: datetime,
) -> None:
    """Tell the tools around us that these drafts are now so."""
    for draft_id in ids:
        await _outbox.add(
            connection,
            brand_id=brand_id,
            topic=f"draft.{status.value}",
            payload={"draft_id": draft_id},
            now=now,
        )
