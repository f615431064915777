"""The messages that nobody answered, those between answered praise first."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Label,
    Select,
    and_,
    case,
    func,
    or_,
    select,
)
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.draft import DraftStatus
from service.domain.reports import CameAs, Ended, Place, Unanswered, hours_between
from service.domain.review import DecisionKind
from service.domain.triage import Kind
from service.store.asked import Stretch, asked, negative, seconds, within
from service.store.tables import decisions, drafts

AROUND = timedelta(days=1)
"""How near praise must stand for the silence between to be seen."""
_PLACES = (Place.BETWEEN_PRAISE, Place.ALONE, Place.HATE)
_ENDS = {
    DraftStatus.IGNORED: Ended.IGNORED,
    DraftStatus.REJECTED: Ended.REJECTED,
    DraftStatus.ESCALATED: Ended.ESCALATED,
    DraftStatus.FAILED: Ended.FAILED,
    DraftStatus.STALE: Ended.STALE,
    DraftStatus.SUPERSEDED: Ended.SUPERSEDED,
}
_COMPARED = ("id", "brand_id", "channel", "kind", "sentiment", "asked_at", "answered_at")
_READ = (
    *("id", "brand_id", "thread_id", "kind", "language", "asked_at", "deadline_at"),
    *("status", "came_as", "decided_at", "stale_reason", "assignee"),
)
_DECIDED = (DecisionKind.IGNORE, DecisionKind.REJECT, DecisionKind.ESCALATE)
After = tuple[Place, datetime, str]
"""The sorting values of the last row of the page before."""


class UnansweredRepository:
    """Lists negatives, and hate at the end, that have no answer."""

    async def page(
        self,
        connection: AsyncConnection,
        stretches: Sequence[Stretch],
        *,
        now: datetime,
        limit: int,
        after: After | None,
    ) -> list[Unanswered]:
        """What looks worst first, then the oldest."""
        wanted = _page(stretches, limit, after)
        read = (drafts.c[name] for name in _READ)
        query = (
            select(wanted.c.place, wanted.c.channel, *read, _reason())
            # As an outer join it is the page that is looked up, and not all drafts in the page.
            .select_from(wanted.outerjoin(drafts, drafts.c.id == wanted.c.id))
            .order_by(wanted.c.place, wanted.c.asked_at, wanted.c.id)
        )
        rows = await connection.execute(query)
        return [_unanswered(row, now) for row in rows.mappings()]


def _page(stretches: Sequence[Stretch], limit: int, after: After | None) -> FromClause:
    message = _between(stretches)
    near = AROUND.total_seconds()
    begin = seconds(message.c.asked_at)
    between = and_(
        begin - seconds(message.c.praised_before) <= near,
        seconds(message.c.praised_after) - begin <= near,
    )
    place = case(
        (message.c.kind == Kind.HATE, _PLACES.index(Place.HATE)),
        (between, _PLACES.index(Place.BETWEEN_PRAISE)),
        else_=_PLACES.index(Place.ALONE),
    ).label("place")
    found = (
        select(message, place)
        .where(message.c.answered_at.is_(None))
        .where(within(stretches, message.c.brand_id, message.c.asked_at))
        .where(or_(negative(message), message.c.kind == Kind.HATE))
        .subquery()
    )
    order = (found.c.place, found.c.asked_at, found.c.id)
    query: Select[Any] = select(found).order_by(*order).limit(limit)
    return (query if after is None else query.where(_later(order, after))).subquery()


def _between(stretches: Sequence[Stretch]) -> FromClause:
    """Each message with the answered praise of its channel that stands next to it."""
    kinds = or_(negative(drafts), drafts.c.kind.in_((Kind.HATE, Kind.COMPLIMENT)))
    message = asked([stretch.wider(AROUND) for stretch in stretches], kinds, channels=True)
    praise = and_(message.c.kind == Kind.COMPLIMENT, message.c.answered_at.is_not(None))
    at = case((praise, message.c.asked_at))

    by = (message.c.brand_id, message.c.channel)
    before = func.max(at).over(partition_by=by, order_by=message.c.asked_at)
    after = func.min(at).over(partition_by=by, order_by=message.c.asked_at.desc())
    shown = (message.c[name] for name in _COMPARED)
    return select(*shown, before.label("praised_before"), after.label("praised_after")).subquery()


def _later(order: Sequence[ColumnElement[Any]], after: After) -> ColumnElement[bool]:
    place, asked_at, draft_id = order
    number, (_, at, last) = _PLACES.index(after[0]), after
    same = place == number
    tied = and_(same, asked_at == at, draft_id > last)
    return or_(place > number, and_(same, asked_at > at), tied)


def _reason() -> Label[str]:
    """What the person said who ended it; the newest decision counts."""
    return (
        select(decisions.c.reason)
        .where(decisions.c.draft_id == drafts.c.id, decisions.c.decision.in_(_DECIDED))
        .order_by(decisions.c.decided_at.desc())
        .limit(1)
        .scalar_subquery()
        .label("reason")
    )


def _unanswered(row: RowMapping, now: datetime) -> Unanswered:
    ended = _ended(row)
    closed = row["decided_at"] if ended is Ended.IGNORED else None
    overtaken = dict.fromkeys((Ended.STALE, Ended.SUPERSEDED), row["stale_reason"])
    reasons = {**overtaken, Ended.WAITING: None, Ended.FAILED: None}
    return Unanswered(
        draft_id=row["id"],
        brand=row["brand_id"],
        thread_id=row["thread_id"],
        channel=row["channel"],
        kind=row["kind"],
        language=row["language"],
        place=_PLACES[row["place"]],
        asked_at=row["asked_at"],
        deadline_at=row["deadline_at"],
        hours_open=hours_between(row["asked_at"], closed or now),
        ended=ended,
        reason=reasons.get(ended, row["reason"]),
        assignee=row["assignee"],
    )


def _ended(row: RowMapping) -> Ended:
    if row["status"] in _ENDS:
        return _ENDS[row["status"]]
    return Ended.NO_REPLY if row["came_as"] == CameAs.NO_REPLY else Ended.WAITING
