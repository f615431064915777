"""Promises made in approved replies, and when each has to be looked at next."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, insert, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.commitment import Commitment, CommitmentFilter, CommitmentStatus
from service.domain.draft import DraftStatus
from service.domain.team import same_name
from service.domain.thread import same_customer
from service.errors import NotFound
from service.store.dialect import on_server, writes
from service.store.tables import commitments, drafts
from service.store.threads import hold_thread

_THROWN_AWAY = (DraftStatus.REJECTED, DraftStatus.IGNORED, DraftStatus.SUPERSEDED)


class CommitmentRepository:
    """Reads and writes promises."""

    async def add(self, connection: AsyncConnection, promises: Sequence[Commitment]) -> None:
        """Keep promises."""
        if promises:
            await connection.execute(
                insert(commitments), [promise.model_dump() for promise in promises]
            )

    async def of_draft(self, connection: AsyncConnection, draft_id: str) -> list[Commitment]:
        """The promises of one draft."""
        query = select(commitments).where(commitments.c.draft_id == draft_id)
        rows = await connection.execute(query.order_by(commitments.c.due_at))
        return [Commitment.model_validate(dict(row)) for row in rows.mappings()]

    async def get(self, connection: AsyncConnection, commitment_id: str) -> Commitment:
        """The promise, or NotFound; a writer has its thread held from here."""
        chosen = select(commitments).where(commitments.c.id == commitment_id)
        row = (await connection.execute(chosen)).mappings().first()
        if row is None:
            raise NotFound(f"no commitment {commitment_id!r}")
        if writes(connection) and on_server(connection):
            await hold_thread(connection, row["brand_id"], row["thread_id"])
            row = (await connection.execute(chosen)).mappings().one()
        return Commitment.model_validate(dict(row))

    async def save(self, connection: AsyncConnection, promise: Commitment) -> None:
        """Store a promise as it stands now; whoever calls has got it in this transaction."""
        values = promise.model_dump(exclude={"id", "brand_id", "draft_id", "created_at"})
        await connection.execute(
            update(commitments).where(commitments.c.id == promise.id).values(values)
        )

    async def page(
        self,
        connection: AsyncConnection,
        wanted: CommitmentFilter,
        *,
        limit: int,
        after: tuple[datetime, str] | None = None,
        owned_by: Collection[tuple[str, str]] | None = None,
    ) -> list[Commitment]:
        """Promises, the first one due first; `after` is the last row of the page before.

        `owned_by`: brands and people, in place of the filter's one owner.
        """
        query = select(commitments).where(*_filters(wanted))
        if owned_by is not None or wanted.owner is not None:
            owners = await self._owners(connection, wanted, owned_by)
            query = query.where(tuple_(commitments.c.brand_id, commitments.c.owner).in_(owners))
        if after is not None:
            due_at, commitment_id = after
            tied = and_(commitments.c.due_at == due_at, commitments.c.id > commitment_id)
            query = query.where(or_(commitments.c.due_at > due_at, tied))
        ordered = query.order_by(commitments.c.due_at, commitments.c.id).limit(limit)
        rows = await connection.execute(ordered)
        return [Commitment.model_validate(dict(row)) for row in rows.mappings()]

    async def _owners(
        self,
        connection: AsyncConnection,
        wanted: CommitmentFilter,
        owned_by: Collection[tuple[str, str]] | None,
    ) -> list[tuple[str, str]]:
        """Brands and owners as promises spell the names; no database folds accents as we do."""
        query = select(commitments.c.brand_id, commitments.c.owner).where(*_filters(wanted))
        return [
            (brand_id, owner)
            for brand_id, owner in await connection.execute(query.distinct())
            if _is_one(owner, [wanted.owner or ""] if owned_by is None else _of(brand_id, owned_by))
        ]

    async def waking(self, connection: AsyncConnection, now: datetime, limit: int) -> list[str]:
        """Open promises that have to be looked at by now, the longest waiting first."""
        rows = await connection.scalars(
            select(commitments.c.id)
            .where(commitments.c.status == CommitmentStatus.OPEN, commitments.c.wakes_at <= now)
            .order_by(commitments.c.wakes_at)
            .limit(limit)
        )
        return list(rows.all())

    async def open_in_thread(
        self,
        connection: AsyncConnection,
        brand_id: str,
        thread_id: str,
        *,
        follow_up: str | None = None,
    ) -> list[Commitment]:
        """The open promises of a thread; with `follow_up` those that this draft tells of."""
        query = (
            select(commitments)
            .where(commitments.c.brand_id == brand_id, commitments.c.thread_id == thread_id)
            .where(commitments.c.status == CommitmentStatus.OPEN)
        )
        if follow_up is not None:
            query = query.where(commitments.c.follow_up_draft_id == follow_up)
        rows = await connection.execute(query.order_by(commitments.c.due_at, commitments.c.id))
        return [Commitment.model_validate(dict(row)) for row in rows.mappings()]

    async def spoken_of_since(self, connection: AsyncConnection, promise: Commitment) -> str | None:
        """The newest draft for the same customer that was begun after the promise and is not thrown
        away. An approved follow-up is none: it has told of another promise."""
        complaint, due = drafts.c.request["complaint"], drafts.c.request["due"]["what"]
        customer = tuple(complaint[key].as_string() for key in ("author_handle", "author_name"))
        promised = select(*customer).where(drafts.c.id == promise.draft_id)
        handle, name = (await connection.execute(promised)).one()
        later = await connection.execute(
            select(drafts.c.id, *customer)
            .where(drafts.c.brand_id == promise.brand_id)
            .where(drafts.c.thread_id == promise.thread_id)
            .where(drafts.c.created_at > promise.promised_at)
            .where(drafts.c.status.not_in(_THROWN_AWAY))
            .where(or_(drafts.c.status != DraftStatus.APPROVED, due.as_string().is_(None)))
            .order_by(drafts.c.created_at.desc(), drafts.c.id.desc())
        )
        theirs = (row[0] for row in later if same_customer((row[1], row[2]), (handle, name)))
        return next(theirs, None)


def _is_one(owner: str, names: Iterable[str]) -> bool:
    return any(same_name(owner, name) for name in names)


def _of(brand_id: str, people: Collection[tuple[str, str]]) -> list[str]:
    return [name for brand, name in people if brand == brand_id]


def _filters(wanted: CommitmentFilter) -> list[ColumnElement[bool]]:
    equal = {"brand_id": wanted.brand_id, "status": wanted.status}
    filters = [commitments.c[name] == value for name, value in equal.items() if value is not None]
    if wanted.due_before is not None:
        filters.append(commitments.c.due_at < wanted.due_before)
    if wanted.overdue is not None:
        late = and_(
            commitments.c.status == CommitmentStatus.OPEN, commitments.c.due_at <= wanted.now
        )
        filters.append(late if wanted.overdue else ~late)
    return filters
