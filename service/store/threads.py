"""Threads with their messages and known facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.thread import Author, Case, Complaint, KnownFact, Message
from service.store.dialect import hold
from service.store.rows import new_id
from service.store.tables import known_facts, messages, threads


@dataclass(frozen=True)
class StoredThread:
    """Where a thread stands after a case was added to it."""

    id: str
    revision: int
    changed: bool


async def hold_thread(connection: AsyncConnection, brand_id: str, thread_id: str) -> None:
    """Until the transaction ends nobody else changes the thread, or a human's work in it."""
    await hold(connection, "thread", brand_id, thread_id)


class ThreadRepository:
    """Reads and writes threads; the same message is never stored twice."""

    async def add_case(
        self, connection: AsyncConnection, brand_id: str, case: Case, now: datetime
    ) -> StoredThread:
        """Begin a thread, or append what is new to the one the tool names."""
        thread_id = case.thread_id or new_id("thr")
        await hold_thread(connection, brand_id, thread_id)
        revision = await self.revision(connection, brand_id, thread_id)
        if revision is None:
            await self._begin(connection, brand_id, thread_id, case, now)
        new_words = await self._append_messages(connection, brand_id, thread_id, case, now)
        new_facts = await self._append_facts(connection, brand_id, thread_id, case, now)
        if revision is None:
            return StoredThread(thread_id, 1, changed=False)
        if new_words or new_facts:
            revision += 1
            await self._set_revision(connection, brand_id, thread_id, revision, now)
        return StoredThread(thread_id, revision, changed=bool(new_words or new_facts))

    async def revision(
        self, connection: AsyncConnection, brand_id: str, thread_id: str
    ) -> int | None:
        """A number that rises with every new message or fact; None for an unknown thread."""
        return await connection.scalar(
            select(threads.c.revision).where(
                threads.c.brand_id == brand_id, threads.c.id == thread_id
            )
        )

    async def complete(
        self, connection: AsyncConnection, brand_id: str, thread_id: str, case: Case
    ) -> Case:
        """The case with everything that the thread is known to hold."""
        stored = await self._messages(connection, brand_id, thread_id)
        facts, resolved = await self._facts(connection, brand_id, thread_id)
        return case.model_copy(
            update={
                "brand": brand_id,
                "thread_id": thread_id,
                "thread": tuple(stored),
                "known": tuple(facts),
                "resolved": resolved or case.resolved,
            }
        )

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

    async def _set_revision(
        self,
        connection: AsyncConnection,
        brand_id: str,
        thread_id: str,
        revision: int,
        now: datetime,
    ) -> None:
        await connection.execute(
            update(threads)
            .where(threads.c.brand_id == brand_id, threads.c.id == thread_id)
            .values(revision=revision, updated_at=now)
        )

    async def _messages(
        self, connection: AsyncConnection, brand_id: str, thread_id: str
    ) -> list[Message]:
        rows = await connection.execute(
            select(messages)
            .where(messages.c.brand_id == brand_id, messages.c.thread_id == thread_id)
            .order_by(messages.c.position)
        )
        return in_time_order([Message.model_validate(dict(row)) for row in rows.mappings()])

    async def _facts(
        self, connection: AsyncConnection, brand_id: str, thread_id: str
    ) -> tuple[list[KnownFact], KnownFact | None]:
        query = select(known_facts).where(
            known_facts.c.brand_id == brand_id, known_facts.c.thread_id == thread_id
        )
        rows = (await connection.execute(query.order_by(known_facts.c.created_at))).all()
        facts = [KnownFact(text=r.text, private=r.private) for r in rows if not r.resolves]
        resolved = [KnownFact(text=r.text, private=r.private) for r in rows if r.resolves]
        return facts, (resolved[-1] if resolved else None)

    async def _append_messages(
        self,
        connection: AsyncConnection,
        brand_id: str,
        thread_id: str,
        case: Case,
        now: datetime,
    ) -> int:
        stored = await self._messages(connection, brand_id, thread_id)
        wanted = _in_place(case)
        new = [
            (message, details)
            for message, details in wanted
            if not any(_same(message, other) for other in stored)
        ]
        for position, (message, details) in enumerate(new, start=len(stored)):
            await connection.execute(
                insert(messages).values(
                    id=new_id("msg"),
                    brand_id=brand_id,
                    thread_id=thread_id,
                    position=position,
                    author=message.author,
                    text=message.text,
                    external_id=message.external_id,
                    details=details,
                    posted_at=message.posted_at,
                    created_at=now,
                )
            )
        return len(new)

    async def _append_facts(
        self,
        connection: AsyncConnection,
        brand_id: str,
        thread_id: str,
        case: Case,
        now: datetime,
    ) -> int:
        facts, resolved = await self._facts(connection, brand_id, thread_id)
        new = [(fact, False) for fact in case.known if fact not in facts]
        if case.resolved and case.resolved != resolved:
            new.append((case.resolved, True))
        for fact, resolves in new:
            await connection.execute(
                insert(known_facts).values(
                    id=new_id("fact"),
                    brand_id=brand_id,
                    thread_id=thread_id,
                    text=fact.text,
                    private=fact.private,
                    resolves=resolves,
                    created_at=now,
                )
            )
        return len(new)


def in_time_order(stored: Sequence[Message]) -> list[Message]:
    """Oldest first where times are known; a message without a time stays where it arrived."""
    if any(message.posted_at is None for message in stored):
        return list(stored)
    return sorted(stored, key=lambda m: m.posted_at.timestamp() if m.posted_at else 0.0)


def _same(message: Message, other: Message) -> bool:
    if message.external_id and other.external_id:
        return message.external_id == other.external_id
    return message.author is other.author and message.text.strip() == other.text.strip()


def _in_place(case: Case) -> list[tuple[Message, dict[str, Any]]]:
    """The case's messages in order, the complaint where the thread holds it, else last."""
    details = case.complaint.model_dump(mode="json", exclude={"text", "posted_at", "external_id"})
    own = (_as_message(case.complaint), details)
    placed = [own if case.is_complaint(message) else (message, {}) for message in case.thread]
    return placed if own in placed else [*placed, own]


def _as_message(complaint: Complaint) -> Message:
    return Message(
        author=Author.CUSTOMER,
        text=complaint.text,
        posted_at=complaint.posted_at,
        external_id=complaint.external_id,
    )
