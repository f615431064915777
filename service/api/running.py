"""The services of one process, opened and warmed behind a server that already answers.

Opening imports the database's libraries and warming loads the models; both take longer than a
health probe waits, so both happen in one background task that lives as long as the app.
"""

import asyncio
import contextlib
import importlib
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import structlog

from service.api.logs import where
from service.errors import AmendsError, ModelError
from service.prompting.sound import require_sound_prompts
from service.settings import Settings

if TYPE_CHECKING:
    from service.bootstrap import Services
    from service.llm.client import ChatModel
    from service.llm.local import LocalServer

log = structlog.get_logger(__name__)
_INDEX_AGAIN_S = 60.0
OpenModel = Callable[[Settings], "ChatModel"]


class Running:
    """Opens the services once and hands them to whoever waits for them."""

    def __init__(
        self, settings: Settings, open_model: OpenModel | None = None, *, warm_up: bool = True
    ) -> None:
        self._settings = settings
        self._open_model = open_model
        self._warms_up = warm_up
        self._settled = asyncio.Event()
        self._services: Services | None = None
        self._broken: Exception | None = None
        self._trouble: str | None = None

    async def services(self) -> "Services":
        """The services once they are open, or the error that kept them shut."""
        await self._settled.wait()
        if self._services is None:
            raise self._reason().with_traceback(None)
        return self._services

    async def missing(self) -> dict[str, str]:
        """What is not ready, part by part, in words; empty when all is."""
        if self._broken is not None:
            return {"start": _words(self._broken)}
        if self._services is None:
            return {"start": "opening the database"}
        found = await self._services.missing()
        return {**found, "warm_up": self._trouble} if self._trouble else found

    async def warnings(self) -> dict[str, str]:
        """What works less well than it could, part by part, in words."""
        return await self._services.warnings() if self._services is not None else {}

    async def live(self) -> None:
        """Open, warm up, then take over drafts of dead workers; runs until cancelled."""
        try:
            await asyncio.to_thread(importlib.import_module, "service.bootstrap")
            await asyncio.to_thread(require_sound_prompts)
            async with self._opened() as services:
                self._services = services
                self._settled.set()
                if self._warms_up and await self._warm_up(services):
                    await _together(
                        self._prime(services),
                        self._keep_indexed(services),
                        services.drafts.work(),
                        services.followups.work(),
                    )
                await asyncio.Event().wait()
        except Exception as exc:
            log.error("not_running", error=type(exc).__name__, words=_words(exc), where=where(exc))
            self._broken = exc
            self._settled.set()
        finally:
            self._services = None

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator["Services"]:
        from service.bootstrap import open_services

        model, server = self._model()
        try:
            async with open_services(self._settings, model=model) as services:
                yield services
        finally:
            if server is not None:
                await asyncio.to_thread(server.stop)

    def _model(self) -> "tuple[ChatModel, LocalServer | None]":
        """The model, with the bundled model's server where this process has to own one."""
        from service.bootstrap import chat_model, start_bundled

        if self._open_model is not None:
            return self._open_model(self._settings), None
        # Started from the event loop's thread: the server's life hangs on the thread that began it.
        server = start_bundled(self._settings)
        return chat_model(self._settings, server), server

    async def _warm_up(self, services: "Services") -> bool:
        """Load the models; where that fails, /readyz says so and nobody's draft is taken over."""
        try:
            await services.warm_up()
        except Exception as exc:
            log.error("not_warm", error=type(exc).__name__, words=_words(exc), where=where(exc))
            self._trouble = _words(exc)
            return False
        log.info("warm")
        return True

    async def _prime(self, services: "Services") -> None:
        """A head start and nothing more: drafts go well without it."""
        try:
            await services.prime()
        except Exception as exc:
            log.warning("not_primed", error=type(exc).__name__, where=where(exc))

    async def _keep_indexed(self, services: "Services") -> None:
        """Searches go on with the old index meanwhile, so a failure stops nothing else.

        A provider that is down is asked again later; what it gave by then is kept.
        """
        while isinstance(await self._index_failure(services), ModelError):  # noqa: ASYNC110 (a provider tells nobody)
            await asyncio.sleep(_INDEX_AGAIN_S)

    async def _index_failure(self, services: "Services") -> Exception | None:
        try:
            await services.keep_indexed()
        except Exception as exc:
            log.warning(
                "not_reindexed", error=type(exc).__name__, words=_words(exc), where=where(exc)
            )
            return exc
        return None

    def _reason(self) -> Exception:
        return self._broken or RuntimeError("the services are closed")


async def _together(*work: Coroutine[Any, Any, None]) -> None:
    """Run side by side; back only when each has let go of what it holds.

    `gather` is back as soon as the first is cancelled. A connection that the others still close
    would be cancelled a second time, and aiosqlite then waits for ever.
    """
    try:
        async with asyncio.TaskGroup() as group:
            for one in work:
                group.create_task(one)
    except ExceptionGroup as broken:
        raise broken.exceptions[0] from None


@asynccontextmanager
async def in_background(running: Running) -> AsyncIterator[None]:
    """Let the services live for as long as the block lasts."""
    loop = asyncio.get_running_loop()
    before = loop.get_exception_handler()
    loop.set_exception_handler(_log_stray)
    living = asyncio.create_task(running.live())
    try:
        yield
    finally:
        living.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await living
        loop.set_exception_handler(before)


def _log_stray(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """The loop's own handler writes an exception's words, which may be a customer's."""
    exc = context.get("exception")
    found = {"error": type(exc).__name__, "where": where(exc)} if exc else {}
    log.error("stray_exception", **found)


def _words(exc: Exception) -> str:
    """Our own errors may be read by anybody; of foreign ones only the type."""
    return str(exc) if isinstance(exc, AmendsError) else f"broke ({type(exc).__name__}): see log"
