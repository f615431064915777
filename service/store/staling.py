"""A thread that changed: its open drafts no longer answer it, and the tools around us hear so."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, not_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.draft import OVERTAKEN, Draft, DraftStatus
from service.domain.thread import same_customer
from service.store.drafts import THREAD_CHANGED, DraftRepository
from service.store.records import Outbox
from service.store.seen import Approved, approved_replies, echoes
from service.store.tables import WAITING, drafts, messages

BRAND_ANSWERED = "the brand has answered it itself"
NEWER = "a newer draft answers this thread: "
PROMISE = "the promise that it tells of was "
"""What became of it stands behind: moved, kept, broken or withdrawn."""
_TO_COME = (*WAITING, DraftStatus.DRAFTING)
_ANSWERS = (*_TO_COME, DraftStatus.APPROVED)
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

    Another customer's draft does not: who joins a thread takes nobody's answer away. `newest` has
    just begun, perhaps in the same moment as another.
    """
    begun = await _newest_first(connection, brand_id, thread_id, drafts.c.status.in_(_ANSWERS))
    rows = sorted(begun, key=lambda row: row.id != newest)
    for nth, row in enumerate(rows):
        newer = (one for one in rows[:nth] if _same_person(one, row))
        if row.status in OVERTAKEN and (instead := next(newer, None)):
            await supersede_by(connection, brand_id, row.id, instead.id, now)


async def supersede_by(
    connection: AsyncConnection, brand_id: str, draft_id: str, newer: str, now: datetime
) -> None:
    """The draft `newer` answers in the place of this one."""
    await supersede(connection, brand_id, drafts.c.id == draft_id, f"{NEWER}{newer}", now)


async def supersede_answered(
    connection: AsyncConnection,
    brand_id: str,
    thread_id: str,
    *,
    in_reply_to: str | None,
    posted_at: datetime,
    text: str,
    now: datetime,
    post: str | None = None,
    only: Collection[str] | None = None,
) -> None:
    """The brand has spoken by another tool: what this customer wrote before is answered.

    It spoke to the author of `in_reply_to`, or without one to whoever wrote last before it. Not so
    where `post` is an approved reply that comes back from the tool which posted it. What the brand
    writes unasked answers nobody, so it only gets stale. `only`: no other draft ends.
    """
    if await _is_sent_back(connection, brand_id, thread_id, text):
        return
    rows = await _newest_first(connection, brand_id, thread_id, not_(drafts.c.unasked))
    before = sorted(
        (r for r in rows if r.asked_at and r.asked_at < posted_at), key=lambda r: r.asked_at
    )
    named = [row for row in rows if in_reply_to and row.post == in_reply_to]
    approved = await _echoed(connection, brand_id, thread_id, post)
    # What replies to words that came after the approval is no echo, however soon it follows.
    if approved and not any(one.asked_at and one.asked_at > approved.at for one in named):
        return
    spoken_to = named if in_reply_to else before[-1:]
    answered = [row.id for row in before if any(_same_person(row, one) for one in spoken_to)]
    if only is not None:
        answered = [draft_id for draft_id in answered if draft_id in only]
    which = and_(drafts.c.id.in_(answered), drafts.c.status.in_(_TO_COME))
    await supersede(connection, brand_id, which, BRAND_ANSWERED, now)


async def _is_sent_back(
    connection: AsyncConnection, brand_id: str, thread_id: str, text: str
) -> bool:
    """Whether it is a reply of ours word for word, also a holding one."""
    ours = select(drafts.c.content["reply"].as_string()).where(
        _of_thread(brand_id, thread_id), drafts.c.status == DraftStatus.APPROVED
    )
    return text.strip() in [(reply or "").strip() for reply in await connection.scalars(ours)]


async def _echoed(
    connection: AsyncConnection, brand_id: str, thread_id: str, post: str | None
) -> Approved | None:
    """The approved reply that this post of the brand is taken for."""
    thread = (brand_id, thread_id)
    approved = await approved_replies(connection, *thread, None, holding_too=True)
    if post is None or not approved:
        return None
    here = and_(messages.c.brand_id == brand_id, messages.c.thread_id == thread_id)
    rows = (await connection.execute(select(messages).where(here))).mappings().all()
    found = echoes(approved, rows)
    return next((reply for reply, row in found if row["external_id"] == post), None)


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


async def supersede_follow_up(
    connection: AsyncConnection,
    brand_id: str,
    thread_id: str,
    draft_id: str,
    reason: str,
    now: datetime,
) -> bool:
    """Nobody is to be told of its promise any more; whether the follow-up was waiting still."""
    which = and_(drafts.c.id == draft_id, drafts.c.status.in_(_TO_COME))
    ended = await supersede(connection, brand_id, which, reason, now)
    await bring_back(connection, brand_id, thread_id, ended, now)
    await supersede_older(connection, brand_id, thread_id, now)
    return bool(ended)


async def bring_back(
    connection: AsyncConnection,
    brand_id: str,
    thread_id: str,
    ended: Sequence[str],
    now: datetime,
) -> None:
    """What these drafts stood in for waits again in their place."""
    reasons = [f"{NEWER}{draft_id}" for draft_id in ended]
    await _bring_back(connection, brand_id, thread_id, reasons, now)


async def bring_back_answered(
    connection: AsyncConnection, brand_id: str, thread_id: str, now: datetime
) -> list[str]:
    """What the brand had answered by another tool waits again; the drafts' ids."""
    return await _bring_back(connection, brand_id, thread_id, [BRAND_ANSWERED], now)


async def _bring_back(
    connection: AsyncConnection,
    brand_id: str,
    thread_id: str,
    reasons: Sequence[str],
    now: datetime,
) -> list[str]:
    ended = and_(drafts.c.status == DraftStatus.SUPERSEDED, drafts.c.stale_reason.in_(reasons))
    back = await connection.scalars(
        update(drafts)
        .where(_of_thread(brand_id, thread_id), ended)
        .values(status=DraftStatus.STALE, stale_reason=THREAD_CHANGED, updated_at=now)
        .returning(drafts.c.id)
    )
    ids = sorted(back)
    await announce(connection, brand_id, ids, DraftStatus.STALE, now)
    return ids


async def newer_to_come(connection: AsyncConnection, draft: Draft) -> str | None:
    """The draft for the same customer that was begun after this one and waits, or will."""
    which = or_(drafts.c.status.in_(_TO_COME), drafts.c.id == draft.id)
    rows = await _newest_first(connection, draft.brand_id, draft.thread_id, which)
    own = next(row for row in rows if row.id == draft.id)
    newest = next(row.id for row in rows if _same_person(row, own))
    return None if newest == draft.id else str(newest)


async def has_newer(
    connection: AsyncConnection, brand_id: str, thread_id: str, draft_id: str
) -> bool:
    """Whether a draft that was begun after this one answers the same customer, or will."""
    which = or_(drafts.c.status.in_(_ANSWERS), drafts.c.id == draft_id)
    rows = await _newest_first(connection, brand_id, thread_id, which)
    nth = next(nth for nth, row in enumerate(rows) if row.id == draft_id)
    return any(_same_person(one, rows[nth]) for one in rows[:nth])


async def _newest_first(
    connection: AsyncConnection, brand_id: str, thread_id: str, which: ColumnElement[bool]
) -> Sequence[Row[Any]]:
    """Drafts of a thread: id, status, asked_at, whom each answers and which post."""
    columns, complaint = drafts.c, drafts.c.request["complaint"]
    told = {"handle": "author_handle", "name": "author_name", "post": "external_id"}
    said = (complaint[key].as_string().label(label) for label, key in told.items())
    query = select(columns.id, columns.status, columns.asked_at, *said)
    order = (columns.created_at.desc(), columns.thread_revision.desc(), columns.id.desc())
    asked = query.where(_of_thread(brand_id, thread_id), which).order_by(*order)
    return (await connection.execute(asked)).all()


def _same_person(one: Row[Any], other: Row[Any]) -> bool:
    return same_customer((one.handle, one.name), (other.handle, other.name))


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
