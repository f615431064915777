"""Requests that carry a key, carried out once."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.review import Caller
from service.errors import IdempotencyConflict
from service.store.dialect import hold
from service.store.rows import content_hash
from service.store.tables import SCOPE_LENGTH, idempotency_keys


@dataclass(frozen=True, kw_only=True)
class Idempotency:
    """A key that a caller sent with a request, and the hash of its body."""

    scope: str
    key: str
    body_hash: str


def idempotency(
    caller: Caller, action: str, key: str | None, body: Mapping[str, Any]
) -> Idempotency | None:
    """The caller's key for this action; None when none was sent."""
    if key is None:
        return None
    scope = f"{caller.brand_id or '*'}:{caller.name}:{action}"
    return Idempotency(scope=scope, key=key, body_hash=content_hash(body))


class IdempotencyRepository:
    """What the keys of earlier requests led to. A request without a key is never a repetition."""

    async def recall(self, connection: AsyncConnection, once: Idempotency | None) -> str | None:
        """What the same request led to; IdempotencyConflict when the key had another body."""
        if once is None:
            return None
        await hold(connection, "idempotency", once.scope, once.key)
        query = select(idempotency_keys.c.body_hash, idempotency_keys.c.subject).where(
            idempotency_keys.c.scope == _fitting(once.scope), idempotency_keys.c.key == once.key
        )
        row = (await connection.execute(query)).first()
        if row is None:
            return None
        if row.body_hash != once.body_hash:
            raise IdempotencyConflict(
                f"Idempotency-Key {once.key!r} was used with another body: send a new key"
            )
        return str(row.subject)

    async def remember(
        self, connection: AsyncConnection, once: Idempotency | None, subject: str, now: datetime
    ) -> None:
        """Bind the request's key to what it led to, in the same transaction."""
        if once is None:
            return
        await connection.execute(
            insert(idempotency_keys).values(
                scope=_fitting(once.scope),
                key=once.key,
                body_hash=once.body_hash,
                subject=subject,
                created_at=now,
            )
        )


def _fitting(scope: str) -> str:
    """A scope holds names of any length, and PostgreSQL refuses what its column can't hold."""
    return scope if len(scope) <= SCOPE_LENGTH else hashlib.sha256(scope.encode()).hexdigest()
