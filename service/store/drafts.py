"""Drafts with their versions, attempts and snapshots; a draft row is its own job."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, insert, select, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.draft import Attempt, Draft, DraftContent, DraftStatus, Snapshot
from service.domain.reports import came_as
from service.domain.thread import Case
from service.domain.triage import Triage
from service.errors import NotFound
from service.store.dialect import on_server, writes
from service.store.message_times import came_at
from service.store.rows import new_id, to_json
from service.store.tables import attempts, draft_versions, drafts, threads
from service.store.threads import hold_thread

OPEN = (DraftStatus.PENDING_REVIEW, DraftStatus.BLOCKED, DraftStatus.ESCALATED)
_PREFIX = "drf"
THREAD_CHANGED = "the thread changed since the draft was made"


class DraftRepository:
    """Reads and writes drafts."""

    async def begin(
        self,
        connection: AsyncConnection,
        *,
        brand_id: str,
        thread_id: str,
        thread_revision: int,
        case: Case,
        now: datetime,
    ) -> str:
        """A new draft row that waits to be worked on."""
        row = _new_row(brand_id, thread_id, case, now)
        asked_at = await came_at(connection, brand_id, thread_id, case.complaint, now)
        values = {**row, "thread_revision": thread_revision, "asked_at": asked_at}
        await connection.execute(insert(drafts).values(**values))
        return str(row["id"])

    async def begin_first(
        self,
        connection: AsyncConnection,
        brand_id: str,
        cases: Mapping[str, Case],
        now: datetime,
    ) -> list[str]:
        """Draft rows for threads, by their ids, that have just begun."""
        rows = [_new_row(brand_id, thread_id, case, now) for thread_id, case in cases.items()]
        if rows:
            await connection.execute(insert(drafts), rows)
        return [row["id"] for row in rows]

    async def edit(
        self,
        connection: AsyncConnection,
        draft: Draft,
        *,
        content: DraftContent,
        status: DraftStatus,
        by: str,
        now: datetime,
    ) -> None:
        """Store a human's text as the next version."""
        version = draft.version + 1
        await connection.execute(
            update(drafts)
            .where(drafts.c.id == draft.id)
            .values(
                content=stored_content(content),
                version=version,
                status=status,
                edited_by=by,
                decided_by=None,
                decided_at=None,
                updated_at=now,
            )
        )
        await add_version(connection, draft.id, version, content, None, by, now)

    async def set_status(
        self,
        connection: AsyncConnection,
        draft_id: str,
        status: DraftStatus,
        now: datetime,
        *,
        decided_by: str | None = None,
        stale_reason: str | None = None,
        edit_share: float | None = None,
    ) -> None:
        """Move a draft on."""
        values: dict[str, Any] = {"status": status, "updated_at": now}
        if stale_reason is not None:
            values["stale_reason"] = stale_reason
        if decided_by is not None:
            values |= {"decided_by": decided_by, "decided_at": now, "edit_share": edit_share}
        await connection.execute(update(drafts).where(drafts.c.id == draft_id).values(**values))

    async def restart(
        self, connection: AsyncConnection, draft: Draft, *, revision: int, now: datetime
    ) -> None:
        """Back to `drafting` as a new version."""
        await connection.execute(
            update(drafts)
            .where(drafts.c.id == draft.id)
            .values(
                status=DraftStatus.DRAFTING,
                version=draft.version + 1,
                thread_revision=revision,
                lease_until=None,
                claims=0,
                edited_by=None,
                decided_by=None,
                decided_at=None,
                stale_reason=None,
                updated_at=now,
            )
        )

    async def make_stale(
        self, connection: AsyncConnection, brand_id: str, thread_id: str, now: datetime
    ) -> list[str]:
        """The thread changed: its open drafts no longer answer it."""
        rows = await connection.scalars(
            update(drafts)
            .where(drafts.c.brand_id == brand_id, drafts.c.thread_id == thread_id)
            .where(drafts.c.status.in_(OPEN))
            .values(status=DraftStatus.STALE, stale_reason=THREAD_CHANGED, updated_at=now)
            .returning(drafts.c.id)
        )
        return list(rows.all())

    async def get(self, connection: AsyncConnection, draft_id: str) -> Draft:
        """The draft with all its attempts, or NotFound; a writer has its thread held from here."""
        await _hold(connection, draft_id)
        row = (
            (await connection.execute(select(drafts).where(drafts.c.id == draft_id)))
            .mappings()
            .first()
        )
        if row is None:
            raise NotFound(_unknown(draft_id))
        tried = await connection.scalars(
            select(attempts.c.attempt)
            .where(attempts.c.draft_id == draft_id)
            .order_by(attempts.c.version, attempts.c.ordinal)
        )
        return draft_of(row, [Attempt.model_validate(attempt) for attempt in tried])

    async def thread_revision(self, connection: AsyncConnection, draft_id: str) -> tuple[int, int]:
        """The thread's revision that the draft answers, and the newest one; held like `get`."""
        await _hold(connection, draft_id)
        row = (
            await connection.execute(
                select(drafts.c.thread_revision, threads.c.revision)
                .join(threads, same_thread())
                .where(drafts.c.id == draft_id)
            )
        ).one()
        return int(row.thread_revision), int(row.revision)

    async def case(self, connection: AsyncConnection, draft_id: str) -> Case:
        """The case as it was sent."""
        request = await connection.scalar(select(drafts.c.request).where(drafts.c.id == draft_id))
        return Case.model_validate(request)

    async def snapshot(self, connection: AsyncConnection, draft_id: str) -> Snapshot | None:
        """What the newest machine-made version saw."""
        stored = await connection.scalar(
            select(draft_versions.c.snapshot)
            .where(draft_versions.c.draft_id == draft_id)
            .where(draft_versions.c.created_by == "amends")
            .order_by(draft_versions.c.version.desc())
            .limit(1)
        )
        return None if stored is None else Snapshot.model_validate(stored)


def _unknown(draft_id: str) -> str:
    if draft_id.startswith(f"{_PREFIX}_"):
        return f"no draft {draft_id!r}"
    return (
        f"no draft {draft_id!r}: a draft's id begins with {_PREFIX}_; in the output of "
        "`amends draft` it stands under `draft_id`, beside the id of the case"
    )


async def _hold(connection: AsyncConnection, draft_id: str) -> None:
    """What a writer decides on must not change before it has decided."""
    if not (writes(connection) and on_server(connection)):
        return
    query = select(drafts.c.brand_id, drafts.c.thread_id).where(drafts.c.id == draft_id)
    if row := (await connection.execute(query)).first():
        await hold_thread(connection, row.brand_id, row.thread_id)


def _new_row(brand_id: str, thread_id: str, case: Case, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(_PREFIX),
        "brand_id": brand_id,
        "thread_id": thread_id,
        "case_id": case.id,
        "status": DraftStatus.DRAFTING,
        "version": 1,
        "thread_revision": 1,
        "request": to_json(case),
        "asked_at": min(case.complaint.posted_at or now, now),
        "unasked": case.due is not None or case.resolved is not None,
        "fence": 0,
        "claims": 0,
        "created_at": now,
        "updated_at": now,
    }


def same_thread() -> ColumnElement[bool]:
    """Joins a draft to its thread."""
    return and_(threads.c.brand_id == drafts.c.brand_id, threads.c.id == drafts.c.thread_id)


def read_off(content: DraftContent | None) -> dict[str, Any]:
    """What lists and reports ask of a content, in columns of its own."""
    if content is None:
        return {}
    return {
        **triage_of(content.triage),
        "came_as": came_as(content),
        "prompt": str(content.provenance.prompt) if content.provenance.prompt else None,
        "model": content.provenance.model,
    }


def triage_of(triage: Triage) -> dict[str, Any]:
    """What lists and reports ask of a triage, in columns of its own."""
    return {
        "deadline_at": triage.deadline_at,
        "kind": triage.kind,
        "language": triage.language,
        "rank": triage.rank,
        "sentiment": triage.sentiment,
        "deadline_class": triage.deadline_class,
    }


def stored_content(content: DraftContent) -> dict[str, Any]:
    """The content as a column holds it; attempts have a table of their own."""
    return content.model_dump(mode="json", exclude={"attempts"})


def draft_of(row: RowMapping, tried: Sequence[Attempt]) -> Draft:
    """A draft from its row."""
    stored = row["content"]
    content = None
    if stored is not None:
        attempts_json = [json.loads(attempt.model_dump_json()) for attempt in tried]
        content = DraftContent.model_validate({**stored, "attempts": attempts_json})
    names = ("id", "case_id", "brand_id", "thread_id", "status", "version", "created_at")
    more = ("updated_at", "edited_by", "decided_by", "stale_reason")
    turn = ("asked_at", "deadline_at", "rank", "assignee")
    fields = {name: row[name] for name in (*names, *more, *turn)}
    return Draft.model_validate({**fields, "content": content})


async def add_version(
    connection: AsyncConnection,
    draft_id: str,
    version: int,
    content: DraftContent,
    snapshot: Snapshot | None,
    by: str,
    now: datetime,
) -> None:
    """Keep a version as it was made."""
    await connection.execute(
        insert(draft_versions).values(
            draft_id=draft_id,
            version=version,
            content=stored_content(content),
            snapshot=to_json(snapshot) if snapshot else None,
            created_by=by,
            created_at=now,
        )
    )


async def add_attempts(
    connection: AsyncConnection,
    draft_id: str,
    version: int,
    tried: Sequence[Attempt],
) -> None:
    """Keep what was tried for a version."""
    rows = [
        {"draft_id": draft_id, "version": version, "ordinal": n, "attempt": to_json(attempt)}
        for n, attempt in enumerate(tried)
    ]
    if rows:
        await connection.execute(insert(attempts), rows)
