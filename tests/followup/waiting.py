"""Drafts that wait, put into the store as drafting leaves them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from service.domain.brand import Brand
from service.domain.draft import DraftContent, DraftStatus
from service.domain.triage import DeadlineClass, Kind, Move, MoveKind, Triage
from service.drafting.provenance import NOT_YET
from service.store.brands import BrandRepository
from service.store.dialect import insert_new
from service.store.drafts import read_off, stored_content
from service.store.session import Database
from service.store.tables import drafts, threads
from tests.factories import LAMPS

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
PEOPLE = [
    {"name": "Ana", "languages": ["en", "es"]},
    {"name": "Ben"},
    {"name": "Cleo", "languages": ["de"]},
    {"name": "Dan", "left": True},
]


def brand(brand_id: str = "lampwick", **settings: Any) -> Brand:
    return Brand.model_validate({**LAMPS.model_dump(mode="json"), "id": brand_id, **settings})


def content(
    *, language: str = "en", kind: str = "complaint", wanted: str = "normal", **triage: Any
) -> DraftContent:
    move = Move(kind=MoveKind.PUBLIC_REPLY, reason="all of it can be said in public")
    move = triage.pop("move", move)
    read = Triage(
        kind=Kind(kind),
        language=language,
        move=move,
        deadline_class=DeadlineClass(wanted),
        **triage,
    )
    return DraftContent(
        reply="I'm sorry.", language=language, move=move, triage=read, provenance=NOT_YET
    )


@dataclass
class Store:
    """Puts rows into a database."""

    database: Database

    async def brand(self, saved: Brand) -> None:
        async with self.database.write() as connection:
            await BrandRepository().save(connection, saved, NOON)

    async def draft(
        self, draft_id: str, *, due: int | None = 60, of: str = "lampwick", **columns: Any
    ) -> str:
        """A draft that is due so many minutes after noon."""
        made = columns.pop("content", content())
        row = {
            "id": draft_id,
            "brand_id": of,
            "thread_id": f"t-{draft_id}",
            "status": DraftStatus.PENDING_REVIEW,
            "version": 1,
            "thread_revision": 1,
            "request": {"complaint": {"text": "It broke."}},
            "content": stored_content(made) if made else None,
            **read_off(made),
            "deadline_at": None if due is None else NOON + timedelta(minutes=due),
            "asked_at": NOON - timedelta(hours=1),
            "fence": 1,
            "claims": 1,
            "created_at": NOON,
            "updated_at": NOON,
            **columns,
        }
        thread = {
            "brand_id": of,
            "id": row["thread_id"],
            "channel": "x",
            "is_public": True,
            "revision": 1,
            "created_at": NOON,
            "updated_at": NOON,
        }
        async with self.database.write() as connection:
            await insert_new(connection, threads, [thread])
            await connection.execute(insert(drafts).values(**row))
        return draft_id
