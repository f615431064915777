"""What waits for a person, in the order in which a good lead works."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.draft import Draft, DraftStatus
from service.domain.queue import AskedPost, Place, QueueFilter
from service.domain.team import NOBODY
from service.store.drafts import draft_of, same_thread
from service.store.tables import drafts, threads, waits

RANKS = range(5)
_FIRST_CHARS = 400
"""More of a post than a line of any terminal shows."""
_SHOWN = [column for column in drafts.c if column.name != "request"]

Held = tuple[str, str]
"""A brand, and one of its people."""


class QueueRepository:
    """Reads the queue along its indexes, and never more of it than is shown."""

    async def page(
        self,
        connection: AsyncConnection,
        wanted: QueueFilter,
        *,
        now: datetime,
        limit: int,
        after: Place | None = None,
        held_by: Collection[Held] | None = None,
    ) -> list[Draft]:
        """Drafts without their attempts: rank by rank, then by deadline, nulls last.

        Each rank is read in two stretches, the dated and the undated: neither database keeps
        nulls last in an index that it can walk on from the middle. `held_by` are the people
        meant where `wanted` cannot name them.
        """
        ids: list[str] = []
        for query in page_queries(wanted, now=now, after=after, held_by=held_by):
            ids += await connection.scalars(query.limit(limit - len(ids)))
            if len(ids) == limit:
                break
        return await _in_order(connection, ids)

    async def under_way(self, connection: AsyncConnection, brand_id: str | None) -> int:
        """How many drafts are being written and will wait soon; of all brands without an id."""
        query = select(func.count()).where(drafts.c.status == DraftStatus.DRAFTING)
        if brand_id is not None:
            query = query.where(drafts.c.brand_id == brand_id)
        return int(await connection.scalar(query) or 0)

    async def posts(
        self, connection: AsyncConnection, draft_ids: Collection[str]
    ) -> Mapping[str, AskedPost]:
        """How the posts begin that these drafts answer; drafts without content have one, too."""
        asked = drafts.c.request["complaint"]
        name, handle = (asked[key].as_string() for key in ("author_name", "author_handle"))
        rows = await connection.execute(
            select(
                drafts.c.id,
                threads.c.channel,
                func.coalesce(name, handle).label("author"),
                func.substr(asked["text"].as_string(), 1, _FIRST_CHARS).label("words"),
            )
            .join(threads, same_thread())
            .where(drafts.c.id.in_(draft_ids))
        )
        return {
            row["id"]: AskedPost(channel=row["channel"], author=row["author"], words=row["words"])
            for row in rows.mappings()
        }

    async def loads(
        self, connection: AsyncConnection, brand_id: str, names: Sequence[str]
    ) -> dict[str, int]:
        """How many drafts wait for each of these people."""
        rows = await connection.execute(
            select(drafts.c.assignee, func.count())
            .where(drafts.c.brand_id == brand_id, waits(drafts.c.status))
            .where(drafts.c.assignee.in_(names))
            .group_by(drafts.c.assignee)
        )
        return {name: count for name, count in rows if name is not None}


def page_queries(
    wanted: QueueFilter,
    *,
    now: datetime,
    after: Place | None = None,
    held_by: Collection[Held] | None = None,
) -> list[Select[tuple[str]]]:
    """The ids in what is left of each stretch of the queue behind the place, in order."""
    begin = (after.rank, after.deadline_at is None) if after else (0, False)
    places = [(rank, undated) for rank in RANKS for undated in (False, True)]
    return [
        _stretch(rank, undated=undated, after=after if (rank, undated) == begin else None).where(
            *_due(wanted.overdue, undated=undated, now=now), *_filters(wanted, held_by)
        )
        for rank, undated in places
        if (rank, undated) >= begin and not (undated and wanted.overdue)
    ]


def _stretch(rank: int, *, undated: bool, after: Place | None) -> Select[tuple[str]]:
    due, own = drafts.c.deadline_at, drafts.c.id
    query = select(own).where(waits(drafts.c.status), drafts.c.rank == rank)
    # In both by the deadline too: PostgreSQL does not see that nulls are all alike.
    query = query.where(due.is_(None) if undated else due.is_not(None)).order_by(due, own)
    if after is None:
        return query
    if undated:
        return query.where(own > after.draft_id)
    behind = or_(due > after.deadline_at, own > after.draft_id)
    return query.where(and_(due >= after.deadline_at, behind))


def _due(overdue: bool | None, *, undated: bool, now: datetime) -> list[ColumnElement[bool]]:
    if overdue is None or undated:
        return []
    return [drafts.c.deadline_at < now if overdue else drafts.c.deadline_at >= now]


def _filters(wanted: QueueFilter, held_by: Collection[Held] | None) -> list[ColumnElement[bool]]:
    asked = {
        drafts.c.brand_id: wanted.brand_id,
        drafts.c.kind: wanted.kind,
        drafts.c.language: wanted.language,
        drafts.c.status: wanted.status,
    }
    found = [column == value for column, value in asked.items() if value is not None]
    if held_by is not None:
        found.append(tuple_(drafts.c.brand_id, drafts.c.assignee).in_(list(held_by)))
    elif wanted.assignee == NOBODY:
        found.append(drafts.c.assignee.is_(None))
    elif wanted.assignee is not None:
        found.append(drafts.c.assignee == wanted.assignee)
    return found


async def _in_order(connection: AsyncConnection, ids: Sequence[str]) -> list[Draft]:
    rows = await connection.execute(select(*_SHOWN).where(drafts.c.id.in_(ids)))
    found = {row["id"]: draft_of(row, []) for row in rows.mappings()}
    return [found[draft_id] for draft_id in ids]
