"""What is written once and kept: decisions, the audit, the outbox, keys."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.review import Caller, Decision, Role
from service.errors import NotFound
from service.store.dialect import writes
from service.store.rows import new_id, to_json
from service.store.tables import (
    api_keys,
    audit,
    decisions,
    outbox,
)


class DecisionRepository:
    """What humans decided."""

    async def add(self, connection: AsyncConnection, decision: Decision) -> None:
        """Keep a decision."""
        values = {**to_json(decision), "decided_at": decision.decided_at}
        del values["edit_kinds"]  # stands in the version that the edit made
        await connection.execute(insert(decisions).values(id=new_id("dec"), **values))

    async def of_draft(self, connection: AsyncConnection, draft_id: str) -> list[Decision]:
        """Every decision on a draft, oldest first."""
        query = select(decisions).where(decisions.c.draft_id == draft_id)
        rows = await connection.execute(query.order_by(decisions.c.decided_at))
        return [
            Decision.model_validate({k: v for k, v in row.items() if k != "id"})
            for row in rows.mappings()
        ]


class AuditLog:
    """Who did what, when; ids and words of ours only, never customer text."""

    async def add(
        self,
        connection: AsyncConnection,
        *,
        at: datetime,
        actor: str,
        action: str,
        subject: str,
        brand_id: str | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        """Write a line."""
        await connection.execute(
            insert(audit).values(
                at=at,
                actor=actor,
                action=action,
                subject=subject,
                brand_id=brand_id,
                details=dict(details or {}),
            )
        )

    async def add_each(
        self,
        connection: AsyncConnection,
        subjects: Iterable[str],
        *,
        at: datetime,
        actor: str,
        action: str,
        brand_id: str,
    ) -> None:
        """Write the same line about each of them."""
        line = {"at": at, "actor": actor, "action": action, "brand_id": brand_id, "details": {}}
        if rows := [{**line, "subject": subject} for subject in subjects]:
            await connection.execute(insert(audit), rows)

    async def of(self, connection: AsyncConnection, subject: str) -> list[dict[str, Any]]:
        """Every line about a subject, oldest first."""
        rows = await connection.execute(
            select(audit).where(audit.c.subject == subject).order_by(audit.c.id)
        )
        return [dict(row) for row in rows.mappings()]


class Outbox:
    """Events for the tools around us, written in the transaction that makes them true."""

    async def add(
        self,
        connection: AsyncConnection,
        *,
        brand_id: str,
        topic: str,
        payload: Mapping[str, Any],
        now: datetime,
    ) -> None:
        """Put an event in line."""
        await connection.execute(
            insert(outbox).values(
                brand_id=brand_id, topic=topic, payload=dict(payload), tries=0, created_at=now
            )
        )

    async def waiting(self, connection: AsyncConnection, limit: int = 100) -> list[dict[str, Any]]:
        """Events not delivered yet, oldest first; a writer gets those that no other one holds."""
        query = select(outbox).where(outbox.c.delivered_at.is_(None)).order_by(outbox.c.id)
        if writes(connection):
            query = query.with_for_update(skip_locked=True)
        rows = await connection.execute(query.limit(limit))
        return [dict(row) for row in rows.mappings()]


class KeyRepository:
    """API keys, stored as hashes."""

    async def add(
        self,
        connection: AsyncConnection,
        *,
        name: str,
        role: Role,
        brand_id: str | None,
        key_hash: str,
        now: datetime,
    ) -> str:
        """Keep a key's hash and give its id."""
        key_id = new_id("key")
        await connection.execute(
            insert(api_keys).values(
                id=key_id,
                name=name,
                role=role,
                brand_id=brand_id,
                key_hash=key_hash,
                created_at=now,
            )
        )
        return key_id

    async def caller(self, connection: AsyncConnection, key_hash: str) -> Caller | None:
        """Whose key this is; None for an unknown or revoked one."""
        row = (
            await connection.execute(
                select(api_keys).where(
                    api_keys.c.key_hash == key_hash, api_keys.c.revoked_at.is_(None)
                )
            )
        ).first()
        if row is None:
            return None
        return Caller(name=row.name, role=Role(row.role), brand_id=row.brand_id)

    async def all(self, connection: AsyncConnection) -> list[dict[str, Any]]:
        """Every key without its hash."""
        rows = await connection.execute(select(api_keys).order_by(api_keys.c.created_at))
        return [{k: v for k, v in row.items() if k != "key_hash"} for row in rows.mappings()]

    async def revoke(self, connection: AsyncConnection, key_id: str, now: datetime) -> None:
        """End a key."""
        result = await connection.execute(
            update(api_keys)
            .where(api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None))
            .values(revoked_at=now)
        )
        if result.rowcount != 1:
            raise NotFound(f"no key {key_id!r} in use: see `amends key list`")
