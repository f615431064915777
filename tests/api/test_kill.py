"""A server that is killed in the middle of a draft, and the one that comes after it."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from evals.bench.stub_openai import StubOpenAi, answer, delayed
from service.bootstrap import open_services
from service.domain.review import Role
from service.settings import Settings

pytestmark = pytest.mark.slow

REPLY = json.dumps({"reply": "The smashed shade is my miss to mend: I'm sorry. I'm on it today."})
PATIENCE_S = 180


async def test_a_killed_servers_draft_is_finished_once_by_the_next(brands: Settings) -> None:
    async with open_services(brands) as services:
        made = await services.keys.create(
            name="test", role=Role.AGENT, brand_id="tidewell", actor="test"
        )
    with StubOpenAi(delayed(30, answer(REPLY)), answer(REPLY)) as stub:
        with _serving(brands, stub.base_url) as (first, api):
            api.headers["Authorization"] = f"Bearer {made.secret}"
            body = {"complaint": "The shade came smashed.", "options": {"wait_s": 0}}
            posted = api.post("/v1/drafts", json=body)
            assert posted.status_code == 202
            await asyncio.to_thread(_until, lambda: bool(stub.requests))
            first.send_signal(signal.SIGKILL)
        with _serving(brands, stub.base_url) as (_, api):
            api.headers["Authorization"] = f"Bearer {made.secret}"
            draft_id = posted.json()["id"]
            await asyncio.to_thread(_until, lambda: _draft(api, draft_id)["status"] != "drafting")
            await asyncio.sleep(3)
            draft = _draft(api, draft_id)
            listed = api.get("/v1/drafts").json()["items"]
    assert draft["status"] == "pending_review"
    assert draft["version"] == 1
    assert [item["id"] for item in listed] == [draft_id]
    assert len(stub.requests) == 1 + len(draft["attempts"])


def _draft(api: httpx.Client, draft_id: str) -> dict[str, Any]:
    answered = api.get(f"/v1/drafts/{draft_id}")
    answered.raise_for_status()
    draft: dict[str, Any] = answered.json()
    return draft


@contextmanager
def _serving(
    settings: Settings, model: str
) -> Iterator[tuple[subprocess.Popen[bytes], httpx.Client]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "AMENDS_DATA_DIR": str(settings.data_dir),
        "AMENDS_CACHE_DIR": str(settings.cache_dir),
        "AMENDS_LLM__MODEL": "openai/stub",
        "AMENDS_LLM__API_BASE": model,
        "AMENDS_LLM__API_KEY": "none",
        "AMENDS_DRAFTING__LEASE_S": "3",
    }
    if settings.database.url is not None:
        environment["AMENDS_DATABASE__URL"] = settings.database.url.get_secret_value()
    command = [sys.executable, "-m", "service.cli", "serve", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as api:
                _until(lambda: _status(api, "/readyz") == 200)
                yield process, api
        finally:
            process.kill()


def _status(api: httpx.Client, path: str) -> int:
    try:
        return api.get(path).status_code
    except httpx.TransportError:
        return 0


def _until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.1)
