"""Whether an answer goes to the customer of a draft, or to another of the same thread.

By handles where both have one, else by names, as in `same_customer`. Where that does not tell, an
answer counts for a customer as long as no other had written in the thread: it may be for either.
"""

from datetime import datetime

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Select,
    and_,
    distinct,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from service.domain.thread import Author
from service.store.tables import drafts, messages

Customer = tuple[ColumnElement[str], ColumnElement[str]]
"""A handle and a name, in columns."""


def shared_threads(threads: Select[tuple[str, str]]) -> CTE:
    """Those of these threads (brand and id) in which customers of several handles or names wrote;
    in the others there is no need to read who asked, which stands beside long texts."""
    own = (messages.c.brand_id, messages.c.thread_id)
    several = (func.count(distinct(told)) > 1 for told in _author(messages))
    return (
        select(*own)
        .where(tuple_(*own).in_(threads), messages.c.author == Author.CUSTOMER)
        .group_by(*own)
        .having(or_(*several))
        .cte("shared")
        .prefix_with("MATERIALIZED")
    )


def in_thread(shared: FromClause) -> ColumnElement[bool]:
    """Joins a draft to its thread where that is shared."""
    return and_(shared.c.brand_id == drafts.c.brand_id, shared.c.thread_id == drafts.c.thread_id)


def is_for_theirs(shared: FromClause, reply: FromClause) -> ColumnElement[bool]:
    """Whether an approved draft answers the customer of `drafts`."""
    goes = _goes_to_theirs(shared, _customer(reply), reply.c.decided_at)
    return or_(reply.c.id == drafts.c.id, goes)


def is_said_to_theirs(
    shared: FromClause, replied_to: FromClause, at: ColumnElement[datetime]
) -> ColumnElement[bool]:
    """Whether what the brand said then goes to the customer of `drafts`; `replied_to` is the post
    of somebody else that it names, if any."""
    to_bystander = func.coalesce(replied_to.c.author == Author.OTHER, False)
    goes = _goes_to_theirs(shared, _author(replied_to), at)
    return and_(~to_bystander, or_(_is_alone(shared), goes))


def _goes_to_theirs(
    shared: FromClause, to: Customer, at: ColumnElement[datetime]
) -> ColumnElement[bool]:
    untold = or_(_is_alone(shared), ~_others_wrote(at))
    return func.coalesce(_same(_customer(drafts), to), untold)


def _is_alone(shared: FromClause) -> ColumnElement[bool]:
    return shared.c.thread_id.is_(None)


def _others_wrote(at: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether somebody else is known to have written as a customer by then; who has taken it down
    since counts, too: the answer may be theirs."""
    theirs = messages.alias("theirs")
    came = func.coalesce(theirs.c.posted_at, theirs.c.created_at)
    return (
        exists(literal(1))
        .where(theirs.c.brand_id == drafts.c.brand_id, theirs.c.thread_id == drafts.c.thread_id)
        .where(theirs.c.author == Author.CUSTOMER, came <= at)
        .where(_same(_customer(drafts), _author(theirs)).is_(False))
        .correlate_except(theirs)
    )


def _same(one: Customer, other: Customer) -> ColumnElement[bool]:
    """Whether both are one person; NULL where they have neither handles nor names in common."""
    handles, names = (_plain(a) == _plain(b) for a, b in zip(one, other, strict=True))
    return func.coalesce(handles, names)


def _plain(name: ColumnElement[str]) -> ColumnElement[str]:
    """SQLite lowers no accented letters: who writes them both ways is two, and rather unanswered
    than answered by mistake."""
    return func.lower(func.ltrim(func.trim(func.nullif(name, "")), "@"))


def _customer(draft: FromClause) -> Customer:
    told = draft.c.request
    handle, name = told["complaint", "author_handle"], told["complaint", "author_name"]
    return handle.as_string(), name.as_string()


def _author(message: FromClause) -> Customer:
    details = message.c.details
    return details["author_handle"].as_string(), details["author_name"].as_string()
