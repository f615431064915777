"""The bundled model's server as its owner sees it: started, asked how it is, stopped."""

import importlib.util
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from service.errors import ConfigurationError, NoModelConfigured, NotReady
from service.llm.bundled_file import (
    NO_MODEL,
    PartedModel,
    installed_parts,
    model_file,
    require_model,
    verify,
)
from service.llm.endpoints import bundled_name
from service.llm.local_server import ERROR, READY
from service.settings import LlmSettings

__all__ = ["LocalServer", "PartedModel", "installed_parts", "model_file", "verify"]

CONTEXT_TOKENS = 4096
_LOOPBACK = "127.0.0.1"
_STOP_S = 5.0
_POLL_S = 0.1


class LocalServer:
    """Owns the server process; the process ends with its owner, whatever ends the owner."""

    def __init__(
        self, process: subprocess.Popen[str], *, port: int, name: str, log_path: Path
    ) -> None:
        self.base_url = f"http://{_LOOPBACK}:{port}"
        self.name = name
        self.log_path = log_path
        self._process = process
        self._words = "starting the bundled model's server"
        self._reader = threading.Thread(target=self._read_words, daemon=True)
        self._reader.start()

    @classmethod
    def start(
        cls, settings: LlmSettings, cache_dir: Path, *, context_tokens: int = CONTEXT_TOKENS
    ) -> Self:
        """Start the server and return at once; NoModelConfigured where nothing can be served."""
        if importlib.util.find_spec("xllamacpp") is None:
            raise NoModelConfigured(NO_MODEL)
        require_model(cache_dir, settings.gguf)
        port = _free_port()
        log_path = cache_dir / "bundled-model.log"
        process = _spawn(_command(settings, cache_dir, port, context_tokens), log_path)
        return cls(process, port=port, name=bundled_name(settings.gguf), log_path=log_path)

    @property
    def pid(self) -> int:
        """The process id of the server."""
        return self._process.pid

    def health(self) -> str | None:
        """None when the model can answer, else what it is doing or what went wrong, in words."""
        code = self._process.poll()
        if code is None:
            return None if self._words == READY else self._words
        self._reader.join(_STOP_S)
        if self._words.startswith(ERROR):
            return self._words.removeprefix(ERROR)
        return f"the bundled model's server ended ({_exit_words(code)}); see {self.log_path}"

    def wait_ready(self, timeout_s: float, tell: Callable[[str], None] | None = None) -> None:
        """Block until the model can answer, telling what it does; NotReady if it never can."""
        until = time.monotonic() + timeout_s
        told = None
        while (words := self.health()) is not None:
            if self._process.poll() is not None or time.monotonic() > until:
                raise NotReady(f"the bundled model is not ready: {words}")
            if tell and words != told:
                tell(words)
            told = words
            time.sleep(_POLL_S)

    def stop(self) -> None:
        """End the server and wait for it; safe to call twice."""
        if self._process.stdin:
            self._process.stdin.close()  # the server takes this as the end of its owner
        for end in (self._process.terminate, self._process.kill):
            try:
                self._process.wait(_STOP_S)
                break
            except subprocess.TimeoutExpired:
                end()
        self._process.wait()
        self._reader.join(_STOP_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _read_words(self) -> None:
        if self._process.stdout is None:
            return
        with self._process.stdout as lines:
            for line in lines:
                self._words = line.strip()


def _command(settings: LlmSettings, cache_dir: Path, port: int, context_tokens: int) -> list[str]:
    command = [sys.executable, "-m", "service.llm.local_server", "--cache-dir", str(cache_dir)]
    command += ["--port", str(port), "--context-tokens", str(context_tokens)]
    if settings.gguf:
        command += ["--gguf", str(settings.gguf)]
    if settings.threads:
        command += ["--threads", str(settings.threads)]
    # Linux counts the end of the *thread* that started a child as the death of its parent.
    if threading.current_thread() is threading.main_thread():
        command.append("--die-with-parent")
    return command


def _spawn(command: list[str], log_path: Path) -> subprocess.Popen[str]:
    try:
        log_path.parent.mkdir(parents=True, exist_ok=True)
        with log_path.open("wb") as log:
            return subprocess.Popen(  # noqa: S603 (our own interpreter and module)
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                encoding="utf-8",
                start_new_session=True,  # Ctrl-C goes to the owner, who lets drafts finish first
            )
    except OSError as exc:
        why = exc.strerror or type(exc).__name__
        raise ConfigurationError(
            f"the bundled model's server cannot start in {log_path.parent} ({why});"
            " set AMENDS_CACHE_DIR to a folder that can be written"
        ) from exc


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def _exit_words(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    name = signal.Signals(-code).name
    return f"{name}, perhaps out of memory" if name == "SIGKILL" else name
