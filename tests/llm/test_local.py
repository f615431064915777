"""The server process. Most tests hold it at the door of the joining; a few load the real model."""

import asyncio
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from service.domain.draft import ChatMessage
from service.errors import ConfigurationError, ModelRefused, NoModelConfigured, NotReady
from service.llm.bundled_file import QWEN
from service.llm.client import ChatRequest
from service.llm.endpoints import endpoints
from service.llm.litellm_client import LitellmChatModel
from service.llm.local import LocalServer
from service.settings import LlmSettings

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
SECRET = "SECRETPROMPT"


@pytest.fixture
def pretended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pretends the `local` extra, so that these tests run without it."""
    site = tmp_path / "site"
    for number, package in enumerate(QWEN.packages, start=1):
        (site / package / "data").mkdir(parents=True)
        (site / package / "__init__.py").touch()
        (site / package / "data" / f"part{number:02d}.bin").write_bytes(b"x")
    (site / "xllamacpp").mkdir()
    (site / "xllamacpp" / "__init__.py").write_text("raise ImportError('only pretended')")
    monkeypatch.setenv("PYTHONPATH", f"{site}{os.pathsep}{ROOT}")
    monkeypatch.syspath_prepend(str(site))
    return site


@contextmanager
def door_held(cache_dir: Path) -> Iterator[None]:
    """Keep the server waiting before it joins the model's file."""
    folder = cache_dir / "models"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / QWEN.file_name).with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def until(said: str, server: LocalServer, seconds: float = 10.0) -> str | None:
    end = time.monotonic() + seconds
    while (words := server.health()) != said and time.monotonic() < end:
        time.sleep(0.02)
    return words


def gone(pid: int, seconds: float = 5.0) -> bool:
    end = time.monotonic() + seconds
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


@pytest.mark.usefixtures("pretended")
def test_start_returns_at_once_and_tells_what_it_does(tmp_path: Path) -> None:
    with door_held(tmp_path):
        began = time.monotonic()
        with LocalServer.start(LlmSettings(), tmp_path) as server:
            took = time.monotonic() - began
            said = until("joining the model file", server)
            pid = server.pid
        server.stop()  # a second time does nothing

    assert took < 1.0
    assert said == "joining the model file"
    assert server.base_url.startswith("http://127.0.0.1:")
    assert server.name == "bundled/qwen2.5-coder-1.5b-instruct-q4_k_m"
    assert gone(pid)


@pytest.mark.usefixtures("pretended")
def test_what_went_wrong_is_told(tmp_path: Path) -> None:
    with LocalServer.start(LlmSettings(), tmp_path) as server:
        with pytest.raises(NotReady, match="damaged; run `pip install"):
            server.wait_ready(10)

        assert "damaged" in (server.health() or "")


@pytest.mark.usefixtures("pretended")
def test_a_killed_server_is_noticed(tmp_path: Path) -> None:
    with door_held(tmp_path), LocalServer.start(LlmSettings(), tmp_path) as server:
        until("joining the model file", server)
        os.kill(server.pid, signal.SIGKILL)
        with pytest.raises(NotReady, match="SIGKILL, perhaps out of memory"):
            server.wait_ready(5)


@pytest.mark.usefixtures("pretended")
def test_waiting_has_an_end(tmp_path: Path) -> None:
    told: list[str] = []
    with door_held(tmp_path), LocalServer.start(LlmSettings(), tmp_path) as server:
        until("joining the model file", server)
        with pytest.raises(NotReady, match="not ready: joining"):
            server.wait_ready(0.2, told.append)

    assert told == ["joining the model file"]


@pytest.mark.usefixtures("pretended")
def test_a_server_outlives_the_thread_that_started_it(tmp_path: Path) -> None:
    servers: list[LocalServer] = []
    with door_held(tmp_path):
        starter = threading.Thread(
            target=lambda: servers.append(LocalServer.start(LlmSettings(), tmp_path))
        )
        starter.start()
        starter.join()
        said = until("joining the model file", servers[0])
        time.sleep(0.3)
        still = servers[0].health()
        servers[0].stop()

    assert said == still == "joining the model file"


OWNER = """
import sys, threading, time
from pathlib import Path
from service.llm.local import LocalServer
from service.settings import LlmSettings
def start():
    server = LocalServer.start(LlmSettings(), Path(sys.argv[1]))
    while server.health() != "joining the model file":
        time.sleep(0.02)
    print(server.pid, flush=True)
    time.sleep(60)
if sys.argv[2] == "thread":  # then only the pipe tells the server that its owner died
    threading.Thread(target=start).start()
else:
    start()
"""


@pytest.mark.parametrize("how", ["main", "thread"])
@pytest.mark.usefixtures("pretended")
def test_an_owner_killed_outright_leaves_no_server_behind(tmp_path: Path, how: str) -> None:
    command = [sys.executable, "-c", OWNER, str(tmp_path), how]
    with door_held(tmp_path):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as owner:
            assert owner.stdout is not None
            pid = int(owner.stdout.readline())
            alive = psutil.pid_exists(pid)
            owner.kill()

        assert alive
        assert gone(pid)


def test_without_the_extra_three_ways_out(tmp_path: Path, pretended: Path) -> None:
    if QWEN.packages[0] in sys.modules:
        pytest.skip("another test imported the real parts")
    (pretended / QWEN.packages[0] / "data" / "part01.bin").unlink()

    with pytest.raises(NoModelConfigured, match=r"amends\[local\]"):
        LocalServer.start(LlmSettings(), tmp_path)


@pytest.mark.usefixtures("pretended")
def test_a_bad_gguf_is_refused_before_anything_starts(tmp_path: Path) -> None:
    settings = LlmSettings(gguf=tmp_path / "missing.gguf")

    with pytest.raises(ConfigurationError, match="AMENDS_LLM__GGUF"):
        LocalServer.start(settings, tmp_path)


@pytest.mark.usefixtures("pretended")
def test_a_cache_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file, not a folder")

    with pytest.raises(ConfigurationError, match="AMENDS_CACHE_DIR"):
        LocalServer.start(LlmSettings(), tmp_path / "cache")


@pytest.fixture(scope="session")
def real_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalServer]:
    """The real model; AMENDS_TEST_CACHE_DIR keeps its joined file between runs."""
    kept = os.environ.get("AMENDS_TEST_CACHE_DIR")
    cache_dir = Path(kept) if kept else tmp_path_factory.mktemp("cache")
    with LocalServer.start(LlmSettings(), cache_dir) as server:
        server.wait_ready(120)
        yield server
    if not kept:
        shutil.rmtree(cache_dir)


def model_at(server: LocalServer) -> LitellmChatModel:
    settings = LlmSettings(model="bundled", api_base=server.base_url, timeout_s=90)
    return LitellmChatModel(settings, models=endpoints(settings))


def asking(text: str, **changed: object) -> ChatRequest:
    fields = {"max_tokens": 16, "temperature": 0.0, "timeout_s": 60.0, **changed}
    return ChatRequest(messages=(ChatMessage(role="user", content=text),), **fields)  # type: ignore[arg-type]


@pytest.mark.model
async def test_the_real_model_answers_within_a_schema(real_server: LocalServer) -> None:
    model = model_at(real_server)
    schema: dict[str, object] = {
        "type": "object",
        "properties": {"reply": {"type": "string", "maxLength": 60}},
        "required": ["reply"],
    }

    found = await model.complete(asking(f"Say hello. {SECRET}", schema=schema, max_tokens=64))

    assert found.text.startswith("{")
    assert found.model == "bundled/qwen2.5-coder-1.5b-instruct-q4_k_m"
    assert found.usage.completion_tokens > 0
    assert await model.ready() is None
    assert SECRET not in real_server.log_path.read_text()
    await model.aclose()


@pytest.mark.model
async def test_a_prompt_that_is_too_long_is_refused_in_words(real_server: LocalServer) -> None:
    model = model_at(real_server)

    with pytest.raises(ModelRefused, match="longer than the model can read"):
        await model.complete(asking(f"{SECRET} " * 3000))

    assert SECRET not in real_server.log_path.read_text()
    await model.aclose()


@pytest.mark.model
async def test_a_call_that_is_given_up_frees_the_model(real_server: LocalServer) -> None:
    model = model_at(real_server)
    long_one = asyncio.create_task(model.complete(asking("Count up to 500.", max_tokens=1500)))
    await asyncio.sleep(2)
    long_one.cancel()
    began = time.monotonic()

    await model.complete(asking("Say hi.", max_tokens=4))

    assert time.monotonic() - began < 15
    await model.aclose()


@pytest.mark.model
def test_the_real_server_stays_small(real_server: LocalServer) -> None:
    status = Path(f"/proc/{real_server.pid}/status").read_text()
    peak_kib = next(int(line.split()[1]) for line in status.splitlines() if "VmHWM" in line)

    assert peak_kib < 2_000_000
