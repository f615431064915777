"""Closing the loop in public: what was solved in private is said where it began."""

from collections.abc import Callable
from datetime import datetime

from service.domain.review import Caller
from service.domain.thread import KnownFact, Resolution, ThreadState
from service.store.brands import BrandRepository
from service.store.drafts import DraftRepository
from service.store.idempotency import Idempotency, IdempotencyRepository
from service.store.records import AuditLog, Outbox
from service.store.resolutions import ResolutionRepository
from service.store.session import Connection, Database
from service.store.staling import make_stale, supersede_older
from service.store.threads import ThreadRepository, hold_thread


class Closing:
    """Takes the news that a thread is solved, and has it said in public."""

    def __init__(
        self,
        *,
        database: Database,
        brands: BrandRepository,
        threads: ThreadRepository,
        resolutions: ResolutionRepository,
        drafts: DraftRepository,
        keys: IdempotencyRepository,
        outbox: Outbox,
        audit: AuditLog,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._brands = brands
        self._threads = threads
        self._resolutions = resolutions
        self._drafts = drafts
        self._keys = keys
        self._outbox = outbox
        self._audit = audit
        self._now = now

    async def resolve(
        self,
        brand_id: str,
        thread_id: str,
        told: Resolution,
        caller: Caller,
        *,
        once: Idempotency | None = None,
    ) -> tuple[ThreadState, str | None]:
        """Keep how the thread was solved and begin its closing update; gives the draft's id.

        No draft where nobody else reads the thread, or where nothing was answered in public yet:
        there the answer itself says it. The same words again change nothing.
        """
        fact = KnownFact(text=told.what, private=told.private)
        async with self._database.write() as connection:
            await self._brands.get(connection, brand_id)
            repeated = await self._keys.recall(connection, once) is not None
            await hold_thread(connection, brand_id, thread_id)
            state = await self._resolutions.state(connection, brand_id, thread_id)
            known = await self._resolutions.of_thread(connection, brand_id, thread_id)
            if not repeated and (fact != known or state.resolved_at is None):
                await self._solved(connection, state, fact, told.by)
            if not repeated:
                await self._keys.remember(connection, once, thread_id, self._now())
            state = await self._resolutions.state(connection, brand_id, thread_id)
            return state, await self._resolutions.closing_draft(connection, state)

    async def unclosed(
        self,
        brand_id: str | None,
        *,
        limit: int,
        after: tuple[datetime, str] | None = None,
    ) -> list[ThreadState]:
        """Threads that are solved and not closed in public, the oldest first."""
        async with self._database.read() as connection:
            return await self._resolutions.unclosed(connection, brand_id, limit=limit, after=after)

    async def _solved(
        self, connection: Connection, state: ThreadState, fact: KnownFact, by: str
    ) -> None:
        brand_id, thread_id, now = state.brand_id, state.id, self._now()
        await self._resolutions.resolve(connection, brand_id, thread_id, fact, by=by, now=now)
        revision = await self._threads.advance(connection, brand_id, thread_id, now)
        await make_stale(connection, brand_id, thread_id, now)
        await self._outbox.add(
            connection,
            brand_id=brand_id,
            topic="thread.resolved",
            payload={"thread_id": thread_id},
            now=now,
        )
        await self._note(connection, "thread.resolved", thread_id, brand_id, by)
        if state.is_public and await self._threads.is_answered(connection, brand_id, thread_id):
            await self._begin(connection, state, fact, revision, by)

    async def _begin(
        self, connection: Connection, state: ThreadState, fact: KnownFact, revision: int, by: str
    ) -> None:
        brand_id, thread_id = state.brand_id, state.id
        # Others may have written since: it is said to the person whose trouble it was.
        case = await self._threads.opening_case(connection, brand_id, thread_id)
        if case is None:
            return
        draft_id = await self._drafts.begin(
            connection,
            brand_id=brand_id,
            thread_id=thread_id,
            thread_revision=revision,
            case=case.model_copy(update={"resolved": fact}),
            now=self._now(),
        )
        await supersede_older(connection, brand_id, thread_id, self._now(), newest=draft_id)
        await self._note(connection, "draft.requested", draft_id, brand_id, by)

    async def _note(
        self, connection: Connection, action: str, subject: str, brand_id: str, by: str
    ) -> None:
        await self._audit.add(
            connection, at=self._now(), actor=by, action=action, subject=subject, brand_id=brand_id
        )
