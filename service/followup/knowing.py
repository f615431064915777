"""News about a thread: what an agent found out since, without asking for another draft."""

from collections.abc import Callable
from datetime import datetime

from service.domain.review import Caller
from service.domain.thread import KnownFact, News, ThreadState
from service.store.commitments import CommitmentRepository
from service.store.drafts import OPEN, DraftRepository
from service.store.idempotency import Idempotency, IdempotencyRepository
from service.store.known_facts import KnownFactRepository
from service.store.records import AuditLog
from service.store.resolutions import ResolutionRepository
from service.store.session import Connection, Database
from service.store.staling import make_stale
from service.store.threads import ThreadRepository, hold_thread


class Knowing:
    """Takes facts about a thread; a follow-up that waits is written anew with them."""

    def __init__(
        self,
        *,
        database: Database,
        threads: ThreadRepository,
        resolutions: ResolutionRepository,
        drafts: DraftRepository,
        commitments: CommitmentRepository,
        keys: IdempotencyRepository,
        audit: AuditLog,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._threads = threads
        self._resolutions = resolutions
        self._facts = KnownFactRepository()
        self._drafts = drafts
        self._commitments = commitments
        self._keys = keys
        self._audit = audit
        self._now = now

    async def add(
        self,
        brand_id: str,
        thread_id: str,
        told: News,
        caller: Caller,
        *,
        once: Idempotency | None = None,
    ) -> ThreadState:
        """Keep a fact; open drafts go stale, and what is known already changes nothing."""
        fact = KnownFact(text=told.text, private=told.private)
        async with self._database.write() as connection:
            repeated = await self._keys.recall(connection, once)
            await hold_thread(connection, brand_id, thread_id)
            state = await self._resolutions.state(connection, brand_id, thread_id)
            known, _ = await self._facts.of_thread(connection, brand_id, thread_id)
            if repeated is None and fact not in known:
                await self._keep(connection, state, fact, told.by or caller.name)
            if repeated is None:
                await self._keys.remember(connection, once, thread_id, self._now())
            return await self._resolutions.state(connection, brand_id, thread_id)

    async def _keep(
        self, connection: Connection, state: ThreadState, fact: KnownFact, by: str
    ) -> None:
        brand_id, thread_id, now = state.brand_id, state.id, self._now()
        await self._facts.add(connection, brand_id, thread_id, [fact], now)
        revision = await self._threads.advance(connection, brand_id, thread_id, now)
        await self._write_anew(connection, brand_id, thread_id, revision)
        await make_stale(connection, brand_id, thread_id, now)
        await self._audit.add(
            connection,
            at=now,
            actor=by,
            action="thread.known",
            subject=thread_id,
            brand_id=brand_id,
        )

    async def _write_anew(
        self, connection: Connection, brand_id: str, thread_id: str, revision: int
    ) -> None:
        """A follow-up that nobody has touched is there to tell the news."""
        promises = await self._commitments.open_in_thread(connection, brand_id, thread_id)
        prepared = {promise.follow_up_draft_id for promise in promises}
        for draft_id in filter(None, prepared):
            draft = await self._drafts.get(connection, draft_id)
            if draft.status in OPEN and not draft.is_touched:
                await self._drafts.restart(connection, draft, revision=revision, now=self._now())
