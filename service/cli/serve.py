"""`amends serve`: the API, with the bundled model's server beside it."""

import os
import signal
import socket
import sys
import threading
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.opening import START_S, opening_of
from service.cli.printing import say

if TYPE_CHECKING:
    from service.llm.local import LocalServer
    from service.settings import LlmSettings, Settings

APP = "service.api.app:create_app"
SHUTDOWN_S = 10


def serve(
    ctx: typer.Context,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Worker processes.")] = None,
) -> None:
    """Serve the API until Ctrl-C.

    [dim]amends serve --host 0.0.0.0 --port 8080 --workers 2[/dim]
    """
    from service.prompting.sound import require_sound_prompts

    settings = opening_of(ctx).settings()
    require_sound_prompts()
    _require_free(host or settings.server.host, settings.server.port if port is None else port)
    signal.signal(signal.SIGTERM, _end)
    server = _start_bundled(settings)
    try:
        _listen(settings, host, port, workers)
    finally:
        if server is not None:
            server.stop()


def _require_free(host: str, port: int) -> None:
    """Say in words that the address is taken, before a model is started for nothing."""
    from service.errors import ConfigurationError

    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((host, port))
    except OSError as exc:
        raise ConfigurationError(
            f"cannot listen on {host}:{port} ({exc.strerror}): choose another with --port or --host"
        ) from exc


def _listen(settings: "Settings", host: str | None, port: int | None, workers: int | None) -> None:
    import uvicorn

    host = host or settings.server.host
    port = settings.server.port if port is None else port
    say(f"serving http://{host}:{port} (what it takes: /docs); Ctrl-C stops")
    uvicorn.run(
        APP,
        factory=True,
        host=host,
        port=port,
        workers=workers or settings.server.workers,
        log_level=settings.log_level.lower(),
        # Its lines hold query strings, and those hold customers' words.
        access_log=False,
        timeout_graceful_shutdown=SHUTDOWN_S,
    )


def _end(_: int, __: FrameType | None) -> None:
    """Uvicorn raises the signal again once it is done; without this it would kill us there."""
    sys.exit(0)


def _start_bundled(whole: "Settings") -> "LocalServer | None":
    """One server for all workers, which find its address in their environment.

    Not through `bootstrap`: importing it takes longer than a health probe waits.
    """
    from service.llm.endpoints import bundled_is_asked

    settings = whole.llm
    if not bundled_is_asked(settings):
        return None
    from service.llm.local import LocalServer

    server = LocalServer.start(settings, whole.cache_dir)
    _pass_on(server.base_url, settings)
    threading.Thread(target=_tell, args=(server,), daemon=True).start()
    return server


def _pass_on(address: str, settings: "LlmSettings") -> None:
    """As the model's address, or, where a provider comes first, only with the fallback's name."""
    from service.llm.endpoints import BUNDLED

    if settings.model == BUNDLED:
        os.environ["AMENDS_LLM__API_BASE"] = address
        return
    named = (f"{BUNDLED}@{address}" if name == BUNDLED else name for name in settings.fallbacks)
    os.environ["AMENDS_LLM__FALLBACKS"] = ",".join(named)


def _tell(server: "LocalServer") -> None:
    from service.errors import NotReady

    try:
        server.wait_ready(START_S, lambda words: say(f"bundled model: {words}"))
        say("bundled model: ready")
    except NotReady as exc:
        say(f"error: {exc}")
