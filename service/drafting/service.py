"""Drafts from request to held: stored first, worked on under a lease, finished once."""

import asyncio
import contextlib
import traceback
from collections.abc import AsyncIterator
from datetime import datetime

import structlog

from service.domain.draft import Draft, DraftStatus, Snapshot
from service.domain.review import Caller
from service.domain.thread import Case
from service.drafting.drafter import Drafter
from service.drafting.stages import OnStage, Stage, StageEvent, ignore_stages
from service.drafting.stored import DraftStore
from service.errors import AmendsError
from service.store.idempotency import Idempotency
from service.store.leases import Claim, Unread

log = structlog.get_logger(__name__)
IDLE_S = 1.0
_READ_AHEAD = 64
"""Posts that are read before each draft: some seconds, so that drafts go on meanwhile."""
_DANGER = 0
"""The rank before which nothing comes: the rest is read later."""


class DraftService:
    """Creates drafts and works on them; any number of instances may share one store."""

    def __init__(
        self, *, store: DraftStore, drafter: Drafter, lease_s: float, max_claims: int
    ) -> None:
        self._store = store
        self._drafter = drafter
        self._lease_s = lease_s
        self._max_claims = max_claims
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._watchers: dict[str, list[asyncio.Queue[StageEvent]]] = {}
        self._read_last: Unread | None = None

    async def create(
        self, case: Case, brand_id: str, caller: Caller, *, once: Idempotency | None = None
    ) -> str:
        """Store the case and begin to draft it in the background; gives the draft's id."""
        self._drafter.require_possible(case)
        draft_id, claim = await self._store.begin(case, brand_id, caller, once)
        self._start(claim)
        return draft_id

    async def redraft(
        self, draft_id: str, caller: Caller, *, once: Idempotency | None = None
    ) -> None:
        """Draft a failed, stale or rejected one again, as a new version of the same draft."""
        draft = await self._store.get(draft_id)
        self._start(await self._store.restart(draft, caller, once))

    async def require_redraftable(self, draft_id: str) -> None:
        """TransitionRefused where `redraft` would be, before anything is made ready for it."""
        await self._store.require_redraftable(draft_id)

    async def wait(self, draft_id: str, seconds: float) -> Draft:
        """The draft once it is ready, or as it stands when the seconds are over."""
        task = self._tasks.get(draft_id)
        if task is not None:
            await asyncio.wait([task], timeout=seconds)
        return await self._store.get(draft_id)

    async def finished(self, draft_id: str) -> Draft:
        """The draft, however long it takes."""
        task = self._tasks.get(draft_id)
        if task is not None:
            await asyncio.wait([task])
        return await self._store.get(draft_id)

    async def stages(self, draft_id: str) -> AsyncIterator[StageEvent]:
        """The stations of a draft as it passes them, until it is done."""
        if draft_id not in self._tasks:
            return
        queue: asyncio.Queue[StageEvent] = asyncio.Queue()
        watchers = self._watchers.setdefault(draft_id, [])
        watchers.append(queue)
        try:
            while (event := await queue.get()).stage is not Stage.DONE:
                yield event
        finally:
            watchers.remove(queue)
            if not watchers:
                self._watchers.pop(draft_id, None)

    async def get(self, draft_id: str) -> Draft:
        """The draft, or NotFound."""
        return await self._store.get(draft_id)

    async def page(
        self,
        *,
        brand_id: str | None,
        status: DraftStatus | None = None,
        limit: int = 50,
        after: tuple[datetime, str] | None = None,
    ) -> list[Draft]:
        """Drafts, newest first; `after` is the last row of the page before."""
        return await self._store.page(brand_id=brand_id, status=status, limit=limit, after=after)

    async def work(self) -> None:
        """Write what waits, the most pressing first, and take over drafts whose worker fell
        silent; runs until cancelled."""
        brand = ""
        while True:
            claim = await self._next(brand)
            if claim is None:
                await asyncio.sleep(IDLE_S)
            else:
                brand = claim.brand_id
                self._start(claim)
                await asyncio.wait([self._tasks[claim.draft_id]])

    async def drain(self) -> None:
        """Let running drafts go: their leases end and another worker takes them over."""
        for task in list(self._tasks.values()):
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def take(self, after_brand: str = "") -> Claim | None:
        """Claim the draft that should be worked on next; None when nothing waits."""
        return await self._store.take(after_brand)

    async def give_up(self, claim: Claim) -> None:
        """Let a draft fail: it waits for a redraft."""
        await self._store.give_up(claim)

    async def snapshot(self, draft_id: str) -> Snapshot | None:
        """What the newest machine-made version of a draft saw."""
        return await self._store.snapshot(draft_id)

    async def _next(self, after_brand: str) -> Claim | None:
        try:
            await self._read_ahead()
            return await self.take(after_brand)
        except AmendsError as exc:
            log.warning("drafts_not_taken", error=type(exc).__name__)
            return None

    async def _read_ahead(self) -> None:
        """Read some of what waits: a post takes a tenth of a second, its draft many, and a danger
        must not wait behind ten thousand grumbles. It goes on where it ended the time before, so
        that what can't be read is not all that is tried."""
        batch = await self._store.unread(_READ_AHEAD, self._read_last)
        self._read_last = batch[-1] if len(batch) == _READ_AHEAD else None
        for unread in batch:
            if await self._is_danger(unread):
                self._read_last = unread
                return

    async def _is_danger(self, unread: Unread) -> bool:
        """Read a waiting post and keep its rank. What can't be read fails when it is drafted."""
        try:
            triage = await self._drafter.triage(await self._store.to_read(unread))
        except Exception as exc:
            log.error("draft_not_read", draft_id=unread.draft_id, **_kind_and_place(exc))
            return False
        await self._store.note_triage(unread, triage)
        return triage.rank == _DANGER

    def _start(self, claim: Claim | None) -> None:
        if claim is None:
            return
        task = asyncio.create_task(self._work_on(claim))
        self._tasks[claim.draft_id] = task
        task.add_done_callback(lambda _: self._ended(claim.draft_id))

    def _ended(self, draft_id: str) -> None:
        self._tasks.pop(draft_id, None)
        self._tell(draft_id, StageEvent(stage=Stage.DONE))

    def _tell(self, draft_id: str, event: StageEvent) -> None:
        for queue in self._watchers.get(draft_id, []):
            queue.put_nowait(event)

    async def _work_on(self, claim: Claim) -> None:
        """One claim from job to finish; a bug makes the draft `failed` and never silent."""
        if claim.claims > self._max_claims:
            await self._store.give_up(claim)
            return
        drafting = asyncio.current_task()
        heart = asyncio.create_task(self._keep_lease(claim, drafting))
        try:
            await self._draft(claim, lambda event: self._tell(claim.draft_id, event))
        except Exception as exc:
            # Only its kind and place: the message may hold a customer's words.
            log.error("draft_failed", draft_id=claim.draft_id, **_kind_and_place(exc))
            await self._store.give_up(claim)
        finally:
            heart.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await heart

    async def _draft(self, claim: Claim, on_stage: OnStage = ignore_stages) -> None:
        job = await self._store.job(claim)
        drafted = await self._drafter.draft(job, on_stage)
        if not await self._store.finish(claim, drafted):
            log.warning("draft_taken_over", draft_id=claim.draft_id)

    async def _keep_lease(self, claim: Claim, drafting: "asyncio.Task[None] | None") -> None:
        while True:
            await asyncio.sleep(self._lease_s / 3)
            if not await self._store.renew(claim) and drafting is not None:
                drafting.cancel()
                return


def _kind_and_place(exc: Exception) -> dict[str, str]:
    frame = traceback.extract_tb(exc.__traceback__)[-1]
    return {"error": type(exc).__name__, "place": f"{frame.filename}:{frame.lineno}"}
