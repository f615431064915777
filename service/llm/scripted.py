"""A chat model that answers from a script, for tests of everything above the adapter."""

import asyncio
from collections.abc import Callable, Sequence

from service.domain.draft import Usage
from service.llm.client import ChatRequest, Completion

Answer = str | Exception | Callable[[ChatRequest], str]


class ScriptedChatModel:
    """Gives `answers` in turn and keeps the `requests` it was asked."""

    def __init__(
        self,
        answers: Sequence[Answer],
        name: str = "scripted",
        *,
        delay_s: float = 0.0,
        repeat_last: bool = False,
    ) -> None:
        self.requests: list[ChatRequest] = []
        self._answers = tuple(answers)
        self._name = name
        self._delay_s = delay_s
        self._repeat_last = repeat_last

    def replace(self, answers: Sequence[Answer], *, delay_s: float | None = None) -> None:
        """Go on with another script."""
        self._answers = tuple(answers)
        self._delay_s = self._delay_s if delay_s is None else delay_s
        self.requests.clear()

    @property
    def name(self) -> str:
        """The name given to the script."""
        return self._name

    async def complete(self, request: ChatRequest) -> Completion:
        """Give the next answer, or raise it when it is an exception."""
        answer = self._next()
        self.requests.append(request)
        await asyncio.sleep(self._delay_s)
        if isinstance(answer, Exception):
            raise answer
        text = answer if isinstance(answer, str) else answer(request)
        model = request.model or self._name
        return Completion(text=text, model=model, usage=Usage(), seconds=self._delay_s)

    async def ready(self) -> str | None:
        """Say that a script can always answer."""
        return None

    async def aclose(self) -> None:
        """Let go of nothing."""

    def _next(self) -> Answer:
        place = len(self.requests)
        if place < len(self._answers):
            return self._answers[place]
        if self._repeat_last and self._answers:
            return self._answers[-1]
        raise AssertionError(f"the script of {self._name} ran out after {place} answers")
