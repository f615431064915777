import asyncio
import json
from typing import Any

import pytest

from service.domain.review import Role
from service.settings import Settings
from tests.api.calling import Api, case, open_api

pytestmark = pytest.mark.slow


def events(body: str) -> list[tuple[str, dict[str, Any]]]:
    found = []
    for block in body.strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines())
        found.append((fields["event"], json.loads(fields["data"])))
    return found


async def test_stages_come_in_order_and_the_draft_last(api: Api) -> None:
    headers = {**await api.key(Role.AGENT), "Accept": "text/event-stream"}
    answer = await api.client.post("/v1/drafts", json=case(), headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    names, values = zip(*events(answer.text), strict=True)
    assert names == ("stage",) * (len(names) - 1) + ("draft",)
    stages = [value["stage"] for value in values[:-1]]
    assert stages[:5] == ["triage", "retrieve", "render", "complete", "check"]
    stored = await api.client.get(f"/v1/drafts/{values[-1]['id']}", headers=headers)
    assert values[-1] == stored.json()


async def test_stages_are_sent_while_the_work_goes_on(brands: Settings) -> None:
    async with open_api(brands, delay_s=0.5) as api:
        headers = {**await api.key(Role.AGENT), "Accept": "text/event-stream"}
        sent = await _raw_post(api, case(), headers)
    loop_times = {name: at for at, name in reversed(sent)}
    assert loop_times["draft"] - loop_times["triage"] >= 0.5


async def test_a_repeated_request_streams_the_draft_that_is_there(api: Api) -> None:
    headers = {
        **await api.key(Role.AGENT),
        "Accept": "text/event-stream",
        "Idempotency-Key": "once",
    }
    first = await api.client.post("/v1/drafts", json=case(), headers=headers)
    again = await api.client.post("/v1/drafts", json=case(), headers=headers)
    assert events(again.text) == events(first.text)[-1:]


async def test_a_request_that_is_refused_is_a_problem_and_no_stream(api: Api) -> None:
    headers = {**await api.key(), "Accept": "text/event-stream"}
    answer = await api.client.post("/v1/drafts", json=case(brand="nobody"), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_who_hangs_up_leaves_the_draft_working(brands: Settings) -> None:
    async with open_api(brands, delay_s=0.3) as api:
        headers = {**await api.key(Role.AGENT), "Accept": "text/event-stream"}
        await _raw_post(api, case(), headers, hang_up_after=2)
        listed = (await api.client.get("/v1/drafts", headers=headers)).json()["items"]
        assert listed[0]["status"] == "drafting"
        done = await api.services.drafts.finished(listed[0]["id"])
    assert done.status == "pending_review"


async def _raw_post(
    api: Api, body: Any, headers: dict[str, str], hang_up_after: int | None = None
) -> list[tuple[float, str]]:
    """Post without a client that gathers the answer: each event's name, and when it came."""
    sent: list[tuple[float, str]] = []
    gone = asyncio.Event()
    requests = [{"type": "http.request", "body": json.dumps(body).encode()}]

    async def receive() -> dict[str, Any]:
        if requests:
            return requests.pop()
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        for name, value in events(message.get("body", b"").decode() or "event: x\ndata: {}"):
            label = value.get("stage", name)
            if label != "x":
                sent.append((asyncio.get_running_loop().time(), label))
        if hang_up_after is not None and len(sent) >= hang_up_after:
            gone.set()

    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/drafts",
        "raw_path": b"/v1/drafts",
        "query_string": b"",
        "headers": [*raw, (b"content-type", b"application/json")],
        "http_version": "1.1",
        "scheme": "http",
        "server": ("amends.test", 80),
        "client": ("127.0.0.1", 1),
        "root_path": "",
    }
    await api.app(scope, receive, send)
    return sent
