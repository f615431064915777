from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime

import pytest

from service.bootstrap import Services, open_services
from service.llm.scripted import Answer, ScriptedChatModel
from service.settings import Settings
from tests.both import database
from tests.factories import LAMPS, PAST, POLICY

__all__ = ["database"]
NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)


class FixedClock:
    """A clock that moves only when told to."""

    def __init__(self) -> None:
        self.time = NOW

    def __call__(self) -> datetime:
        return self.time


Opening = Callable[..., AbstractAsyncContextManager[tuple[Services, ScriptedChatModel]]]


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def opened(settings: Settings, clock: FixedClock) -> Opening:
    """Services over a scripted model, with the lamp shop imported."""

    @asynccontextmanager
    async def opening(
        answers: Sequence[Answer] = (), *, delay_s: float = 0.0, chosen: Settings | None = None
    ) -> AsyncIterator[tuple[Services, ScriptedChatModel]]:
        model = ScriptedChatModel(answers, repeat_last=bool(answers), delay_s=delay_s)
        async with open_services(chosen or settings, model=model, now=clock) as services:
            await services.library.replace(LAMPS, policy=POLICY, past_replies=PAST, actor="test")
            yield services, model

    return opening
