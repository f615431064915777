"""Reports as grouped statements: memory does not grow with what is counted.

A message belongs to the day on which it was posted, and so do the drafts that answer it; a promise
to the day on which it was made.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import FromClause, Label, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.commitment import CommitmentStatus
from service.domain.reports import CommitmentsRow, CoverageRow, Dimension, DraftsRow, SpeedRow
from service.store.asked import Stretch, asked, is_hate, negative, seconds, within
from service.store.draft_use import drafts_by_use, with_edit_kinds
from service.store.grouping import Counting, Table, count_of, percentile, ranked, table
from service.store.tables import commitments

_OF_MESSAGES = {
    Dimension.BRAND: "brand_id",
    Dimension.KIND: "kind",
    Dimension.LANGUAGE: "language",
    Dimension.CHANNEL: "channel",
    Dimension.CLASS: "deadline_class",
}
_OF_COMMITMENTS = {Dimension.BRAND: "brand_id", Dimension.OWNER: "owner"}
_OF_DRAFTS = {
    Dimension.BRAND: "brand_id",
    Dimension.KIND: "kind",
    Dimension.LANGUAGE: "language",
    Dimension.PROMPT: "prompt",
    Dimension.MODEL: "model",
}
_MINUTE_S = 60.0


class ReportRepository:
    """Counts what happened in some stretches of time."""

    async def coverage(
        self, connection: AsyncConnection, stretches: Sequence[Stretch], by: Sequence[Dimension]
    ) -> Table[CoverageRow]:
        """How many messages were answered; hate is not among them."""
        keys, message = _keys(_OF_MESSAGES, by), _messages(stretches, by)
        return await table(connection, keys, _coverage(message), CoverageRow)

    async def hate(self, connection: AsyncConnection, stretches: Sequence[Stretch]) -> CoverageRow:
        """The same for hate, which is rather hidden than answered."""
        message = _messages(stretches, (), hateful=True)
        return (await table(connection, {}, _coverage(message), CoverageRow)).total

    async def speed(
        self,
        connection: AsyncConnection,
        stretches: Sequence[Stretch],
        by: Sequence[Dimension],
        now: datetime,
    ) -> Table[SpeedRow]:
        """How soon first answers came, against their targets."""
        keys, message = _keys(_OF_MESSAGES, by), _messages(stretches, by)
        return await table(connection, keys, _speed(message, now), SpeedRow)

    async def commitments(
        self,
        connection: AsyncConnection,
        stretches: Sequence[Stretch],
        by: Sequence[Dimension],
        now: datetime,
    ) -> Table[CommitmentsRow]:
        """What became of the promises that were made."""
        keys, counting = _keys(_OF_COMMITMENTS, by), _commitments(stretches, now)
        return await table(connection, keys, counting, CommitmentsRow)

    async def drafts(
        self, connection: AsyncConnection, stretches: Sequence[Stretch], by: Sequence[Dimension]
    ) -> Table[DraftsRow]:
        """What became of drafts, and what people changed in them."""
        keys = _keys(_OF_DRAFTS, by)
        counted = await table(connection, keys, drafts_by_use(stretches), DraftsRow)
        return await with_edit_kinds(connection, counted, stretches, keys)


def _keys(known: Mapping[Dimension, str], by: Sequence[Dimension]) -> dict[Dimension, str]:
    return {dimension: known[dimension] for dimension in by}


def _messages(
    stretches: Sequence[Stretch], by: Sequence[Dimension], *, hateful: bool = False
) -> FromClause:
    kinds = is_hate() if hateful else ~is_hate()
    return asked(stretches, kinds, channels=Dimension.CHANNEL in by)


def _coverage(message: FromClause) -> Counting:
    answered = message.c.answered_at.is_not(None)
    measures = [
        func.count().label("asked"),
        count_of(answered, "answered"),
        count_of(negative(message), "negative"),
        count_of(and_(negative(message), answered), "negative_answered"),
    ]
    return lambda _: (message, measures)


def _speed(message: FromClause, now: datetime) -> Counting:
    begin = seconds(message.c.asked_at)
    values = {"answer": (seconds(message.c.answered_at) - begin) / _MINUTE_S}

    def counting(keys: Sequence[str]) -> tuple[FromClause, Sequence[Label[Any]]]:
        timed = ranked(message, keys, values, message.c.answered_at, message.c.deadline_at)
        at, due = timed.c.answered_at, timed.c.deadline_at
        return timed, [
            func.count().label("asked"),
            count_of(at.is_not(None), "answered"),
            count_of(at <= due, "within_target"),
            count_of(at > due, "late"),
            count_of(and_(at.is_(None), due < now), "missed"),
            count_of(and_(at.is_(None), due >= now), "not_due"),
            count_of(due.is_(None), "without_target"),
            percentile(timed, "answer", 50).label("median_minutes"),
            percentile(timed, "answer", 90).label("p90_minutes"),
        ]

    return counting


def _commitments(stretches: Sequence[Stretch], now: datetime) -> Counting:
    inside = within(stretches, commitments.c.brand_id, commitments.c.created_at)
    promise = select(commitments).where(inside).subquery()
    is_open = promise.c.status == CommitmentStatus.OPEN
    kept = promise.c.status == CommitmentStatus.KEPT
    # What was kept before it was noted when is taken to have been in time.
    late = func.coalesce(promise.c.closed_at > promise.c.due_at, False)
    measures = [
        func.count().label("made"),
        count_of(and_(is_open, promise.c.due_at > now), "open"),
        count_of(and_(is_open, promise.c.due_at <= now), "overdue"),
        count_of(and_(kept, ~late), "kept_in_time"),
        count_of(and_(kept, late), "kept_late"),
        count_of(promise.c.status == CommitmentStatus.BROKEN, "broken"),
        count_of(promise.c.status == CommitmentStatus.WITHDRAWN, "withdrawn"),
    ]
    return lambda _: (promise, measures)
