"""Ask the model, check what it wrote, ask again with the findings; the best text wins."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

from service.domain.checks import CheckReport
from service.domain.draft import Attempt, AttemptKind, ChatMessage, ReplyProposal
from service.domain.triage import Kind
from service.drafting.coverage import missed_issues
from service.drafting.profile import Profile
from service.drafting.stages import Stage, Stopwatch
from service.drafting.turned_down import says_again
from service.errors import ModelError, ModelRefused, ModelTimeout
from service.llm.client import ChatModel, ChatRequest, Completion
from service.llm.parsing import parse_proposal
from service.prompting.rendering import PromptInput, RenderedPrompt, render, render_revision
from service.text.fences import visible
from service.text.refusals import is_refusal

MIN_SECONDS = 3.0
"""With less time than this left, another call is not worth starting."""


@dataclass(frozen=True)
class Checked:
    """A proposal with its report."""

    proposal: ReplyProposal
    report: CheckReport
    attempt: Attempt
    missed: int

    @property
    def rank(self) -> tuple[int, int, int, int, int]:
        """Smaller is better: blocks, a text turned down before, warnings, issues not spoken to,
        then cited sentences."""
        report, again = self.report, self.again
        blocks = len(report.blocks) - again
        return blocks, again, len(report.warnings), self.missed, -len(report.citations)

    @property
    def again(self) -> bool:
        """Whether a person turned this very text down."""
        return any(map(says_again, self.report.blocks))

    @property
    def is_stopped(self) -> bool:
        """Whether a check blocks it, and not only that it was turned down before."""
        return self.rank[0] > 0


@dataclass(frozen=True)
class Written:
    """All attempts, the best one, and what went wrong where there is none."""

    best: Checked | None = None
    attempts: tuple[Attempt, ...] = ()
    messages: tuple[ChatMessage, ...] = ()
    error: str | None = None

    def with_attempt(self, made: "Checked | Attempt") -> "Written":
        """One attempt more; it becomes the best where it is better."""
        if isinstance(made, Attempt):
            return replace(self, attempts=(*self.attempts, made), error=made.error)
        better = self.best is None or made.rank < self.best.rank
        return replace(
            self,
            attempts=(*self.attempts, made.attempt),
            best=made if better else self.best,
        )


@dataclass(frozen=True, kw_only=True)
class Writer:
    """One draft's conversation with the model."""

    model: ChatModel
    profile: Profile
    given: PromptInput
    check: Callable[[str], Awaitable[CheckReport]]
    watch: Stopwatch
    model_name: str | None
    deadline: datetime
    now: Callable[[], datetime]

    async def write(self, *, revisions: int) -> Written:
        """Candidates until one is clean, then revisions while they help."""
        await self._model_ready()
        with self.watch.at(Stage.RENDER):
            prompt = render(self.profile.template, self.given)
        written = Written(messages=prompt.messages)
        for number in range(self.profile.sampling.candidates):
            written = written.with_attempt(
                await self._attempt(prompt, AttemptKind.CANDIDATE, number)
            )
            if self._is_clean(written) or self._seconds_left() < MIN_SECONDS:
                break
        return await self._revise(prompt, written, revisions)

    async def _revise(self, prompt: RenderedPrompt, written: Written, revisions: int) -> Written:
        """Each round must shrink the findings, else the rounds end."""
        for number in range(revisions):
            best = written.best
            if best is None or not best.report.blocks or self._seconds_left() < MIN_SECONDS:
                break
            findings = (*best.report.blocks, *best.report.warnings)
            asked = render_revision(
                self.profile.template,
                prompt,
                reply=best.proposal.reply,
                findings=findings,
                given=self.given,
            )
            # Another seed and more warmth than any candidate had, or it may say the same again.
            turn = self.profile.sampling.candidates + number
            written = written.with_attempt(await self._attempt(asked, AttemptKind.REVISION, turn))
            if written.best is best:
                break
        return written

    async def _attempt(
        self, prompt: RenderedPrompt, kind: AttemptKind, number: int
    ) -> Checked | Attempt:
        stage = Stage.REVISE if kind is AttemptKind.REVISION else Stage.COMPLETE
        completion: Completion | None = None
        try:
            with self.watch.at(stage, kind.value):
                completion = await self.model.complete(self._request(prompt, number))
                proposal = self._proposal(prompt, completion)
        except ModelError as exc:
            return _failed(kind, completion, str(exc))
        with self.watch.at(Stage.CHECK):
            report = await self.check(proposal.reply)
        attempt = Attempt(
            kind=kind,
            reply=proposal.reply,
            report=report,
            model=completion.model,
            usage=completion.usage,
            seconds=round(completion.seconds, 3),
        )
        return Checked(proposal, report, attempt, self._missed(proposal.reply))

    def _missed(self, reply: str) -> int:
        """Praise has no points to be missed."""
        triage = self.given.triage
        if triage.kind is Kind.COMPLIMENT:
            return 0
        return missed_issues(reply, triage.issues)

    def _request(self, prompt: RenderedPrompt, number: int) -> ChatRequest:
        sampling = self.profile.sampling
        left = self._seconds_left()
        if left <= 0:
            raise ModelTimeout("no time was left to ask the model")
        return ChatRequest(
            messages=prompt.messages,
            temperature=min(sampling.temperature + 0.2 * number, 1.0),
            max_tokens=sampling.max_tokens,
            schema=self.profile.schema,
            stop=prompt.stop,
            seed=None if sampling.seed is None else sampling.seed + number,
            model=self.model_name,
            timeout_s=left,
            turn=number,
        )

    def _proposal(self, prompt: RenderedPrompt, completion: Completion) -> ReplyProposal:
        text = prompt.whole(completion.text) if completion.text.strip() else ""
        proposal = parse_proposal(text, cut=completion.cut)
        if is_refusal(proposal.reply):
            raise ModelRefused("the model declined to write a reply")
        return proposal.model_copy(update={"reply": visible(proposal.reply).strip()})

    async def _model_ready(self) -> None:
        """A model that still loads is worth waiting for, as long as the deadline allows."""
        while await self.model.ready() and self._seconds_left() > MIN_SECONDS:  # noqa: ASYNC110
            await asyncio.sleep(0.25)

    def _is_clean(self, written: Written) -> bool:
        return written.best is not None and not any(written.best.rank[:4])

    def _seconds_left(self) -> float:
        return (self.deadline - self.now()).total_seconds()


def _failed(kind: AttemptKind, completion: Completion | None, error: str) -> Attempt:
    if completion is None:
        return Attempt(kind=kind, error=error)
    return Attempt(
        kind=kind,
        error=error,
        model=completion.model,
        usage=completion.usage,
        seconds=round(completion.seconds, 3),
    )
