"""What comes in to a brand: worked out, embedded, and stored all in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from service.domain.brand import Brand
from service.domain.changes import ChangeKind, ImportResult, KnowledgeDiff
from service.domain.knowledge import PastReply, PolicyPassage
from service.errors import Conflict, EmbeddingChanged
from service.knowledge.embedding_work import EmbeddingWork, Progress
from service.knowledge.emptying import refuse_emptying
from service.knowledge.outdated import outdated
from service.knowledge.pieces import pieces_of
from service.knowledge.reindexing import ChangedMeanwhileError, Reindexing
from service.knowledge.versions import policy_changes, reply_changes, settled, settled_replies
from service.store.brands import BrandRepository
from service.store.citing import CitingDrafts
from service.store.dialect import hold
from service.store.example_marks import ExampleMarkRepository
from service.store.finished_vectors import FinishedVectors
from service.store.idempotency import Idempotency, IdempotencyRepository
from service.store.imports import ImportLog
from service.store.index_plan import IndexPlan
from service.store.knowledge import KnowledgeRepository
from service.store.records import AuditLog, Outbox
from service.store.search_index import SearchIndex
from service.store.session import Connection, Database
from service.store.vectors import Vectors

_TRIES = 5


@dataclass(frozen=True, kw_only=True)
class Shelves:
    """What an import reads and writes."""

    brands: BrandRepository
    knowledge: KnowledgeRepository
    index: SearchIndex
    audit: AuditLog
    outbox: Outbox
    keys: IdempotencyRepository
    citing: CitingDrafts = field(default_factory=CitingDrafts)
    finished: FinishedVectors = field(default_factory=FinishedVectors)
    imports: ImportLog = field(default_factory=ImportLog)
    examples: ExampleMarkRepository = field(default_factory=ExampleMarkRepository)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a brand is to hold; None leaves that part as it is."""

    brand_id: str
    brand: Brand | None = None
    policy: Sequence[PolicyPassage] | None = None
    past_replies: Sequence[PastReply] | None = None
    added: Sequence[PastReply] = ()
    """Past replies that join those that are there; one of the same id gives way."""
    keep_old: bool = False
    """Versions of the ids that are there still, and that are not wanted, stay as superseded; and
    so do past replies that were approved drafts here."""
    may_empty: bool = True
    """Whether none is what was meant, where the brand had some."""


@dataclass(frozen=True)
class _Plan:
    """An import worked out against the brand as it was at one revision."""

    wanted: Wanted
    revision: int
    policy: list[PolicyPassage]
    past_replies: list[PastReply]
    diff: KnowledgeDiff
    index: IndexPlan

    @property
    def changes(self) -> bool:
        return self.diff.any or self.index.any

    def result(
        self, *, embedded: int, dry_run: bool = False, stale_drafts: int = 0
    ) -> ImportResult:
        return ImportResult(
            brand_id=self.wanted.brand_id,
            policy=len(self.policy),
            past_replies=len(self.past_replies),
            embedded=embedded,
            changed=self.changes,
            dry_run=dry_run,
            stale_drafts=stale_drafts,
            diff=self.diff,
        )


class Intake:
    """Makes a brand hold what is wanted."""

    def __init__(
        self,
        *,
        database: Database,
        shelves: Shelves,
        work: EmbeddingWork,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._shelves = shelves
        self._work = work
        self._now = now
        self._moving = Reindexing(
            database=database,
            brands=shelves.brands,
            index=shelves.index,
            finished=shelves.finished,
        )

    @property
    def model(self) -> str:
        """The embedding model that everything new is indexed under."""
        return self._work.model

    async def bring_in(
        self,
        wanted: Wanted,
        *,
        actor: str,
        dry_run: bool = False,
        anew: bool = False,
        once: Idempotency | None = None,
        progress: Progress | None = None,
    ) -> ImportResult:
        """Work out what changes, embed what is new, and store all of it in one transaction.

        Two at once never mix: whoever comes second works it out again on what the first stored.
        What only moves to another embedding model is put beside the old before, and the old goes
        afterwards, both little by little.
        """
        if once and not dry_run and (known := await self._known(once)):
            return known
        if anew and not dry_run:
            await self._work.forget()
        for _ in range(_TRIES):
            plan = await self._plan(wanted, anew=anew)
            if dry_run:
                return await self._foretold(plan)
            made = await self._work.vectors(
                plan.index.missing, progress, complaints=plan.index.past_complaints
            )
            try:
                await self._moving.prepare(plan.index, plan.revision, made)
                done = await self._store(plan, made, actor, once)
            except ChangedMeanwhileError:
                continue
            except EmbeddingChanged:
                await self._work.forget()
                raise
            await self._moving.tidy(plan.index, made, self._now())
            return done
        raise Conflict(f"brand {wanted.brand_id} keeps changing under this import: try again")

    async def _foretold(self, plan: _Plan) -> ImportResult:
        async with self._database.read() as connection:
            stale = await self._outdated(connection, plan) if plan.changes else {}
        missing = len(plan.index.missing)
        return plan.result(embedded=missing, dry_run=True, stale_drafts=len(stale))

    async def _known(self, once: Idempotency) -> ImportResult | None:
        async with self._database.read() as connection:
            return await self._recall(connection, once)

    async def _recall(self, connection: Connection, once: Idempotency) -> ImportResult | None:
        import_id = await self._shelves.keys.recall(connection, once)
        return await self._shelves.imports.get(connection, import_id) if import_id else None

    async def _plan(self, wanted: Wanted, *, anew: bool) -> _Plan:
        brand_id = wanted.brand_id
        async with self._database.read() as connection:
            revision = await self._shelves.brands.knowledge_revision(connection, brand_id)
            brand = await self._shelves.brands.find(connection, brand_id)
            coming = wanted.brand or await self._shelves.brands.get(connection, brand_id)
            stored = await self._shelves.knowledge.policy(connection, brand_id)
            replies = await self._shelves.knowledge.past_replies(connection, brand_id)
            if not wanted.may_empty:
                refuse_emptying(brand_id, "policy passages", wanted.policy, stored)
                refuse_emptying(brand_id, "past replies", wanted.past_replies, replies)
            policy = stored
            if wanted.policy is not None:
                policy = settled(wanted.policy, stored, keep_old=wanted.keep_old)
            examples = await self._shelves.examples.accepted_ids(connection, brand_id)
            past_replies = settled_replies(
                wanted.past_replies,
                replies,
                added=wanted.added,
                kept=examples if wanted.keep_old else (),
            )
            pieces = list(pieces_of(policy, past_replies, coming.today(self._now())))
            index = await self._shelves.index.plan(
                connection, brand_id, self._work.model, pieces, anew=anew
            )
        diff = KnowledgeDiff(
            settings=_settings_change(brand, wanted.brand),
            policy=policy_changes(stored, policy),
            past_replies=reply_changes(replies, past_replies),
        )
        return _Plan(wanted, revision, policy, past_replies, diff, index)

    async def _store(
        self, plan: _Plan, made: dict[str, Vectors], actor: str, once: Idempotency | None
    ) -> ImportResult:
        now = self._now()
        async with self._database.write() as connection:
            await hold(connection, "knowledge", plan.wanted.brand_id)
            if once and (known := await self._recall(connection, once)):
                return known
            await self._moving.require_unchanged(connection, plan.wanted.brand_id, plan.revision)
            stale = 0
            if plan.changes:
                stale = await self._write(connection, plan, made, now)
                await self._note(connection, plan, actor, now)
            result = plan.result(embedded=len(made), stale_drafts=stale)
            if once is not None:
                await self._remember(connection, once, result, actor, now)
        return result

    async def _write(
        self, connection: Connection, plan: _Plan, made: dict[str, Vectors], now: datetime
    ) -> int:
        """All of the import; gives the number of drafts that it made stale."""
        brand_id = plan.wanted.brand_id
        if plan.wanted.brand is not None:
            await self._shelves.brands.save(connection, plan.wanted.brand, now)
        if plan.diff.policy.any:
            await self._shelves.knowledge.replace_policy(connection, brand_id, plan.policy)
        if plan.diff.past_replies.any:
            await self._shelves.knowledge.replace_past_replies(
                connection, brand_id, plan.past_replies
            )
        if not await self._shelves.index.apply(connection, plan.index, made):
            raise ChangedMeanwhileError
        await self._shelves.brands.raise_knowledge_revision(connection, brand_id)
        return await self._make_stale(connection, plan, now)

    async def _outdated(self, connection: Connection, plan: _Plan) -> dict[str, str]:
        """Drafts that wait for a human and cite what is in force no longer, or says otherwise."""
        stored = {(p.id, p.version): p for p in plan.policy}
        brand_id = plan.wanted.brand_id
        brand = plan.wanted.brand or await self._shelves.brands.get(connection, brand_id)
        today = brand.today(self._now())
        return {
            draft.draft_id: reason
            for draft in await self._shelves.citing.open(connection, brand_id)
            if (reason := outdated(draft.cited, stored, today))
        }

    async def _make_stale(self, connection: Connection, plan: _Plan, now: datetime) -> int:
        reasons = await self._outdated(connection, plan)
        made = await self._shelves.citing.make_stale(connection, reasons, now)
        for draft_id in made:
            await self._shelves.outbox.add(
                connection,
                brand_id=plan.wanted.brand_id,
                topic="draft.stale",
                payload={"draft_id": draft_id},
                now=now,
            )
        return len(made)

    async def _note(self, connection: Connection, plan: _Plan, actor: str, now: datetime) -> None:
        kinds = {kind.value: len(rows) for kind, rows in plan.diff.policy.by_kind()}
        await self._shelves.audit.add(
            connection,
            at=now,
            actor=actor,
            action="brand.imported" if plan.diff.any else "brand.reindexed",
            subject=plan.wanted.brand_id,
            brand_id=plan.wanted.brand_id,
            details={
                "policy": len(plan.policy),
                "past_replies": len(plan.past_replies),
                "policy_changes": kinds,
            },
        )

    async def _remember(
        self,
        connection: Connection,
        once: Idempotency,
        result: ImportResult,
        actor: str,
        now: datetime,
    ) -> None:
        subject = await self._shelves.imports.add(connection, result, actor=actor, now=now)
        await self._shelves.keys.remember(connection, once, subject, now)


def _settings_change(before: Brand | None, after: Brand | None) -> ChangeKind:
    if after is None or before == after:
        return ChangeKind.UNCHANGED
    return ChangeKind.ADDED if before is None else ChangeKind.CHANGED
