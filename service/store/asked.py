"""The messages that asked the brand for an answer, each with the first answer after it.

A message is the newest customer message of a draft's case: the drafts of one thread with the same
`asked_at` are about the same message, and the newest of them stands for it. A draft with which the
brand writes unasked (a closing update, a follow-up) is about no new message, and spam asks nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Label,
    ScalarSelect,
    and_,
    case,
    exists,
    extract,
    func,
    literal,
    or_,
    select,
)

from service.domain.draft import DraftStatus
from service.domain.reports import NEGATIVE_KINDS
from service.domain.thread import Author
from service.domain.triage import Kind, Sentiment
from service.store.drafts import same_thread
from service.store.spoken_to import in_thread, is_for_theirs, is_said_to_theirs, shared_threads
from service.store.tables import drafts, messages, threads
from service.store.threads import is_standing


@dataclass(frozen=True)
class Stretch:
    """A stretch of time, up to but without its end, in the life of some brands; None: of all."""

    brand_ids: tuple[str, ...] | None
    begin: datetime
    end: datetime

    def wider(self, by: timedelta) -> "Stretch":
        """With so much more on both sides."""
        return Stretch(self.brand_ids, self.begin - by, self.end + by)


def within(
    stretches: Sequence[Stretch],
    brand_id: ColumnElement[str],
    at: ColumnElement[datetime],
) -> ColumnElement[bool]:
    """Whether a row of that brand and time belongs to what is asked for."""
    return or_(*(_inside(stretch, brand_id, at) for stretch in stretches))


def _inside(
    stretch: Stretch, brand_id: ColumnElement[str], at: ColumnElement[datetime]
) -> ColumnElement[bool]:
    times = and_(at >= stretch.begin, at < stretch.end)
    if stretch.brand_ids is None:
        return times
    if len(stretch.brand_ids) == 1:
        return and_(brand_id == stretch.brand_ids[0], times)
    return and_(brand_id.in_(stretch.brand_ids), times)


def seconds(at: ColumnElement[datetime]) -> ColumnElement[int]:
    """Seconds since 1970, which both databases can subtract."""
    return extract("epoch", at)


def asked(
    stretches: Sequence[Stretch], kinds: ColumnElement[bool], *, channels: bool
) -> FromClause:
    """The messages of these kinds with `answered_at`; channels where they are asked for."""
    answers = _with_answers(stretches, kinds, channels=channels)
    said, approved = answers.c.said_at, answers.c.approved_at
    first = case(
        (said.is_(None), approved),
        (approved.is_(None), said),
        (said < approved, said),
        else_=approved,
    )
    shown = [column for column in answers.c if column not in (said, approved)]
    return select(*shown, first.label("answered_at")).cte("asked")


def negative(message: FromClause) -> ColumnElement[bool]:
    """Whether a message is one that a brand must not leave unanswered."""
    kinds = message.c.kind.in_(NEGATIVE_KINDS)
    return func.coalesce(or_(kinds, message.c.sentiment == Sentiment.NEGATIVE), False)


def is_hate() -> ColumnElement[bool]:
    """Whether a draft answers hate, which is hidden or told off and counted apart."""
    return func.coalesce(drafts.c.kind == Kind.HATE, False)


def _with_answers(
    stretches: Sequence[Stretch], kinds: ColumnElement[bool], *, channels: bool
) -> CTE:
    shown = (
        *(drafts.c.id, drafts.c.brand_id, drafts.c.kind),
        *(drafts.c.language, drafts.c.sentiment, drafts.c.deadline_class),
        *(drafts.c.asked_at, drafts.c.deadline_at),
    )
    inside = within(stretches, drafts.c.brand_id, drafts.c.asked_at)
    shared = shared_threads(select(drafts.c.brand_id, drafts.c.thread_id).where(inside))
    query = select(*shown, _approved_at(shared), _said_at(shared))
    query = query.select_from(drafts.outerjoin(shared, in_thread(shared)))
    if channels:
        query = query.add_columns(threads.c.channel).join(threads, same_thread())
    return (
        query.where(inside)
        .where(kinds, func.coalesce(drafts.c.kind, "") != Kind.SPAM)
        .where(~drafts.c.unasked, ~_drafted_again())
        .cte("answers")
        .prefix_with("MATERIALIZED")  # else each mention would look the answers up again
    )


def _drafted_again() -> ColumnElement[bool]:
    """Whether a newer draft is about the same message."""
    newer = drafts.alias("newer")
    later = newer.c.created_at > drafts.c.created_at
    return exists(literal(1)).where(
        newer.c.brand_id == drafts.c.brand_id,
        newer.c.thread_id == drafts.c.thread_id,
        newer.c.asked_at == drafts.c.asked_at,
        _post(newer) == _post(drafts),
        ~newer.c.unasked,
        newer.c.created_at >= drafts.c.created_at,
        or_(later, newer.c.id > drafts.c.id),
    )


def _post(answering: FromClause) -> ColumnElement[str]:
    """The post that a draft answers: two may come in the same second."""
    post: ColumnElement[str] = answering.c.request["complaint"]["external_id"].as_string()
    return func.coalesce(post, "")


def _approved_at(shared: FromClause) -> Label[datetime]:
    """When the first reply to this customer was approved after the message."""
    reply = drafts.alias("reply")
    # As a condition the time would lead SQLite through all that the brand ever approved.
    after = case((reply.c.decided_at >= drafts.c.asked_at, reply.c.decided_at))
    return (
        select(func.min(after))
        .where(reply.c.brand_id == drafts.c.brand_id, reply.c.thread_id == drafts.c.thread_id)
        .where(reply.c.status == DraftStatus.APPROVED)
        .where(is_for_theirs(shared, reply))
        .correlate(drafts, shared)
        .scalar_subquery()
        .label("approved_at")
    )


def _said_at(shared: FromClause) -> Label[datetime]:
    """When the brand itself first wrote to this customer after the message, from any tool."""
    came = func.coalesce(messages.c.posted_at, messages.c.created_at)
    replied_to = messages.alias("replied_to")
    named = and_(
        replied_to.c.brand_id == messages.c.brand_id,
        replied_to.c.external_id == messages.c.in_reply_to,
        replied_to.c.author != Author.BRAND,
    )
    return (
        select(func.min(came))
        .select_from(messages.outerjoin(replied_to, named))
        .where(messages.c.brand_id == drafts.c.brand_id)
        .where(messages.c.thread_id == drafts.c.thread_id)
        .where(messages.c.author == Author.BRAND, is_standing(), came > drafts.c.asked_at)
        .where(or_(messages.c.posted_at.is_not(None), messages.c.position > _place()))
        .where(is_said_to_theirs(shared, replied_to, came))
        .correlate(drafts, shared)
        .scalar_subquery()
        .label("said_at")
    )


def _place() -> ScalarSelect[int]:
    """Where the message stands in its thread: what has no time of its own stays where it came."""
    mine = messages.alias("mine")
    came = func.coalesce(mine.c.posted_at, mine.c.created_at)
    return (
        select(func.max(mine.c.position))
        .where(mine.c.brand_id == drafts.c.brand_id, mine.c.thread_id == drafts.c.thread_id)
        .where(mine.c.author == Author.CUSTOMER, came <= drafts.c.asked_at)
        .correlate(drafts)
        .scalar_subquery()
    )
