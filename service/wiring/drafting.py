"""Searching, drafting, checking and review, and what everything else is built from as well."""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property
from uuid import uuid4

from service.drafting.checking import ReplyChecker
from service.drafting.drafter import Drafter
from service.drafting.judge import judge_of
from service.drafting.service import DraftService
from service.drafting.stored import DraftStore
from service.embedding.complaints import ComplaintEncoder
from service.embedding.embedder import Embedder
from service.followup.routing import Routing
from service.guards.pool import GuardPool
from service.guards.reader import Reader
from service.knowledge.embedding_work import EmbeddingWork
from service.knowledge.intake import Intake, Shelves
from service.knowledge.library import Library
from service.knowledge.meaning import Meaning
from service.knowledge.reranking import Reranking, reranker_of
from service.knowledge.retriever import Retriever
from service.knowledge.search_models import OlderModels, SearchModel, search_model
from service.knowledge.searching import PieceSearch
from service.llm.client import ChatModel
from service.review.examples import Examples
from service.review.keys import KeyService
from service.review.service import Records, ReviewService
from service.review.style_notes import StyleNotes
from service.settings import EmbeddingSettings, Settings
from service.store.brands import BrandRepository
from service.store.commitments import CommitmentRepository
from service.store.draft_lists import DraftLists
from service.store.drafts import DraftRepository
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
from service.store.vectors import VectorSearch
from service.triage.post_reader import PostReader
from service.triage.triager import Triager


class Wiring:
    """Everything over one database; what is named here is built on first use and then shared."""

    def __init__(
        self,
        settings: Settings,
        *,
        database: Database,
        model: ChatModel,
        now: Callable[[], datetime],
    ) -> None:
        self.settings = settings
        self.database = database
        self.model = model
        self.now = now
        # Triage, quotes and checks were measured with the bundled embedding, whatever searches
        # go by.
        self.embedder = Embedder(EmbeddingSettings())
        self.brands = BrandRepository()
        self.known = KnowledgeRepository()
        self.threads = ThreadRepository()
        self.drafted = DraftRepository()
        self.promised = CommitmentRepository()
        self.resolutions = ResolutionRepository()
        self.style_notes = StyleNoteRepository()
        self.waiting = QueueRepository()
        self.handed_over = HandOverRepository()
        self.reported = ReportRepository()
        self.outbox = Outbox()
        self.audit = AuditLog()
        self.requests = IdempotencyRepository()
        self.fulltext = FullTextSearch()

    @cached_property
    def complaints(self) -> ComplaintEncoder:
        return ComplaintEncoder()

    @cached_property
    def reader(self) -> Reader:
        return Reader(self.embedder)

    @cached_property
    def guards(self) -> GuardPool:
        return GuardPool(self.reader, judge=judge_of(self.settings.checks, self.model))

    @cached_property
    def triager(self) -> Triager:
        return Triager(embedder=self.embedder, reader=PostReader(), now=self.now)

    @cached_property
    def searched(self) -> SearchModel:
        return search_model(self.settings.embedding, self.settings.llm, bundled=self.embedder)

    @cached_property
    def shelves(self) -> Shelves:
        return Shelves(
            brands=self.brands,
            knowledge=self.known,
            index=SearchIndex(self.fulltext),
            audit=self.audit,
            outbox=self.outbox,
            keys=self.requests,
        )

    @cached_property
    def library(self) -> Library:
        return library(self.database, self.shelves, self.searched, self.now)

    @cached_property
    def retriever(self) -> Retriever:
        settings = self.settings
        return Retriever(
            database=self.database,
            meaning=Meaning(
                present=self.searched,
                older=OlderModels(settings.embedding, settings.llm),
                complaints=self.complaints,
            ),
            brands=self.brands,
            index=self.shelves.index,
            knowledge=self.known,
            pieces=PieceSearch(vectors=vector_search(self.database), fulltext=self.fulltext),
            reranking=Reranking(reranker_of(settings.retrieval, settings.llm)),
            settings=settings.retrieval,
        )

    @cached_property
    def drafter(self) -> Drafter:
        return Drafter(
            embedder=self.embedder,
            triager=self.triager,
            retriever=self.retriever,
            model=self.model,
            guards=self.guards,
            settings=self.settings,
            now=self.now,
        )

    @cached_property
    def store(self) -> DraftStore:
        drafting = self.settings.drafting
        return DraftStore(
            database=self.database,
            brands=self.brands,
            knowledge=self.known,
            threads=self.threads,
            drafts=self.drafted,
            leases=LeaseRepository(),
            lists=DraftLists(),
            notes=self.style_notes,
            routing=self.routing,
            keys=self.requests,
            outbox=self.outbox,
            audit=self.audit,
            now=self.now,
            lease=timedelta(seconds=drafting.lease_s),
            recent_limit=drafting.recent_replies,
            owner=f"{os.getpid()}-{uuid4().hex[:8]}",
        )

    @cached_property
    def routing(self) -> Routing:
        return Routing(queue=self.waiting, hand_overs=self.handed_over)

    def drafts(self) -> DraftService:
        drafting = self.settings.drafting
        return DraftService(
            store=self.store,
            drafter=self.drafter,
            lease_s=drafting.lease_s,
            max_claims=drafting.max_claims,
        )

    def checker(self) -> ReplyChecker:
        return ReplyChecker(
            store=self.store,
            embedder=self.embedder,
            triager=self.triager,
            retriever=self.retriever,
            guards=self.guards,
            now=self.now,
        )

    @cached_property
    def notes(self) -> StyleNotes:
        return StyleNotes(
            database=self.database,
            brands=self.brands,
            notes=self.style_notes,
            keys=self.requests,
            audit=self.audit,
            now=self.now,
        )

    def review(self) -> ReviewService:
        records = Records(
            brands=self.brands,
            drafts=self.drafted,
            decisions=DecisionRepository(),
            commitments=self.promised,
            keys=self.requests,
            outbox=self.outbox,
            audit=self.audit,
        )
        return ReviewService(
            database=self.database,
            records=records,
            guards=self.guards,
            notes=self.notes,
            now=self.now,
        )

    def examples(self) -> Examples:
        return Examples(
            database=self.database,
            library=self.library,
            drafts=self.drafted,
            marks=ExampleMarkRepository(),
            keys=self.requests,
            audit=self.audit,
            now=self.now,
        )

    def keys(self) -> KeyService:
        return KeyService(
            database=self.database,
            keys=KeyRepository(),
            brands=self.brands,
            audit=self.audit,
            now=self.now,
        )


def vector_search(database: Database) -> VectorSearch:
    """Inside PostgreSQL where there is one, in this process's memory otherwise."""
    if not database.on_server:
        return NumpyVectorSearch()
    from service.store.pgvector import PgVectorSearch

    return PgVectorSearch(database)


def library(
    database: Database, shelves: Shelves, model: SearchModel, now: Callable[[], datetime]
) -> Library:
    """What brands know, with the way in to it."""
    work = EmbeddingWork(database=database, model=model, finished=shelves.finished, now=now)
    intake = Intake(database=database, shelves=shelves, work=work, now=now)
    return Library(database=database, shelves=shelves, intake=intake)
