"""The life of the services behind the API, over services that only say when they end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from service.api.running import Running, in_background
from service.llm.scripted import ScriptedChatModel
from service.settings import Settings


class Worker:
    """Works until cancelled; one that is slow needs a moment to let go, as a transaction does."""

    def __init__(self, ended: list[str], name: str, *, slow: bool = False) -> None:
        self.started = asyncio.Event()
        self._ended = ended
        self._name = name
        self._slow = slow

    async def work(self) -> None:
        self.started.set()
        try:
            await asyncio.Event().wait()
        finally:
            if self._slow:
                await asyncio.sleep(0.01)
            self._ended.append(self._name)


async def nothing() -> None:
    """All that these services have to do elsewhere."""


@pytest.fixture
def ended() -> list[str]:
    return []


def services_with(
    monkeypatch: pytest.MonkeyPatch, ended: list[str], *, drafts: Any, followups: Any
) -> asyncio.Event:
    """Lets these be opened; the event is set once they are closed again."""
    closed = asyncio.Event()

    @asynccontextmanager
    async def opened(*_: Any, **__: Any) -> AsyncIterator[Any]:
        try:
            yield SimpleNamespace(
                drafts=drafts,
                followups=followups,
                warm_up=nothing,
                prime=nothing,
                keep_indexed=nothing,
            )
        finally:
            ended.append("services")
            closed.set()

    monkeypatch.setattr("service.bootstrap.open_services", opened)
    return closed


async def test_the_services_close_after_every_worker_has_let_go(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, ended: list[str]
) -> None:
    drafts, followups = Worker(ended, "drafts", slow=True), Worker(ended, "followups")
    services_with(monkeypatch, ended, drafts=drafts, followups=followups)
    async with in_background(Running(settings, lambda _: ScriptedChatModel([]))):
        await drafts.started.wait()
        await followups.started.wait()
    assert sorted(ended[:2]) == ["drafts", "followups"]
    assert ended[2:] == ["services"]


async def test_one_worker_that_breaks_ends_the_others(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, ended: list[str]
) -> None:
    class Broken:
        async def work(self) -> None:
            raise ZeroDivisionError

    followups = Worker(ended, "followups", slow=True)
    closed = services_with(monkeypatch, ended, drafts=Broken(), followups=followups)
    running = Running(settings, lambda _: ScriptedChatModel([]))
    async with in_background(running):
        await asyncio.wait_for(closed.wait(), 5)
        assert await running.missing() == {"start": "broke (ZeroDivisionError): see log"}
    assert ended == ["followups", "services"]
