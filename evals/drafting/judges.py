"""Judges as scorers: production's own judge asks a model about one failure at a time.

An answer that nobody can read, a refusal and a timeout are no verdict: the case is left out of that
judge's figure, and asked again next time.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from evals.drafting.cache import CachedChatModel, where
from evals.drafting.suite import alone
from evals.errors import EvalError
from service.bootstrap import chat_model, start_bundled
from service.drafting.judge import ModelJudge, read_answer
from service.errors import ModelRubbish
from service.guards.context import CheckContext
from service.guards.judging import JudgedFinding
from service.llm.client import ChatModel, ChatRequest, Completion
from service.prompting.judge_prompts import load_judge_prompt
from service.settings import ChecksSettings, Settings

PREFIX = "judge:"
"""How the assertions of judges are named: `judge:defensive`."""
START_S = 180.0
"""So long a model may take to load."""
# The time that a call may take is held below the cache: waiting for one's turn is none of it.
_PATIENCE_S = 24 * 3600.0


class FailureJudge:
    """Says of a reply whether it has one failure."""

    def __init__(self, failure: str, model: ChatModel) -> None:
        self.failure = failure
        self.prompt = load_judge_prompt(failure)
        self.model = model.name
        settings = ChecksSettings(
            judge="drafting model", judged=(failure,), judge_timeout_s=_PATIENCE_S
        )
        self._judge = ModelJudge(model, settings)

    @property
    def name(self) -> str:
        """The assertion's name."""
        return f"{PREFIX}{self.failure}"

    def applies(self, context: CheckContext) -> bool:
        """Whether there is anything to ask: without a rule none is contradicted."""
        return not self.prompt.needs_policy or bool(context.policy or context.superseded)

    async def finding(self, context: CheckContext) -> JudgedFinding | None:
        """The failure where there is one; EvalError where the model gave no answer."""
        judgement = await self._judge.judge(context, (self.failure,))
        if not judgement.complete:
            raise EvalError(f"{self.model} gave no answer on {self.failure} that can be read")
        return next(iter(judgement.findings), None)


def judges_of(failures: Sequence[str], model: ChatModel) -> tuple[FailureJudge, ...]:
    """One judge a failure."""
    return tuple(FailureJudge(failure, model) for failure in failures)


class AnsweringModel:
    """A chat model that answers in time and readably, or not at all.

    The cache stands above it, so that only what counts as an answer is kept.
    """

    def __init__(self, model: ChatModel, timeout_s: float) -> None:
        self._model = model
        self._timeout_s = timeout_s

    @property
    def name(self) -> str:
        """The model behind."""
        return self._model.name

    async def complete(self, request: ChatRequest) -> Completion:
        """The answer; a ModelError where there is none."""
        asked = replace(request, timeout_s=self._timeout_s)
        completion = await self._model.complete(asked)
        if read_answer(completion.text) is None:
            raise ModelRubbish(f"{self.name} answered a judge's question in prose")
        return completion

    async def ready(self) -> str | None:
        """As the model behind says."""
        return await self._model.ready()

    async def aclose(self) -> None:
        """Close the model behind."""
        await self._model.aclose()


@asynccontextmanager
async def judge_model(
    name: str, settings: Settings, *, per_minute: int | None = None
) -> AsyncIterator[CachedChatModel]:
    """The model that judges, and only that one: no fallback answers in its name."""
    chosen = settings.model_copy(update={"llm": alone(name, settings.llm)})
    server = start_bundled(chosen)
    try:
        if server is not None:
            await asyncio.to_thread(server.wait_ready, START_S)
        model = AnsweringModel(chat_model(chosen, server), settings.checks.judge_timeout_s)
        kept = settings.data_dir / "evals" / "answers"
        cached = CachedChatModel(model, kept, scope=where(chosen.llm), per_minute=per_minute)
        try:
            yield cached
        finally:
            await cached.aclose()
    finally:
        if server is not None:
            server.stop()
