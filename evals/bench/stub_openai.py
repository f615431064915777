"""A loopback stub of the OpenAI protocol, chat and embeddings, that does what a test tells it to.

with StubOpenAi(answer("Hello")) as stub:
    ...  # point a client at stub.base_url, then look at stub.requests
"""

import json
import re
import threading
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

import numpy as np

Body = dict[str, Any]
Behaviour = Callable[["Exchange"], None]


class Exchange:
    """One request with the means to answer it."""

    def __init__(self, handler: BaseHTTPRequestHandler, body: Body) -> None:
        self.body = body
        self.path = handler.path
        self._handler = handler

    def send(self, status: int, content: bytes, headers: Mapping[str, str] | None = None) -> None:
        """Send a whole HTTP answer."""
        self._handler.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self._handler.send_header(name, value)
        self._handler.send_header("Content-Length", str(len(content)))
        self._handler.end_headers()
        self._handler.wfile.write(content)

    def hang_up(self) -> None:
        """Close the connection without an answer."""
        self._handler.close_connection = True


def answer(
    text: str | Callable[[Body], str] | None,
    *,
    finish: str = "stop",
    prompt_tokens: int = 11,
    completion_tokens: int = 7,
) -> Behaviour:
    """Answer with `text`, or with what `text` makes of the request body."""

    def behave(exchange: Exchange) -> None:
        content = text(exchange.body) if callable(text) else text
        message = {"role": "assistant", "content": content}
        usage = {"prompt_tokens": prompt_tokens, "completion_tokens": completion_tokens}
        reply = {
            "id": "stub",
            "object": "chat.completion",
            "created": 1,
            "model": exchange.body.get("model", "stub"),
            "choices": [{"index": 0, "message": message, "finish_reason": finish}],
            "usage": {**usage, "total_tokens": prompt_tokens + completion_tokens},
        }
        exchange.send(200, json.dumps(reply).encode())

    return behave


def by_words(text: str, numbers: int = 64) -> list[float]:
    """A vector that lies near those of texts with the same words."""
    seeds = [zlib.crc32(word.encode()) for word in re.findall(r"\w{3,}", text.lower())] or [0]
    rows = [np.random.default_rng(seed).normal(size=numbers) for seed in seeds]
    return [round(float(number), 4) for number in np.sum(rows, axis=0)]


def embeddings(vector: Callable[[str], Sequence[float]] = by_words) -> Behaviour:
    """Answer with a vector for each text, to Ollama's clients as Ollama does."""

    def behave(exchange: Exchange) -> None:
        texts: list[str] = exchange.body["input"]
        vectors, used = [list(vector(text)) for text in texts], sum(map(len, texts)) // 4
        if exchange.path == "/api/embed":
            theirs = {"embeddings": vectors, "prompt_eval_count": used}
            exchange.send(200, json.dumps(theirs).encode())
            return
        rows = [
            {"object": "embedding", "index": place, "embedding": one}
            for place, one in enumerate(vectors)
        ]
        reply = {
            "object": "list",
            "data": rows,
            "model": exchange.body.get("model", "stub"),
            "usage": {"prompt_tokens": used, "total_tokens": used},
        }
        exchange.send(200, json.dumps(reply).encode())

    return behave


def status(
    code: int,
    *,
    message: str | None = None,
    kind: str = "stub_error",
    headers: Mapping[str, str] | None = None,
) -> Behaviour:
    """Answer with an HTTP error; without a `message` it echoes the request, as some providers."""

    def behave(exchange: Exchange) -> None:
        sent = exchange.body.get("messages") or exchange.body.get("input")
        words = message if message is not None else json.dumps(sent)
        error = {"message": words, "type": kind, "code": kind}
        exchange.send(code, json.dumps({"error": error}).encode(), headers)

    return behave


def delayed(seconds: float, then: Behaviour) -> Behaviour:
    """Wait, then do the other thing."""

    def behave(exchange: Exchange) -> None:
        time.sleep(seconds)
        then(exchange)

    return behave


def hang_up() -> Behaviour:
    """Close the connection without a word."""
    return lambda exchange: exchange.hang_up()


def garbage(body: bytes = b"<html>no model here</html>") -> Behaviour:
    """Answer 200 with something that is no chat completion."""
    return lambda exchange: exchange.send(200, body)


def half_json(text: str = '{"reply": "We are very sor') -> Behaviour:
    """Answer with JSON that ran into the token limit."""
    return answer(text, finish="length")


def filtered(text: str = "") -> Behaviour:
    """Answer as a provider does whose content filter cut in."""
    return answer(text, finish="content_filter")


def without_schema(then: Behaviour) -> Behaviour:
    """Decline any request for a structured answer, else do the other thing."""

    def behave(exchange: Exchange) -> None:
        declined = status(400, message="response_format is not supported")
        (declined if "response_format" in exchange.body else then)(exchange)

    return behave


class StubOpenAi:
    """A server on a free loopback port; behaves as told in turn and repeats the last behaviour."""

    def __init__(self, *behaviours: Behaviour) -> None:
        self.requests: list[Body] = []
        self.headers: list[dict[str, str]] = []
        self.health: tuple[int, bytes] = (200, b'{"status":"ok"}')
        self.most_at_once = 0
        self._at_once = 0
        self._behaviours = list(behaviours) or [answer("Hello")]
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler_class())
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    @property
    def address(self) -> str:
        """`http://127.0.0.1:PORT`."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def base_url(self) -> str:
        """The address that an OpenAI client wants, with `/v1`."""
        return f"{self.address}/v1"

    def then(self, *behaviours: Behaviour) -> None:
        """Behave so from now on; forgets what was planned."""
        with self._lock:
            self._behaviours = list(behaviours)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _begin(self, body: Body, headers: dict[str, str]) -> Behaviour:
        with self._lock:
            self.requests.append(body)
            self.headers.append(headers)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            last = len(self._behaviours) == 1
            return self._behaviours[0] if last else self._behaviours.pop(0)

    def _end(self) -> None:
        with self._lock:
            self._at_once -= 1

    def _handler_class(self) -> type[BaseHTTPRequestHandler]:
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                """Answer /health."""
                code, content = stub.health if self.path == "/health" else (404, b"{}")
                Exchange(self, {}).send(code, content)

            def do_POST(self) -> None:
                """Answer a request."""
                length = int(self.headers.get("Content-Length", 0))
                body: Body = json.loads(self.rfile.read(length))
                headers = {name.lower(): value for name, value in self.headers.items()}
                behave = stub._begin(body, headers)
                try:
                    behave(Exchange(self, body))
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True  # the client gave up waiting
                finally:
                    stub._end()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Stay silent."""

        return Handler
