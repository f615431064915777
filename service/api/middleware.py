"""Around every request: an id, one access line, a size limit, and no exception that gets out."""

import re
import time
from collections.abc import Callable
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.logs import where
from service.api.problems import internal_problem, problem_response, too_large

log = structlog.get_logger(__name__)

REQUEST_ID = "X-Request-Id"
_SANE_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")
_PROBES = frozenset({"/healthz", "/readyz"})
_TOO_LARGE = 413
_NO_ANSWER = 499


class Observed:
    """Gives each request its id and its access line; an unforeseen error becomes a 500.

    The error ends here: further out the server would log it with its words.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and tell how it went."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, send)
        with structlog.contextvars.bound_contextvars(request_id=exchange.request_id):
            try:
                await self._app(scope, receive, exchange.send)
            except Exception as exc:
                log.error("request_failed", error=type(exc).__name__, where=where(exc))
                await exchange.answer_internal(receive)
            finally:
                exchange.tell()


class _Exchange:
    """One request and what is known of its answer."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.request_id = _request_id(scope)
        self._scope = scope
        self._send = send
        self._started = time.perf_counter()
        self._status: int | None = None

    async def send(self, message: Message) -> None:
        """Add the id to the answer's headers."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
            MutableHeaders(scope=message)[REQUEST_ID] = self.request_id
        await self._send(message)

    async def answer_internal(self, receive: Receive) -> None:
        """A 500, unless the answer has begun: then it just ends."""
        if self._status is None:
            response = problem_response(internal_problem(self._scope["path"]))
            await response(self._scope, receive, self.send)

    def tell(self) -> None:
        """The access line: the route's template, so that no id or query is in it."""
        route = getattr(self._scope.get("route"), "path", None)
        line = log.debug if route in _PROBES else log.info
        line(
            "request",
            method=self._scope["method"],
            route=route,
            status=self._status or _NO_ANSWER,
            ms=round((time.perf_counter() - self._started) * 1000, 1),
        )


def _request_id(scope: Scope) -> str:
    sent = Headers(scope=scope).get(REQUEST_ID, "")
    return sent if _SANE_ID.fullmatch(sent) else uuid4().hex


class BodyLimit:
    """Refuses bodies over the limit, by their announced length or while they come in.

    `unless`: what is taken in while it comes is never held as a whole, and has no limit.
    """

    def __init__(
        self, app: ASGIApp, max_bytes: int, unless: Callable[[Scope], bool] = lambda _: False
    ) -> None:
        self._app = app
        self._max_bytes = max_bytes
        self._unless = unless

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on unless it is too large."""
        if scope["type"] == "http" and self._unless(scope):
            await self._app(scope, receive, send)
            return
        if scope["type"] == "http" and self._announced(scope) > self._max_bytes:
            await problem_response(too_large(scope["path"]))(scope, receive, send)
            return
        await self._app(scope, self._counted(receive), send)

    def _announced(self, scope: Scope) -> int:
        length = Headers(scope=scope).get("content-length", "0")
        return int(length) if length.isdecimal() else 0

    def _counted(self, receive: Receive) -> Receive:
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._max_bytes:
                raise HTTPException(_TOO_LARGE)
            return message

        return counted
