"""Rows as drafting, review and the feed leave them, for reports to count."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy import Table, insert

from service.bootstrap import Services, open_services
from service.domain.brand import Brand
from service.settings import Settings
from service.store.tables import (
    commitments,
    decisions,
    draft_versions,
    drafts,
    messages,
    threads,
)
from tests.factories import LAMPS

_NUMBERS = count(1)
NOW = datetime(2026, 11, 20, 20, tzinfo=UTC)


def at(words: str) -> datetime:
    """A time on a wall in Warsaw, in November 2026 an hour before UTC: "20 09:30"."""
    day, clock = words.split()
    return datetime.fromisoformat(f"2026-11-{day}T{clock}+01:00")


@asynccontextmanager
async def reporting(settings: Settings) -> AsyncIterator[tuple[Services, "Ledger"]]:
    """Services at a fixed time over a brand that knows nothing: there is nothing to embed."""
    async with open_services(settings, now=lambda: NOW) as services:
        yield services, await Ledger(services).begin()


class Ledger:
    """Writes rows; every default can be named."""

    def __init__(self, services: Services, brand: Brand = LAMPS) -> None:
        self._services = services
        self._brand = brand

    async def begin(self) -> "Ledger":
        await self._services.library.replace(self._brand, actor="test")
        return self

    async def message(self, thread: str, asked: str, *, channel: str = "x", **more: Any) -> str:
        """A customer message with the draft that answers it; `decided` says when, `by` who asked
        in which post."""
        when, number, author = at(asked), next(_NUMBERS), more.pop("by", {})
        if not await self._known(thread):
            await self._thread(thread, channel, when)
        post = author.get("external_id")
        await self.said(thread, asked, author="customer", external_id=post, details=author)
        decided = more.pop("decided", None)
        draft: dict[str, Any] = {
            "id": f"drf_{number:04}",
            "brand_id": self._brand.id,
            "thread_id": thread,
            "status": "pending_review",
            "kind": "complaint",
            "language": "en",
            "sentiment": "neutral",
            "deadline_class": "normal",
            "came_as": "reply",
            "asked_at": when,
            "decided_at": at(decided) if decided else None,
            **_FRESH,
            "request": {"complaint": author},
            "created_at": when,
            "updated_at": when,
            **more,
        }
        await self._insert(drafts, draft)
        return str(draft["id"])

    async def said(self, thread: str, when: str, *, author: str = "brand", **more: Any) -> None:
        """A message in a thread; with `posted_at=None` only its arrival is known."""
        number = next(_NUMBERS)
        row = {"brand_id": self._brand.id, "thread_id": thread, "position": number}
        shown = {"author": author, "text": "words", "details": {}, "created_at": at(when)}
        times = {"posted_at": at(when), **more}
        await self._insert(messages, {"id": f"msg_{number}", **row, **shown, **times})

    async def decision(self, draft_id: str, decision: str, when: str, reason: str) -> None:
        row = {"id": f"dec_{next(_NUMBERS)}", "draft_id": draft_id, "draft_version": 1}
        made = {"decision": decision, "by": "ola", "reason": reason, "override": []}
        await self._insert(decisions, {**row, **made, "decided_at": at(when)})

    async def edit(self, draft_id: str, version: int, *kinds: str) -> None:
        content = {"edits": [{"kind": kind, "before": "a", "after": "b"} for kind in kinds]}
        row = {"draft_id": draft_id, "version": version, "content": content, "created_by": "ola"}
        await self._insert(draft_versions, {**row, "created_at": at("20 12:00")})

    async def promise(self, draft_id: str, thread: str, made: str, due: str, **more: Any) -> None:
        closed = more.pop("closed", None)
        row = {"id": f"com_{next(_NUMBERS)}", "brand_id": self._brand.id, "draft_id": draft_id}
        told = {"thread_id": thread, "what": "I'll write.", "owner": "ola", "status": "open"}
        times = {"created_at": at(made), "promised_at": at(made), "due_at": at(due)}
        ends = {"closed_at": at(closed) if closed else None, "version": 1}
        await self._insert(commitments, {**row, **told, **times, **ends, **more})

    async def _known(self, thread: str) -> bool:
        async with self._services.database.read() as connection:
            found = await connection.scalar(
                threads.select()
                .with_only_columns(threads.c.id)
                .where(threads.c.brand_id == self._brand.id, threads.c.id == thread)
            )
        return found is not None

    async def _thread(self, thread: str, channel: str, when: datetime) -> None:
        row = {"brand_id": self._brand.id, "id": thread, "channel": channel, "is_public": True}
        times = {"revision": 1, "created_at": when, "updated_at": when}
        await self._insert(threads, {**row, **times})

    async def _insert(self, table: Table, row: dict[str, Any]) -> None:
        async with self._services.database.write() as connection:
            await connection.execute(insert(table).values(**row))


_FRESH = {"version": 1, "thread_revision": 1, "fence": 0, "claims": 0}
