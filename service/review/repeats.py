"""Requests that carry a key, carried out once."""

from collections.abc import Callable
from datetime import datetime

from service.drafting.stored import Idempotency
from service.store.records import IdempotencyRepository
from service.store.session import Connection


class Repeats:
    """Knows what a key led to before."""

    def __init__(self, keys: IdempotencyRepository, now: Callable[[], datetime]) -> None:
        self._keys = keys
        self._now = now

    async def known(self, connection: Connection, once: Idempotency | None) -> str | None:
        """What the same request led to; None where it was not carried out yet."""
        if once is None:
            return None
        return await self._keys.recall(
            connection, scope=once.scope, key=once.key, body_hash=once.body_hash
        )

    async def remember(
        self, connection: Connection, once: Idempotency | None, subject: str
    ) -> None:
        """Bind the request's key to what it led to."""
        if once is not None:
            await self._keys.remember(
                connection,
                scope=once.scope,
                key=once.key,
                body_hash=once.body_hash,
                subject=subject,
                now=self._now(),
            )
