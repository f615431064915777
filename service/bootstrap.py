"""The only wiring: what API, CLI, evals and tests all run on."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from service.drafting.checking import ReplyChecker
from service.drafting.drafter import Drafter
from service.drafting.judge import judge_of
from service.drafting.service import DraftService
from service.drafting.stored import DraftStore
from service.embedding.complaints import ComplaintEncoder
from service.embedding.embedder import Embedder
from service.followup.closing import Closing
from service.followup.commitments import Commitments
from service.followup.coverage import Coverage
from service.followup.deadlines import Deadlines
from service.followup.hand_over import HandOverRecords, HandOverService
from service.followup.knowing import Knowing
from service.followup.mention_writer import MentionRecords, MentionWriter
from service.followup.mentions import MentionService
from service.followup.period import Periods
from service.followup.queue import QueueService
from service.followup.reports import Reports
from service.followup.routing import Routing
from service.followup.work import Followups
from service.guards import guard
from service.guards.pool import GuardPool
from service.guards.reader import Reader
from service.knowledge.embedding_work import EmbeddingWork
from service.knowledge.intake import Intake, Shelves
from service.knowledge.library import Library
from service.knowledge.meaning import Meaning
from service.knowledge.reranking import Reranking, reranker_of
from service.knowledge.retriever import Retriever
from service.knowledge.search_models import OlderModels, SearchModel, is_here, search_model
from service.knowledge.searching import PieceSearch
from service.llm import litellm_client
from service.llm.client import ChatModel
from service.llm.endpoints import bundled_is_asked, endpoints
from service.llm.local import LocalServer
from service.llm.offline import OfflineChatModel
from service.review.examples import Examples
from service.review.keys import KeyService
from service.review.service import Records, ReviewService
from service.review.style_notes import StyleNotes
from service.settings import EmbeddingSettings, Settings
from service.store.brands import BrandRepository
from service.store.commitments import CommitmentRepository
from service.store.draft_lists import DraftLists
from service.store.drafts import DraftRepository
from service.store.due import DueRepository
from service.store.example_marks import ExampleMarkRepository
from service.store.fulltext import FullTextSearch
from service.store.hand_overs import HandOverRepository
from service.store.idempotency import IdempotencyRepository
from service.store.knowledge import KnowledgeRepository
from service.store.leases import LeaseRepository
from service.store.numpy_vectors import NumpyVectorSearch
from service.store.queue import QueueRepository
from service.store.records import (
    AuditLog,
    DecisionRepository,
    KeyRepository,
    Outbox,
)
from service.store.reports import ReportRepository
from service.store.resolutions import ResolutionRepository
from service.store.search_index import SearchIndex
from service.store.session import Database
from service.store.style_notes import StyleNoteRepository
from service.store.threads import ThreadRepository
from service.store.unanswered import UnansweredRepository
from service.store.vectors import VectorSearch
from service.triage.brand_finder import BrandFinder
from service.triage.post_reader import PostReader
from service.triage.triager import Triager

Clock = Callable[[], datetime]
PRIMED_BRANDS = 3
"""What the bundled server's cache of read prompts holds."""


def utc_now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


@dataclass
class Services:
    """Everything that an edge may call."""

    settings: Settings
    database: Database
    embedder: Embedder
    library: Library
    triager: Triager
    retriever: Retriever
    model: ChatModel
    guards: GuardPool
    complaints: ComplaintEncoder
    reader: Reader
    drafter: Drafter
    drafts: DraftService
    checker: ReplyChecker
    review: ReviewService
    notes: StyleNotes
    examples: Examples
    keys: KeyService
    queue: QueueService
    hand_overs: HandOverService
    commitments: Commitments
    closing: Closing
    knowing: Knowing
    mentions: MentionService
    followups: Followups
    coverage: Coverage
    reports: Reports
    now: Clock
    warm: bool = False

    async def warm_up(self) -> None:
        """Load what takes seconds to load; `missing` says how far it got."""
        await asyncio.to_thread(self._load)
        await self.retriever.warm_up()
        self.warm = True

    async def prime(self) -> None:
        """Once the model can answer, let it read the first brands' stable prompts ahead of time."""
        while await self.model.ready():  # noqa: ASYNC110 (another process, which tells nobody)
            await asyncio.sleep(0.5)
        for brand in (await self.library.all_brands())[:PRIMED_BRANDS]:
            await self.drafter.prime(brand)

    async def keep_indexed(self) -> None:
        """Bring brands that are indexed under another embedding model under the present one."""
        for brand_id in await self.library.to_reindex():
            await self.library.reindex(brand_id, actor="serve")

    async def warnings(self) -> dict[str, str]:
        """What works less well than it could, part by part, in words."""
        old = await self.library.old_indexes()
        search = [self._index_warning(brand, model) for brand, model in sorted(old.items())]
        if by_words := self.retriever.by_words:
            search.append(f"by words alone: {by_words}")
        found = {"search": "; ".join(search)} if search else {}
        if trouble := self.retriever.trouble:
            found["reranker"] = f"policy stays in its first order: {trouble}"
        return found

    def _index_warning(self, brand: str, model: str) -> str:
        here = is_here(model, self.settings.embedding)
        how = "with it" if here else "by words alone, since that model is not here any more"
        return (
            f"brand {brand} is indexed under {model!r} and searched {how} until it is re-indexed "
            "(in the background of `amends serve`, or by `amends brand reindex`)"
        )

    def _load(self) -> None:
        self.embedder.warm_up()
        self.complaints.warm_up()
        self.triager.warm_up()
        guard.warm_up(self.reader)
        if not isinstance(self.model, OfflineChatModel):
            litellm_client.warm_up()

    async def missing(self) -> dict[str, str]:
        """What is not ready yet, part by part, in words; empty when all is."""
        found: dict[str, str] = {}
        if not self.warm:
            found["warm_up"] = "loading the embedding model and the checks"
        if words := await self.model.ready():
            found["model"] = words
        return found


def start_bundled(settings: Settings) -> LocalServer | None:
    """The bundled model's server, owned by this process; None where it is not asked for."""
    if not bundled_is_asked(settings.llm):
        return None
    return LocalServer.start(settings.llm, settings.cache_dir)


def chat_model(settings: Settings, server: LocalServer | None) -> ChatModel:
    """The model that the settings name."""
    found = endpoints(settings.llm, bundled_url=server.base_url if server else None)
    return litellm_client.LitellmChatModel(settings.llm, models=found)


def vector_search(database: Database) -> VectorSearch:
    """Inside PostgreSQL where there is one, in this process's memory otherwise."""
    if not database.on_server:
        return NumpyVectorSearch()
    from service.store.pgvector import PgVectorSearch

    return PgVectorSearch(database)


def library(database: Database, shelves: Shelves, model: SearchModel, now: Clock) -> Library:
    """What brands know, with the way in to it."""
    work = EmbeddingWork(database=database, model=model, finished=shelves.finished, now=now)
    intake = Intake(database=database, shelves=shelves, work=work, now=now)
    return Library(database=database, shelves=shelves, intake=intake)


async def build_services(settings: Settings, *, model: ChatModel, now: Clock = utc_now) -> Services:
    """Wire everything; the database is created and migrated on the way."""
    database = Database(settings.database_url, pool_size=settings.database.pool_size)
    await database.migrate()
    # Triage, quotes and checks were measured with the bundled embedding, whatever searches go by.
    embedder = Embedder(EmbeddingSettings())
    searched = search_model(settings.embedding, settings.llm, bundled=embedder)
    reader = Reader(embedder)
    guards = GuardPool(reader, judge=judge_of(settings.checks, model))
    brands, knowledge, drafts = BrandRepository(), KnowledgeRepository(), DraftRepository()
    audit, outbox, once = AuditLog(), Outbox(), IdempotencyRepository()
    queue, hand_overs = QueueRepository(), HandOverRepository()
    routing = Routing(queue=queue, hand_overs=hand_overs)
    fulltext = FullTextSearch()
    shelves = Shelves(
        brands=brands,
        knowledge=knowledge,
        index=SearchIndex(fulltext),
        audit=audit,
        outbox=outbox,
        keys=once,
    )
    complaints = ComplaintEncoder()
    triager = Triager(embedder=embedder, reader=PostReader(), now=now)
    retriever = Retriever(
        database=database,
        meaning=Meaning(
            present=searched,
            older=OlderModels(settings.embedding, settings.llm),
            complaints=complaints,
        ),
        brands=brands,
        index=shelves.index,
        knowledge=knowledge,
        pieces=PieceSearch(vectors=vector_search(database), fulltext=fulltext),
        reranking=Reranking(reranker_of(settings.retrieval, settings.llm)),
        settings=settings.retrieval,
    )
    drafter = Drafter(
        embedder=embedder,
        triager=triager,
        retriever=retriever,
        model=model,
        guards=guards,
        settings=settings,
        now=now,
    )
    style_notes = StyleNoteRepository()
    store = DraftStore(
        database=database,
        brands=brands,
        knowledge=knowledge,
        threads=ThreadRepository(),
        drafts=drafts,
        leases=LeaseRepository(),
        lists=DraftLists(),
        notes=style_notes,
        routing=routing,
        keys=once,
        outbox=outbox,
        audit=audit,
        now=now,
        lease=timedelta(seconds=settings.drafting.lease_s),
        recent_limit=settings.drafting.recent_replies,
        owner=f"{os.getpid()}-{uuid4().hex[:8]}",
    )
    notes = StyleNotes(
        database=database, brands=brands, notes=style_notes, keys=once, audit=audit, now=now
    )
    shelf = library(database, shelves, searched, now)
    commitments = Commitments(
        database=database,
        brands=brands,
        commitments=CommitmentRepository(),
        threads=ThreadRepository(),
        drafts=drafts,
        outbox=outbox,
        audit=audit,
        now=now,
    )
    return Services(
        settings=settings,
        database=database,
        embedder=embedder,
        library=shelf,
        triager=triager,
        retriever=retriever,
        model=model,
        guards=guards,
        complaints=complaints,
        reader=reader,
        drafter=drafter,
        drafts=DraftService(
            store=store,
            drafter=drafter,
            lease_s=settings.drafting.lease_s,
            max_claims=settings.drafting.max_claims,
        ),
        checker=ReplyChecker(
            store=store,
            embedder=embedder,
            triager=triager,
            retriever=retriever,
            guards=guards,
            now=now,
        ),
        review=ReviewService(
            database=database,
            records=Records(
                brands=brands,
                drafts=drafts,
                decisions=DecisionRepository(),
                commitments=CommitmentRepository(),
                keys=once,
                outbox=outbox,
                audit=audit,
            ),
            guards=guards,
            notes=notes,
            now=now,
        ),
        notes=notes,
        examples=Examples(
            database=database,
            library=shelf,
            drafts=drafts,
            marks=ExampleMarkRepository(),
            keys=once,
            audit=audit,
            now=now,
        ),
        keys=KeyService(
            database=database, keys=KeyRepository(), brands=brands, audit=audit, now=now
        ),
        queue=QueueService(database=database, brands=brands, queue=queue, now=now),
        hand_overs=HandOverService(
            database=database,
            records=HandOverRecords(
                brands=brands,
                drafts=drafts,
                hand_overs=hand_overs,
                keys=once,
                outbox=outbox,
                audit=audit,
            ),
            routing=routing,
            now=now,
        ),
        commitments=commitments,
        closing=Closing(
            database=database,
            brands=brands,
            threads=ThreadRepository(),
            resolutions=ResolutionRepository(),
            drafts=drafts,
            keys=once,
            outbox=outbox,
            audit=audit,
            now=now,
        ),
        mentions=MentionService(
            database=database,
            brands=brands,
            finder=BrandFinder(embedder),
            writer=MentionWriter(
                records=MentionRecords(threads=ThreadRepository(), outbox=outbox, audit=audit),
                drafts=store,
                now=now,
            ),
            now=now,
        ),
        knowing=Knowing(
            database=database,
            threads=ThreadRepository(),
            resolutions=ResolutionRepository(),
            drafts=drafts,
            commitments=CommitmentRepository(),
            keys=once,
            audit=audit,
            now=now,
        ),
        coverage=Coverage(
            database=database,
            periods=Periods(brands=brands, now=now),
            reports=ReportRepository(),
            unanswered=UnansweredRepository(),
            now=now,
        ),
        reports=Reports(
            database=database,
            periods=Periods(brands=brands, now=now),
            reports=ReportRepository(),
            now=now,
        ),
        followups=Followups(
            [
                Deadlines(database=database, brands=brands, due=DueRepository(), outbox=outbox),
                commitments,
            ],
            now=now,
        ),
        now=now,
    )


@asynccontextmanager
async def open_services(
    settings: Settings, *, model: ChatModel | None = None, now: Clock = utc_now
) -> AsyncIterator[Services]:
    """Services for as long as the block lasts; without a model, everything but drafting works."""
    services = await build_services(settings, model=model or OfflineChatModel(), now=now)
    try:
        yield services
    finally:
        await services.drafts.drain()
        await services.model.aclose()
        if settings.embedding.provider_model or settings.retrieval.reranking_model:
            await litellm_client.close_connections()  # searches have some without any model
        await services.database.close()
