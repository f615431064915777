"""API keys: shown once, kept as hashes, bound to a role and to one brand or all."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.domain.review import Caller, Role
from service.errors import Unauthorized
from service.store.brands import BrandRepository
from service.store.records import AuditLog, KeyRepository
from service.store.session import Connection, Database

PREFIX = "amk_"


@dataclass(frozen=True)
class NewKey:
    """A key that was just made; `secret` is never to be seen again."""

    id: str
    secret: str


class KeyService:
    """Makes, knows and revokes keys."""

    def __init__(
        self,
        *,
        database: Database,
        keys: KeyRepository,
        brands: BrandRepository,
        audit: AuditLog,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._keys = keys
        self._brands = brands
        self._audit = audit
        self._now = now

    async def create(self, *, name: str, role: Role, brand_id: str | None, actor: str) -> NewKey:
        """A new key for a brand, or, without one, for all."""
        secret = PREFIX + secrets.token_urlsafe(32)
        async with self._database.write() as connection:
            if brand_id is not None:
                await self._brands.get(connection, brand_id)
            key_id = await self._keys.add(
                connection,
                name=name,
                role=role,
                brand_id=brand_id,
                key_hash=_hash(secret),
                now=self._now(),
            )
            await self._note(connection, actor, "key.created", key_id, brand_id)
        return NewKey(key_id, secret)

    async def caller(self, secret: str | None) -> Caller:
        """Who is calling; Unauthorized for a missing, unknown or revoked key."""
        if not secret:
            raise Unauthorized("send a key: `Authorization: Bearer amk_...` (`amends key create`)")
        async with self._database.read() as connection:
            caller = await self._keys.caller(connection, _hash(secret))
        if caller is None:
            raise Unauthorized("this key is not known or was revoked: see `amends key list`")
        return caller

    async def all(self) -> list[dict[str, Any]]:
        """Every key without its secret."""
        async with self._database.read() as connection:
            return await self._keys.all(connection)

    async def revoke(self, key_id: str, *, actor: str) -> None:
        """End a key at once."""
        async with self._database.write() as connection:
            await self._keys.revoke(connection, key_id, self._now())
            await self._note(connection, actor, "key.revoked", key_id, None)

    async def _note(
        self, connection: Connection, actor: str, action: str, key_id: str, brand_id: str | None
    ) -> None:
        await self._audit.add(
            connection,
            at=self._now(),
            actor=actor,
            action=action,
            subject=key_id,
            brand_id=brand_id,
        )


def _hash(secret: str) -> str:
    # The secret holds 256 random bits, so a plain hash cannot be searched for.
    return hashlib.sha256(secret.encode()).hexdigest()
