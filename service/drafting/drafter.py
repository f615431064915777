"""From a case to a checked draft: triage, retrieve, render, complete, check, revise. No writes."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from service.domain.brand import Brand
from service.domain.checks import CheckReport
from service.domain.draft import DraftContent, DraftStatus
from service.domain.knowledge import Evidence
from service.domain.thread import READABLE_CHARS, Case, Complaint
from service.domain.triage import MoveKind, Triage
from service.drafting.holding import HoldingReply
from service.drafting.job import Check, Drafted, Job, Way
from service.drafting.outcome import blocked, drafted, held, nothing_to_send, unasked
from service.drafting.own_words import in_our_words
from service.drafting.priming import nothing_known
from service.drafting.profile import profile_for, require_prompt
from service.drafting.provenance import provenance_of
from service.drafting.quoting import quoted_rule
from service.drafting.sections import SectionWriter
from service.drafting.stages import OnStage, Stage, Stopwatch, ignore_stages
from service.drafting.turned_down import allowed, is_again, with_reasons
from service.drafting.writing import Writer, Written
from service.embedding.embedder import Embedder, TextVectors
from service.errors import InvalidInput, ModelError, NotFound
from service.followup.unasked import UNASKED
from service.guards.pool import GuardPool
from service.knowledge.query import query_for
from service.knowledge.retriever import Retriever
from service.llm.client import ChatModel, ChatRequest
from service.prompting.rendering import PromptInput, render
from service.settings import Settings
from service.triage.triager import Triager

_QUOTED_CHARS, _REST_CHARS = 360, 150


class Drafter:
    """The production path, which evals run too."""

    def __init__(
        self,
        *,
        embedder: Embedder,
        triager: Triager,
        retriever: Retriever,
        model: ChatModel,
        guards: GuardPool,
        settings: Settings,
        now: Callable[[], datetime],
    ) -> None:
        self._embedder = embedder
        self._triager = triager
        self._retriever = retriever
        self._model = model
        self._guards = guards
        self._settings = settings
        self._now = now

    async def draft(self, job: Job, on_stage: OnStage) -> Drafted:
        """A draft of this case; only a bug or a broken setting raises."""
        way = await self._begin(job, on_stage)
        if way.triage.move.kind is MoveKind.NO_REPLY:
            return self._finish(way, nothing_to_send(way.triage, way.language), Written())
        written, reason = await self._write(way)
        best = written.best
        if best is not None and not best.is_stopped:
            outcome = drafted(
                way.triage,
                way.language,
                replace(best, report=allowed(best.report)),
                calendar=job.brand.calendar,
                now=way.started,
                evidence=way.evidence,
            )
            return self._finish(way, outcome, written)
        reason = reason or written.error or "every attempt was blocked by the checks"
        return await self._hold(way, written, reason)

    async def triage(self, job: Job) -> Triage:
        """How a draft of this job would read its post; nothing is drafted."""
        return await self._read(job, TextVectors(self._embedder))

    async def given(self, case: Case, brand: Brand) -> PromptInput:
        """What a prompt may show of this case, after the same triage and retrieval as a draft."""
        return self._given(await self._begin(Job(case=case, brand=brand), ignore_stages))

    def require_possible(self, case: Case) -> None:
        """Refuse options that no draft can be made with, before anything is stored."""
        try:
            require_prompt(self._settings, case)
        except NotFound as exc:
            raise InvalidInput(str(exc)) from exc

    async def prime(self, brand: Brand) -> None:
        """Let a local server read this brand's stable beginning before the first complaint comes.

        It keeps what it has read, so the first draft waits for its own words only.
        """
        case = Case(complaint=Complaint(text="-"))
        profile = profile_for(self._settings, case, brand)
        if not profile.is_small:
            return
        prompt = render(profile.template, nothing_known(brand, case))
        with contextlib.suppress(ModelError):
            await self._model.complete(ChatRequest(messages=prompt.messages, max_tokens=1))

    async def _begin(self, job: Job, on_stage: OnStage) -> Way:
        watch, vectors = Stopwatch(on_stage), TextVectors(self._embedder)
        profile = profile_for(self._settings, job.case, job.brand).again(len(job.rejections))
        with watch.at(Stage.TRIAGE):
            triage = await self._read(job, vectors)
        language = job.brand.answer_language(triage.language)
        way = Way(job, vectors, watch, self._now(), profile, triage, language)
        if triage.move.kind is not MoveKind.NO_REPLY:
            with watch.at(Stage.RETRIEVE):
                way.evidence = await self._retrieve(way)
                way.superseded = await self._retriever.superseded(job.brand, way.today)
        return way

    async def _read(self, job: Job, vectors: TextVectors) -> Triage:
        return await self._triager.triage(job.case, job.brand, vectors, came_at=job.came_at)

    async def _retrieve(self, way: Way) -> Evidence:
        query = query_for(way.job.case, way.triage, language=way.language, today=way.today)
        return await self._retriever.retrieve(way.job.brand, query)

    async def _write(self, way: Way) -> tuple[Written, str | None]:
        """What the model wrote, or the reason for not asking it."""
        if len(way.job.case.complaint.text) > READABLE_CHARS:
            return Written(), f"the complaint is longer than {READABLE_CHARS:,} characters"
        refusal = way.profile.refusal(way.language, way.triage.move.kind, way.triage.sensitivities)
        if refusal is not None:
            return Written(), f"{refusal}; AMENDS_LLM__MODEL names another"
        writer = Writer(
            model=self._model,
            profile=way.profile,
            given=self._given(way),
            check=await self._check(way, way.job.recent_replies),
            watch=way.watch,
            model_name=way.job.case.options.model,
            deadline=way.started + timedelta(seconds=self._settings.drafting.deadline_s),
            now=self._now,
        )
        if way.profile.template.first_sentence:
            writer = SectionWriter(
                **vars(writer), rule=await self._rule(way), rejections=way.job.rejections
            )
        return await writer.write(revisions=self._settings.drafting.revisions), None

    async def _rule(self, way: Way) -> str | None:
        """Policy in its own words, as far as the channel leaves room beside the rest."""
        case = way.job.case
        room = self._given(way).max_chars - _REST_CHARS
        return await quoted_rule(
            way.evidence,
            way.triage,
            case.complaint.text,
            way.vectors,
            limit=min(_QUOTED_CHARS, room),
        )

    def _given(self, way: Way) -> PromptInput:
        job, understands = way.job, not way.profile.is_small
        return PromptInput(
            brand=job.brand,
            case=with_reasons(job.case, job.rejections) if understands else job.case,
            triage=way.triage,
            evidence=way.evidence,
            language=way.language,
            max_chars=job.case.options.max_chars or job.brand.max_chars(job.case.channel),
            overdue=job.case.due is not None and job.case.due.due_at <= way.started,
            notes=way.notes,
        )

    async def _check(self, way: Way, recent: Sequence[str]) -> Check:
        guard = await self._guards.of(way.job.brand)
        return Check(guard, way, tuple(recent))

    async def _hold(self, way: Way, written: Written, reason: str) -> Drafted:
        """Our own words where they pass the checks, or, where none do, a blocked draft."""
        job = way.job
        with way.watch.at(Stage.HOLD, reason):
            variants = in_our_words(
                job.brand,
                job.case,
                way.triage,
                language=way.language,
                recent=job.recent_holding,
                now=way.started,
            )
            variants.sort(key=lambda one: is_again(one.text, job.rejections))
            fitting = await self._first_fitting(way, variants)
        if fitting is None:
            return self._finish(way, blocked(way.triage, way.language, written, reason), written)
        ending = unasked if way.triage.move.kind in UNASKED else held
        content = ending(way.triage, way.language, *fitting, reason=reason)
        return self._finish(way, content, written)

    async def _first_fitting(
        self, way: Way, variants: Sequence[HoldingReply]
    ) -> tuple[HoldingReply, CheckReport] | None:
        unasked_for = way.triage.move.kind in UNASKED
        neighbours = (way.job.recent_replies if unasked_for else way.job.recent_holding)[:1]
        check = replace(await self._check(way, neighbours), written_ahead=True)
        for variant in variants:
            report = await check(variant.text)
            if not report.blocks:
                return variant, report
        return None

    def _finish(
        self, way: Way, outcome: tuple[DraftStatus, DraftContent], written: Written
    ) -> Drafted:
        status, content = outcome
        model = written.best.attempt.model if written.best else self._model.name
        notes = way.notes if written.messages else ()
        provenance = provenance_of(
            way.profile, way.job.brand, model, self._settings, self._retriever.embedding, notes
        )
        content = content.model_copy(
            update={
                "evidence": way.evidence,
                "attempts": written.attempts,
                "provenance": provenance,
                "timings": way.watch.timings,
            }
        )
        return Drafted(status, content, way.snapshot(written, notes))
