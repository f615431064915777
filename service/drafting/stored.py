"""The store as drafting uses it: each method is one short transaction."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from service.domain.draft import Draft, DraftStatus, Snapshot
from service.domain.review import Caller
from service.domain.thread import Case
from service.domain.triage import Triage
from service.drafting.job import Drafted, Job
from service.drafting.redrafting import require_redraftable
from service.followup.routing import Routing, traits_of
from service.knowledge.outdated import outdated
from service.store.brands import BrandRepository
from service.store.citing import cited_by
from service.store.dialect import hold
from service.store.draft_lists import DraftLists
from service.store.drafts import THREAD_CHANGED, DraftRepository
from service.store.idempotency import Idempotency, IdempotencyRepository
from service.store.knowledge import KnowledgeRepository
from service.store.leases import Claim, LeaseRepository, Unread
from service.store.records import AuditLog, Outbox
from service.store.session import Connection, Database
from service.store.staling import make_stale, supersede_by, supersede_older
from service.store.style_notes import StyleNoteRepository
from service.store.threads import StoredThread, ThreadRepository

RECENT_HOLDING = 12


class DraftStore:
    """Transactions around drafts. Nothing here waits for a model."""

    def __init__(
        self,
        *,
        database: Database,
        brands: BrandRepository,
        knowledge: KnowledgeRepository,
        threads: ThreadRepository,
        drafts: DraftRepository,
        leases: LeaseRepository,
        lists: DraftLists,
        notes: StyleNoteRepository,
        routing: Routing,
        keys: IdempotencyRepository,
        outbox: Outbox,
        audit: AuditLog,
        now: Callable[[], datetime],
        lease: timedelta,
        recent_limit: int,
        owner: str,
    ) -> None:
        self._database = database
        self._brands = brands
        self._knowledge = knowledge
        self._threads = threads
        self._drafts = drafts
        self._leases = leases
        self._lists = lists
        self._notes = notes
        self._routing = routing
        self._keys = keys
        self._outbox = outbox
        self._audit = audit
        self._now = now
        self._lease = lease
        self._recent_limit = recent_limit
        self._owner = owner

    async def begin(
        self, case: Case, brand_id: str, caller: Caller, once: Idempotency | None
    ) -> tuple[str, Claim | None]:
        """Store thread, complaint and a draft row with our lease; a known key gives the old id."""
        async with self._database.write() as connection:
            await self._brands.get(connection, brand_id)
            if known := await self._keys.recall(connection, once):
                return known, None
            draft_id = await self.begin_in(connection, case, brand_id, caller)
            await self._keys.remember(connection, once, draft_id, self._now())
            return draft_id, await self._claim(connection, draft_id)

    async def begin_in(
        self, connection: Connection, case: Case, brand_id: str, caller: Caller
    ) -> str:
        """Store thread, complaint and a draft row that waits for any worker."""
        now = self._now()
        thread = await self._threads.add_case(connection, brand_id, case, now, by=caller.name)
        if thread.reopened:
            await self._tell(connection, "thread.reopened", brand_id, thread.id)
        if thread.solved:
            await self._tell(connection, "thread.resolved", brand_id, thread.id)
            await self._note(connection, caller, "thread.resolved", thread.id, brand_id)
        draft_id = await self._row(connection, case, brand_id, thread, now)
        if thread.changed:
            await make_stale(connection, brand_id, thread.id, now)
        await supersede_older(connection, brand_id, thread.id, now, newest=draft_id)
        await self._note(connection, caller, "draft.requested", draft_id, brand_id)
        return draft_id

    async def begin_behind(
        self, connection: Connection, case: Case, brand_id: str, caller: Caller, newer: str
    ) -> str:
        """As `begin_in`, for a post that comes late: the draft `newer` answers in its place."""
        now = self._now()
        thread = await self._threads.add_case(connection, brand_id, case, now)
        draft_id = await self._row(connection, case, brand_id, thread, now)
        await supersede_by(connection, brand_id, draft_id, newer, now)
        await self._note(connection, caller, "draft.requested", draft_id, brand_id)
        return draft_id

    async def begin_first(
        self, connection: Connection, cases: Mapping[str, Case], brand_id: str, caller: Caller
    ) -> None:
        """Draft rows, as `begin_in` makes them, for threads that have just begun."""
        now = self._now()
        made = await self._drafts.begin_first(connection, brand_id, cases, now)
        await self._audit.add_each(
            connection,
            made,
            at=now,
            actor=caller.name,
            action="draft.requested",
            brand_id=brand_id,
        )

    async def restart(self, draft: Draft, caller: Caller, once: Idempotency | None) -> Claim | None:
        """Back to drafting as a new version, from `failed`, `stale` or `rejected`."""
        async with self._database.write() as connection:
            if await self._keys.recall(connection, once):
                return None
            current = await self._drafts.get(connection, draft.id)
            await require_redraftable(connection, current)
            _, revision = await self._drafts.thread_revision(connection, draft.id)
            await self._drafts.restart(connection, current, revision=revision, now=self._now())
            await supersede_older(connection, draft.brand_id, draft.thread_id, self._now())
            await self._keys.remember(connection, once, draft.id, self._now())
            await self._note(connection, caller, "draft.restarted", draft.id, draft.brand_id)
            return await self._claim(connection, draft.id)

    async def require_redraftable(self, draft_id: str) -> None:
        """TransitionRefused where `restart` would be."""
        async with self._database.read() as connection:
            await require_redraftable(connection, await self._drafts.get(connection, draft_id))

    async def unread(self, limit: int, after: Unread | None) -> Sequence[Unread]:
        """Drafts that wait and that no triage has read, oldest first."""
        async with self._database.read() as connection:
            return await self._leases.unread(connection, now=self._now(), limit=limit, after=after)

    async def to_read(self, unread: Unread) -> Job:
        """What a triage needs to know how pressing a waiting draft is."""
        async with self._database.read() as connection:
            brand = await self._brands.get(connection, unread.brand_id)
            case = await self._threads.complete(
                connection, unread.brand_id, unread.thread_id, unread.case
            )
        return Job(case=case, brand=brand, came_at=unread.created_at)

    async def note_triage(self, unread: Unread, triage: Triage) -> None:
        """Keep how pressing a waiting draft is."""
        async with self._database.write() as connection:
            await self._leases.note(connection, unread, triage)

    async def take(self, after_brand: str = "") -> Claim | None:
        """A draft that nobody works on: the most pressing, then brands in turn, oldest first."""
        async with self._database.write() as connection:
            return await self._claim(connection, None, after_brand)

    async def renew(self, claim: Claim) -> bool:
        """Keep the lease; False when the draft is somebody else's now."""
        async with self._database.write() as connection:
            return await self._leases.renew(connection, claim, until=self._now() + self._lease)

    async def job(self, claim: Claim) -> Job:
        """All that the drafter needs, read in one go."""
        async with self._database.read() as connection:
            brand = await self._brands.get(connection, claim.brand_id)
            case = await self._threads.complete(
                connection, claim.brand_id, claim.thread_id, claim.case
            )
            recent = await self._lists.recent_replies(
                connection,
                claim.brand_id,
                limit=self._recent_limit,
                besides_thread=claim.thread_id,
            )
            holding = await self._lists.recent_replies(
                connection, claim.brand_id, limit=RECENT_HOLDING, holding=True
            )
            notes = await self._notes.counting(connection, claim.brand_id, self._now())
            rejections = await self._lists.rejections(connection, claim.draft_id)
        return Job(
            case=case,
            brand=brand,
            recent_replies=tuple(recent),
            recent_holding=tuple(holding),
            notes=tuple(notes),
            rejections=tuple(rejections),
            came_at=claim.created_at,
        )

    async def finish(self, claim: Claim, drafted: Drafted) -> bool:
        """Store what was made, once; a thread or a cited policy that changed makes it stale."""
        async with self._database.write() as connection:
            answered, newest = await self._drafts.thread_revision(connection, claim.draft_id)
            reason = THREAD_CHANGED if answered != newest else None
            reason = reason or await self._outdated(connection, claim.brand_id, drafted)
            status = DraftStatus.STALE if reason else drafted.status
            done = await self._leases.finish(
                connection,
                claim,
                status=status,
                content=drafted.content,
                snapshot=drafted.snapshot,
                now=self._now(),
                assignee=await self._assignee(connection, claim, drafted),
            )
            if done and reason:
                await self._drafts.set_status(
                    connection, claim.draft_id, status, self._now(), stale_reason=reason
                )
            if done:
                await self._ended(connection, claim, status)
            return done

    async def _assignee(self, connection: Connection, claim: Claim, drafted: Drafted) -> str | None:
        return await self._routing.assignee(
            connection,
            await self._brands.get(connection, claim.brand_id),
            draft_id=claim.draft_id,
            thread_id=claim.thread_id,
            traits=traits_of(drafted.content, claim.case.channel),
        )

    async def _outdated(
        self, connection: Connection, brand_id: str, drafted: Drafted
    ) -> str | None:
        """Why the policy that the reply cites is no longer what it was when it was found."""
        cited = cited_by(drafted.content)
        if not cited:
            return None
        await hold(connection, "knowledge", brand_id)
        refs = [(passage.id, passage.version) for passage in cited]
        stored = await self._knowledge.passages_by_ref(connection, brand_id, refs)
        brand = await self._brands.get(connection, brand_id)
        return outdated(cited, stored, brand.today(self._now()))

    async def give_up(self, claim: Claim) -> None:
        """The draft took down too many workers, or met a bug: it waits for a redraft."""
        async with self._database.write() as connection:
            done = await self._leases.finish(
                connection,
                claim,
                status=DraftStatus.FAILED,
                content=None,
                snapshot=None,
                now=self._now(),
            )
            if done:
                await self._ended(connection, claim, DraftStatus.FAILED)

    async def get(self, draft_id: str) -> Draft:
        """The draft, or NotFound."""
        async with self._database.read() as connection:
            return await self._drafts.get(connection, draft_id)

    async def snapshot(self, draft_id: str) -> Snapshot | None:
        """What the newest machine-made version of a draft saw."""
        async with self._database.read() as connection:
            return await self._drafts.snapshot(connection, draft_id)

    async def page(
        self,
        *,
        brand_id: str | None,
        status: DraftStatus | None,
        limit: int,
        after: tuple[datetime, str] | None,
    ) -> list[Draft]:
        """Drafts, newest first."""
        async with self._database.read() as connection:
            return await self._lists.page(
                connection, brand_id=brand_id, status=status, limit=limit, after=after
            )

    async def recent_replies(self, brand_id: str) -> list[str]:
        """The brand's recent public replies, newest first."""
        async with self._database.read() as connection:
            return await self._lists.recent_replies(connection, brand_id, limit=self._recent_limit)

    async def _row(
        self,
        connection: Connection,
        case: Case,
        brand_id: str,
        thread: StoredThread,
        now: datetime,
    ) -> str:
        return await self._drafts.begin(
            connection,
            brand_id=brand_id,
            thread_id=thread.id,
            thread_revision=thread.revision,
            case=case,
            now=now,
        )

    async def _claim(
        self, connection: Connection, draft_id: str | None, after_brand: str = ""
    ) -> Claim | None:
        return await self._leases.claim(
            connection,
            owner=self._owner,
            now=self._now(),
            lease=self._lease,
            draft_id=draft_id,
            after_brand=after_brand,
        )

    async def _tell(
        self, connection: Connection, topic: str, brand_id: str, thread_id: str
    ) -> None:
        await self._outbox.add(
            connection,
            brand_id=brand_id,
            topic=topic,
            payload={"thread_id": thread_id},
            now=self._now(),
        )

    async def _ended(self, connection: Connection, claim: Claim, status: DraftStatus) -> None:
        """Say so; what fell behind a newer draft of its thread while it was made waits no more."""
        await self._outbox.add(
            connection,
            brand_id=claim.brand_id,
            topic=f"draft.{status.value}",
            payload={"draft_id": claim.draft_id, "version": claim.version},
            now=self._now(),
        )
        await supersede_older(connection, claim.brand_id, claim.thread_id, self._now())

    async def _note(
        self, connection: Connection, caller: Caller, action: str, draft_id: str, brand_id: str
    ) -> None:
        await self._audit.add(
            connection,
            at=self._now(),
            actor=caller.name,
            action=action,
            subject=draft_id,
            brand_id=brand_id,
        )
