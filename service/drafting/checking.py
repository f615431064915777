"""Check a reply that somebody else wrote, by the same guard that checks our own."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from service.domain.brand import Brand
from service.domain.checks import CheckReport
from service.domain.thread import ReplyToCheck
from service.domain.triage import Triage
from service.drafting.in_play import InPlay, led_to, looked_up
from service.drafting.stored import DraftStore
from service.embedding.embedder import Embedder, TextVectors
from service.guards.context import CheckContext
from service.guards.pool import GuardPool
from service.knowledge.retriever import Retriever
from service.triage.triager import Triager


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
        today = brand.today(self._now())
        in_play = await self._in_play(asked, brand, triage, today)
        context = CheckContext(
            reply=asked.reply,
            case=asked,
            brand=brand,
            language=brand.answer_language(triage.language),
            move=triage.move.kind,
            policy=in_play.policy,
            echoed=in_play.echoed,
            superseded=await self._retriever.superseded(brand, today),
            kind=triage.kind,
            issues=triage.issues,
            sensitivities=triage.sensitivities,
            recent_replies=recent,
        )
        if asked.policy_ids is None:
            found = await looked_up(in_play, context, retriever=self._retriever, today=today)
            context = replace(context, policy=found.policy, echoed=found.echoed)
        return await (await self._guards.of(brand)).check(context)

    async def _in_play(
        self, asked: ReplyToCheck, brand: Brand, triage: Triage, today: date
    ) -> InPlay:
        if asked.policy_ids is not None:
            return InPlay(await self._retriever.passages(brand, asked.policy_ids, today))
        return await led_to(asked, brand, triage, retriever=self._retriever, today=today)
