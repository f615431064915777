"""Check a reply that somebody else wrote, by the same guard that checks our own."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from service.domain.brand import Brand
from service.domain.checks import CheckReport
from service.domain.knowledge import FoundPassage
from service.domain.thread import ReplyToCheck
from service.domain.triage import Triage
from service.drafting.stored import DraftStore
from service.embedding.embedder import Embedder, TextVectors
from service.guards.context import CheckContext
from service.guards.pool import GuardPool
from service.knowledge.query import query_for
from service.knowledge.retriever import Retriever
from service.triage.triager import Triager

_EACH = 4


class ReplyChecker:
    """`POST /v1/checks` and `amends check`."""

    def __init__(
        self,
        *,
        store: DraftStore,
        embedder: Embedder,
        triager: Triager,
        retriever: Retriever,
        guards: GuardPool,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._triager = triager
        self._retriever = retriever
        self._guards = guards
        self._now = now

    async def check(self, asked: ReplyToCheck, brand: Brand) -> CheckReport:
        """The report on the reply; what the caller left out is retrieved."""
        triage = await self._triager.triage(asked, brand, TextVectors(self._embedder))
        recent = asked.recent_replies
        if recent is None:
            recent = tuple(await self._store.recent_replies(brand.id))
        context = CheckContext(
            reply=asked.reply,
            case=asked,
            brand=brand,
            language=brand.answer_language(triage.language),
            move=triage.move.kind,
            policy=await self._policy(asked, brand, triage),
            superseded=await self._retriever.superseded(brand, self._now().date()),
            kind=triage.kind,
            issues=triage.issues,
            recent_replies=recent,
        )
        return await (await self._guards.of(brand)).check(context)

    async def _policy(
        self, asked: ReplyToCheck, brand: Brand, triage: Triage
    ) -> tuple[FoundPassage, ...]:
        today = self._now().date()
        if asked.policy_ids is not None:
            return await self._retriever.passages(brand, asked.policy_ids, today)
        # What the reply speaks of counts too: it is to be held against the rule it is about.
        needed = query_for(asked, triage, language=triage.language, today=today)
        spoken_of = replace(needed, points=(asked.reply,), told="")
        found: dict[tuple[str, str], FoundPassage] = {}
        for query in (needed, spoken_of):
            wanted = replace(query, policy=_EACH, past_replies=0)
            for passage in (await self._retriever.retrieve(brand, wanted)).policy:
                found.setdefault((passage.id, passage.version), passage)
        return tuple(found.values())
