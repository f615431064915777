"""What API, CLI, evals and tests all run on; `wiring` says how each part is built."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from service.drafting.checking import ReplyChecker
from service.drafting.drafter import Drafter
from service.drafting.service import DraftService
from service.embedding.complaints import ComplaintEncoder
from service.embedding.embedder import Embedder
from service.followup.closing import Closing
from service.followup.commitments import Commitments
from service.followup.coverage import Coverage
from service.followup.hand_over import HandOverService
from service.followup.knowing import Knowing
from service.followup.mentions import MentionService
from service.followup.queue import QueueService
from service.followup.reports import Reports
from service.followup.threads import Threads
from service.followup.work import Followups
from service.guards import guard
from service.guards.pool import GuardPool
from service.guards.reader import Reader
from service.knowledge.library import Library
from service.knowledge.retriever import Retriever
from service.knowledge.search_models import is_here
from service.llm import litellm_client
from service.llm.client import ChatModel
from service.llm.endpoints import bundled_is_asked, endpoints
from service.llm.local import LocalServer
from service.llm.offline import OfflineChatModel
from service.review.examples import Examples
from service.review.keys import KeyService
from service.review.service import ReviewService
from service.review.style_notes import StyleNotes
from service.settings import Settings
from service.store.session import Database
from service.triage.triager import Triager
from service.wiring.conversation import ConversationWiring
from service.wiring.drafting import Wiring

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
    threads: Threads
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


async def build_services(settings: Settings, *, model: ChatModel, now: Clock = utc_now) -> Services:
    """Wire everything; the database is created and migrated on the way."""
    database = Database(settings.database_url, pool_size=settings.database.pool_size)
    await database.migrate()
    wired = Wiring(settings, database=database, model=model, now=now)
    talk = ConversationWiring(wired)
    return Services(
        settings=settings,
        database=database,
        embedder=wired.embedder,
        library=wired.library,
        triager=wired.triager,
        retriever=wired.retriever,
        model=model,
        guards=wired.guards,
        complaints=wired.complaints,
        reader=wired.reader,
        drafter=wired.drafter,
        drafts=wired.drafts(),
        checker=wired.checker(),
        review=wired.review(),
        notes=wired.notes,
        examples=wired.examples(),
        keys=wired.keys(),
        queue=talk.queue(),
        hand_overs=talk.hand_overs(),
        commitments=talk.commitments,
        closing=talk.closing(),
        knowing=talk.knowing(),
        threads=talk.threads(),
        mentions=talk.mentions(),
        followups=talk.followups(),
        coverage=talk.coverage(),
        reports=talk.reports(),
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
