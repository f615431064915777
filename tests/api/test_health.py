import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from service.api.app import create_app
from service.errors import ConfigurationError
from service.llm.client import ChatModel
from service.llm.scripted import ScriptedChatModel
from service.settings import Settings
from tests.api.calling import OTHER, Api, client_of, running_app


class Loading(ScriptedChatModel):
    """A model that can't answer yet."""

    async def ready(self) -> str | None:
        return "reading the model file"


async def test_healthz_answers_before_anything_is_open(settings: Settings) -> None:
    async with running_app(settings, Loading([]), warm=False) as app, client_of(app) as client:
        answer = await client.get("/healthz")
        early = await client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert (early.status_code, early.json()) == (
        503,
        {"ready": False, "missing": {"start": "opening the database"}},
    )


async def test_readyz_names_each_missing_part_in_words(settings: Settings) -> None:
    async with running_app(settings, Loading([]), warm=False) as app, client_of(app) as client:
        await app.state.running.services()
        answer = await client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "ready": False,
        "missing": {
            "warm_up": "loading the embedding model and the checks",
            "model": "reading the model file",
        },
    }


async def test_a_setting_that_needs_a_person_is_named_and_healthz_still_answers(
    settings: Settings,
) -> None:
    def open_model(_: Settings) -> ChatModel:
        raise ConfigurationError("AMENDS_LLM__MODEL names no model")

    app = create_app(settings, open_model=open_model)
    async with app.router.lifespan_context(app), client_of(app) as client:
        refused = await client.get("/v1/brands")
        ready = await client.get("/readyz")
        assert (await client.get("/healthz")).status_code == 200
    assert (refused.status_code, refused.json()["code"]) == (500, "configuration")
    assert ready.json()["missing"] == {"start": "AMENDS_LLM__MODEL names no model"}


async def test_a_prompt_that_no_draft_could_use_is_named_at_the_start(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "prompts" / "warm").mkdir(parents=True)
    (tmp_path / "prompts" / "warm" / "v1.yml").touch()
    monkeypatch.setattr("service.prompting.template.prompt_folder", lambda: tmp_path / "prompts")
    async with running_app(settings, Loading([]), warm=False) as app, client_of(app) as client:
        with pytest.raises(ConfigurationError):
            await app.state.running.services()
        missing = (await client.get("/readyz")).json()["missing"]
    assert missing["start"].startswith("prompt file warm/v1.yml: call it v1.yaml")


async def test_what_needs_models_waits_for_them_and_the_rest_does_not(cold: Api) -> None:
    await cold.services.library.replace(OTHER, actor="test")
    headers, body = await cold.key(brand="brindle"), {"complaint": "Nobody came."}
    for answer in (
        await cold.client.post("/v1/checks", json={**body, "reply": "Sorry."}, headers=headers),
        await cold.client.post("/v1/triage", json=body, headers=headers),
        await cold.client.get("/v1/brands/brindle/search?q=refund", headers=headers),
    ):
        assert (answer.status_code, answer.json()["code"]) == (503, "not_ready")
        assert int(answer.headers["Retry-After"]) > 0
    assert (await cold.client.get("/v1/queue", headers=headers)).status_code == 200


@pytest.mark.slow
async def test_readyz_when_all_is_there(api: Api) -> None:
    answer = await api.client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True})


@pytest.mark.slow
def test_a_process_answers_probes_long_before_its_models_are_loaded(
    tmp_path: Path, cache_dir: Path
) -> None:
    with served(tmp_path, cache_dir) as (address, started):
        first = _until(f"{address}/healthz", 200)
        answered = time.monotonic() - started
        waited = httpx.get(f"{address}/readyz").json()
        _until(f"{address}/readyz", 200)
        ready = time.monotonic() - started
    assert first.json() == {"status": "ok"}
    assert waited["ready"] is False
    assert answered < ready / 2


@contextmanager
def served(tmp_path: Path, cache_dir: Path) -> Iterator[tuple[str, float]]:
    """Uvicorn in a process of its own, with a model that nobody asks."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "--factory", "service.api.app:create_app"]
    env = {
        **os.environ,
        "AMENDS_DATA_DIR": str(tmp_path),
        "AMENDS_CACHE_DIR": str(cache_dir),
        "AMENDS_LLM__MODEL": "openai/none",
        "AMENDS_LLM__API_BASE": "http://127.0.0.1:9",
        "AMENDS_LLM__API_KEY": "none",
    }
    process = subprocess.Popen([*command, "--port", str(port)], env=env)
    try:
        yield f"http://127.0.0.1:{port}", time.monotonic()
    finally:
        process.terminate()
        assert process.wait(30) in (0, -signal.SIGTERM)


def _until(address: str, status: int, seconds: float = 90) -> httpx.Response:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            answer = httpx.get(address, timeout=seconds)
        except httpx.ConnectError:
            pass
        else:
            if answer.status_code == status:
                return answer
        time.sleep(0.05)
    raise AssertionError(f"{address} never answered {status}")
