"""A draft row is its own job: claimed under a lease, finished by whoever holds the newest fence."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select, tuple_, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.draft import DraftContent, DraftStatus, Snapshot
from service.domain.thread import Case
from service.domain.triage import Triage
from service.store.drafts import add_attempts, add_version, read_off, stored_content, triage_of
from service.store.resolutions import is_thread
from service.store.staling import has_newer
from service.store.tables import drafts, threads


@dataclass(frozen=True)
class Claim:
    """The right to work on a draft: whoever holds the newest fence may finish it."""

    draft_id: str
    brand_id: str
    thread_id: str
    thread_revision: int
    version: int
    fence: int
    claims: int
    created_at: datetime
    case: Case


@dataclass(frozen=True)
class Unread:
    """A draft that waits for a worker, and of which nobody knows yet how pressing it is."""

    draft_id: str
    brand_id: str
    thread_id: str
    fence: int
    created_at: datetime
    case: Case


class LeaseRepository:
    """Says which drafts wait, claims them, keeps the claims, and ends them."""

    async def unread(
        self,
        connection: AsyncConnection,
        *,
        now: datetime,
        limit: int,
        after: Unread | None = None,
    ) -> Sequence[Unread]:
        """Drafts that wait and that no triage has read, oldest first."""
        place = tuple_(drafts.c.created_at, drafts.c.id)
        waiting = (
            select(
                *(drafts.c.id, drafts.c.brand_id, drafts.c.thread_id, drafts.c.fence),
                *(drafts.c.created_at, drafts.c.request),
            )
            .where(_is_free(now), drafts.c.kind.is_(None))
            .order_by(drafts.c.created_at, drafts.c.id)
            .limit(limit)
        )
        if after is not None:
            waiting = waiting.where(place > tuple_(after.created_at, after.draft_id))
        return [
            Unread(
                *(row.id, row.brand_id, row.thread_id, row.fence, row.created_at),
                case=Case.model_validate(row.request),
            )
            for row in await connection.execute(waiting)
        ]

    async def note(self, connection: AsyncConnection, unread: Unread, triage: Triage) -> None:
        """Keep what a first reading found, unless somebody has begun to draft or the words have
        changed meanwhile: either moves the fence on."""
        await connection.execute(
            update(drafts)
            .where(drafts.c.id == unread.draft_id, drafts.c.fence == unread.fence)
            .where(drafts.c.status == DraftStatus.DRAFTING)
            .values(**triage_of(triage))
        )

    async def claim(
        self,
        connection: AsyncConnection,
        *,
        owner: str,
        now: datetime,
        lease: timedelta,
        draft_id: str | None = None,
        after_brand: str = "",
    ) -> Claim | None:
        """Take a waiting draft, or one whose worker fell silent; None when there is none.

        The most pressing go first. Among those, brands take turns, beginning with the next one
        `after_brand`: however much one of them sends, the others don't wait behind it.
        """
        free = _is_free(now)
        if draft_id is not None:
            free = and_(free, drafts.c.id == draft_id)
        first = (
            select(drafts.c.id)
            .where(free)
            .order_by(
                *(drafts.c.rank, drafts.c.brand_id <= after_brand, drafts.c.brand_id),
                *(drafts.c.created_at, drafts.c.asked_at),
            )
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        rows = await connection.execute(
            update(drafts)
            .where(drafts.c.id == first.scalar_subquery())
            .values(
                lease_owner=owner,
                lease_until=now + lease,
                fence=drafts.c.fence + 1,
                claims=drafts.c.claims + 1,
            )
            .returning(drafts)
        )
        row = rows.mappings().first()
        return None if row is None else await _caught_up(connection, _claim(row))

    async def renew(self, connection: AsyncConnection, claim: Claim, *, until: datetime) -> bool:
        """Keep the lease; False when somebody else has taken the draft over."""
        result = await connection.execute(
            update(drafts).where(_held(claim)).values(lease_until=until)
        )
        return result.rowcount == 1

    async def finish(
        self,
        connection: AsyncConnection,
        claim: Claim,
        *,
        status: DraftStatus,
        content: DraftContent | None,
        snapshot: Snapshot | None,
        now: datetime,
        assignee: str | None = None,
    ) -> bool:
        """Store what was made, once: False when the fence has moved on."""
        assigned = {} if assignee is None else {"assignee": assignee}
        result = await connection.execute(
            update(drafts)
            .where(_held(claim))
            .values(
                status=status,
                content=stored_content(content) if content else None,
                **read_off(content),
                **assigned,
                lease_owner=None,
                lease_until=None,
                updated_at=now,
            )
        )
        if result.rowcount != 1:
            return False
        if content is not None:
            await add_version(
                connection, claim.draft_id, claim.version, content, snapshot, "amends", now
            )
            await add_attempts(connection, claim.draft_id, claim.version, content.attempts)
        return True


async def _caught_up(connection: AsyncConnection, claim: Claim) -> Claim:
    """What came to the thread while the draft waited is read with it, so it makes it no staler.

    Not so where a newer draft answers this customer: then this one is to end in its favour. The
    revision is asked for first: whatever raised it is there when newer drafts are looked for.
    """
    thread = (claim.brand_id, claim.thread_id)
    newest = await connection.scalar(select(threads.c.revision).where(is_thread(*thread)))
    if newest in (None, claim.thread_revision):
        return claim
    if await has_newer(connection, *thread, claim.draft_id):
        return claim
    own = update(drafts).where(drafts.c.id == claim.draft_id)
    await connection.execute(own.values(thread_revision=newest))
    return replace(claim, thread_revision=newest)


def _is_free(now: datetime) -> ColumnElement[bool]:
    """To be written, and nobody works on it, or not any more."""
    silent = or_(drafts.c.lease_until.is_(None), drafts.c.lease_until < now)
    return and_(drafts.c.status == DraftStatus.DRAFTING, silent)


def _held(claim: Claim) -> ColumnElement[bool]:
    return and_(
        drafts.c.id == claim.draft_id,
        drafts.c.fence == claim.fence,
        drafts.c.status == DraftStatus.DRAFTING,
    )


def _claim(row: RowMapping) -> Claim:
    return Claim(
        draft_id=row["id"],
        brand_id=row["brand_id"],
        thread_id=row["thread_id"],
        thread_revision=row["thread_revision"],
        version=row["version"],
        fence=row["fence"],
        claims=row["claims"],
        created_at=row["created_at"],
        case=Case.model_validate(row["request"]),
    )
