"""Threads with their messages and known facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.draft import DraftStatus
from service.domain.thread import (
    Author,
    Case,
    Complaint,
    Identity,
    KnownFact,
    Message,
    Visibility,
    same_customer,
)
from service.store.appending import append_messages
from service.store.dialect import hold
from service.store.known_facts import KnownFactRepository
from service.store.resolutions import ResolutionRepository, is_thread
from service.store.rows import author_of, new_id
from service.store.seen import approved_replies, seen_by, standing
from service.store.tables import drafts, messages, threads


@dataclass(frozen=True)
class StoredThread:
    """Where a thread stands after a case was added to it."""

    id: str
    revision: int
    changed: bool
    reopened: bool = False
    """The customer wrote again after it had been solved."""
    solved: bool = False
    """The case tells how it was solved, which nobody had told before."""


async def hold_thread(connection: AsyncConnection, brand_id: str, thread_id: str) -> None:
    """Until the transaction ends nobody else changes the thread, or a human's work in it."""
    await hold(connection, "thread", brand_id, thread_id)


class ThreadRepository:
    """Reads and writes threads; the same message is never stored twice."""

    def __init__(self) -> None:
        self._facts = KnownFactRepository()
        self._resolutions = ResolutionRepository()

    async def add_case(
        self,
        connection: AsyncConnection,
        brand_id: str,
        case: Case,
        now: datetime,
        *,
        by: str | None = None,
    ) -> StoredThread:
        """Begin a thread, or append what is new to the one the tool names; `by` whom it is told."""
        thread_id = case.thread_id or new_id("thr")
        await hold_thread(connection, brand_id, thread_id)
        begun = await self.revision(connection, brand_id, thread_id)
        if begun is None:
            await self._begin(connection, brand_id, thread_id, case, now)
        stored = await self._rows(connection, brand_id, thread_id)
        new_words = await append_messages(connection, brand_id, thread_id, case, stored, now)
        reopened = case.resolved is None and await self._reopen(
            connection, brand_id, thread_id, new_words
        )
        new_facts = await self._append_facts(connection, brand_id, thread_id, case, now)
        solved = await self._solve(connection, brand_id, thread_id, case, by, now)
        if begun is None or not (new_words or new_facts or solved):
            return StoredThread(thread_id, begun or 1, changed=False, solved=solved)
        revision = await self.advance(connection, brand_id, thread_id, now)
        return StoredThread(thread_id, revision, changed=True, reopened=reopened, solved=solved)

    async def revision(
        self, connection: AsyncConnection, brand_id: str, thread_id: str
    ) -> int | None:
        """A number that rises with every new message or fact; None for an unknown thread."""
        return await connection.scalar(
            select(threads.c.revision).where(is_thread(brand_id, thread_id))
        )

    async def advance(
        self, connection: AsyncConnection, brand_id: str, thread_id: str, now: datetime
    ) -> int:
        """The thread has changed: its next revision."""
        rows = await connection.scalars(
            update(threads)
            .where(is_thread(brand_id, thread_id))
            .values(revision=threads.c.revision + 1, updated_at=now)
            .returning(threads.c.revision)
        )
        return int(rows.one())

    async def complete(
        self, connection: AsyncConnection, brand_id: str, thread_id: str, case: Case
    ) -> Case:
        """The case with everything that the thread is known to hold, deleted posts aside."""
        rows = await self._rows(connection, brand_id, thread_id)
        approved = await approved_replies(connection, brand_id, thread_id, case.complaint)
        stored = seen_by(case.complaint, rows, approved)
        facts, resolved = await self._facts.of_thread(connection, brand_id, thread_id)
        if resolved is not None and not _is_theirs(case.complaint, rows):
            facts, resolved = [*facts, resolved], None  # solved for somebody else
        due = case.due
        if due is not None and due.made_at is not None:
            progress = await self.progress(connection, brand_id, thread_id, since=due.made_at)
            due = due.model_copy(update={"progress": progress})
        return case.model_copy(
            update={
                "brand": brand_id,
                "thread_id": thread_id,
                "thread": tuple(stored),
                "known": tuple(facts),
                "resolved": resolved,
                "due": due,
            }
        )

    async def progress(
        self, connection: AsyncConnection, brand_id: str, thread_id: str, *, since: datetime
    ) -> KnownFact | None:
        """What became known since, as one fact: what may be told, else what may not."""
        facts, _ = await self._facts.of_thread(connection, brand_id, thread_id, since=since)
        told = [fact.text for fact in facts if not fact.private]
        chosen = told or [fact.text for fact in facts]
        return KnownFact(text=" ".join(chosen), private=not told) if chosen else None

    async def newest_case(
        self, connection: AsyncConnection, brand_id: str, thread_id: str, by: Complaint
    ) -> Case | None:
        """The newest message of the customer who wrote `by`, as a case of its own; None where
        they took down what they wrote."""
        return await self._case(connection, brand_id, thread_id, place=-1, by=by)

    async def opening_case(
        self, connection: AsyncConnection, brand_id: str, thread_id: str
    ) -> Case | None:
        """The customer's message that the thread began with, as a case of its own."""
        return await self._case(connection, brand_id, thread_id, place=0)

    async def _case(
        self,
        connection: AsyncConnection,
        brand_id: str,
        thread_id: str,
        *,
        place: int,
        by: Complaint | None = None,
    ) -> Case | None:
        thread = await self._resolutions.state(connection, brand_id, thread_id)
        written = [
            row
            for row in _by_customers(await self._rows(connection, brand_id, thread_id))
            if by is None or same_customer(by.customer, author_of(row["details"]))
        ]
        if not written:
            return None
        row = written[place]
        return Case(
            brand=brand_id,
            channel=thread.channel,
            visibility=Visibility.PUBLIC if thread.is_public else Visibility.PRIVATE,
            thread_id=thread_id,
            complaint=Complaint.model_validate({**row["details"], **row}),
        )

    async def is_answered(self, connection: AsyncConnection, brand_id: str, thread_id: str) -> bool:
        """Whether the brand has spoken in the thread, or approved a reply to it."""
        said = select(messages.c.id).where(
            _in_thread(brand_id, thread_id), messages.c.author == Author.BRAND, is_standing()
        )
        approved = (
            select(drafts.c.id)
            .where(drafts.c.brand_id == brand_id, drafts.c.thread_id == thread_id)
            .where(drafts.c.status == DraftStatus.APPROVED)
        )
        return bool(await connection.scalar(select(or_(said.exists(), approved.exists()))))

    async def _begin(
        self,
        connection: AsyncConnection,
        brand_id: str,
        thread_id: str,
        case: Case,
        now: datetime,
    ) -> None:
        await connection.execute(
            insert(threads).values(
                brand_id=brand_id,
                id=thread_id,
                channel=case.channel,
                is_public=case.is_public,
                revision=1,
                created_at=now,
                updated_at=now,
            )
        )

    async def _reopen(
        self,
        connection: AsyncConnection,
        brand_id: str,
        thread_id: str,
        new: Sequence[tuple[Message, Mapping[str, Any]]],
    ) -> bool:
        """The customer who writes after it was solved opens it again; a late arrival doesn't, nor
        does somebody who joins in."""
        solved = (await self._resolutions.state(connection, brand_id, thread_id)).resolved_at
        if solved is None:
            return False
        begun_by = _opener(await self._rows(connection, brand_id, thread_id))
        written = [
            message
            for message, details in new
            if message.author is Author.CUSTOMER and same_customer(begun_by, author_of(details))
        ]
        if all(one.posted_at and one.posted_at < solved for one in written):
            return False
        await self._resolutions.reopen(connection, brand_id, thread_id)
        return True

    async def _rows(
        self, connection: AsyncConnection, brand_id: str, thread_id: str
    ) -> Sequence[RowMapping]:
        wanted = select(messages).where(_in_thread(brand_id, thread_id))
        rows = await connection.execute(wanted.order_by(messages.c.position))
        return rows.mappings().all()

    async def _append_facts(
        self,
        connection: AsyncConnection,
        brand_id: str,
        thread_id: str,
        case: Case,
        now: datetime,
    ) -> bool:
        facts, _ = await self._facts.of_thread(connection, brand_id, thread_id)
        # A tool that sends the whole case again doesn't make public what is private by now.
        kept = {fact.text for fact in facts if fact.private}
        new = [fact for fact in case.known if fact not in facts and fact.text not in kept]
        await self._facts.add(connection, brand_id, thread_id, new, now)
        return bool(new)

    async def _solve(
        self,
        connection: AsyncConnection,
        brand_id: str,
        thread_id: str,
        case: Case,
        by: str | None,
        now: datetime,
    ) -> bool:
        known = await self._resolutions.of_thread(connection, brand_id, thread_id)
        if case.resolved is None or case.resolved == known:
            return False
        if known is not None and known.private and known.text == case.resolved.text:
            return False
        await self._resolutions.resolve(
            connection, brand_id, thread_id, case.resolved, by=by, now=now
        )
        return True


def _in_thread(brand_id: str, thread_id: str) -> ColumnElement[bool]:
    return and_(messages.c.brand_id == brand_id, messages.c.thread_id == thread_id)


def is_standing() -> ColumnElement[bool]:
    """Its author has not taken it down."""
    stands: ColumnElement[bool] = messages.c.details["deleted_at"].as_string().is_(None)
    return stands


def _is_theirs(complaint: Complaint, rows: Sequence[RowMapping]) -> bool:
    """Whether the customer is the one with whom the thread began."""
    return same_customer(complaint.customer, _opener(rows))


def _opener(rows: Sequence[RowMapping]) -> Identity:
    return next((author_of(row["details"]) for row in _by_customers(rows)), (None, None))


def _by_customers(rows: Sequence[RowMapping]) -> list[RowMapping]:
    """The customers' messages with words in them, those taken down aside, oldest first."""
    written = [
        row for row in standing(rows) if row["author"] == Author.CUSTOMER and row["text"].strip()
    ]
    timed = all(row["posted_at"] for row in written)
    return sorted(written, key=itemgetter("posted_at")) if timed else written
