"""POST /v1/mentions as a listening tool sees it."""

import json
import time
import tracemalloc
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from service.api import examples
from service.domain.mention import Mention
from service.domain.review import Role
from tests.api.calling import Api

pytestmark = pytest.mark.slow

NDJSON = {"Content-Type": "application/x-ndjson"}
MANY, MOST_MB, MOST_S = 10_000, 60, 300


def post(
    external_id: str, text: str = "@tidewell where is my fridge?", **more: Any
) -> dict[str, Any]:
    return {"external_id": external_id, "channel": "x", "text": text, **more}


def ndjson(*rows: Mapping[str, Any]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def test_the_examples_are_posts() -> None:
    for example in examples.MENTIONS.values():
        body = example["value"] or {}
        assert [Mention.model_validate(item) for item in body["items"]]


async def test_both_kinds_of_body_lead_to_the_queue_once(api: Api) -> None:
    headers = await api.key(Role.AGENT, "tidewell")
    rows = [post("a"), post("b"), post("c", "nothing of ours"), {"external_id": "d"}]
    listed = await api.client.post("/v1/mentions", json={"items": rows}, headers=headers)
    streamed = await api.client.post(
        "/v1/mentions", content=ndjson(*rows), headers={**headers, **NDJSON}
    )
    drafts = (await api.client.get("/v1/drafts", headers=headers)).json()["items"]
    assert listed.status_code == streamed.status_code == 200
    assert listed.json() == {
        "received": 4, "ours": 2, "stored": 2, "repeated": 0, "edited": 0, "deleted": 0,
        "kept_aside": 0, "not_ours": 1, "bad_count": 1,
        "bad": [{"line": 4, "error": "text is empty: send the post's words"}],
    }  # fmt: skip
    assert (streamed.json()["stored"], streamed.json()["repeated"]) == (0, 2)
    assert sorted(draft["case_id"] for draft in drafts) == ["a", "b"]


@pytest.mark.parametrize("body", [b"[]", b"{", b'{"items": 1}', b"\xff", b""])
async def test_a_body_that_holds_no_posts_is_refused_in_words(cold: Api, body: bytes) -> None:
    headers = {**await cold.key(), "Content-Type": "application/json"}
    answer = await cold.client.post("/v1/mentions", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert "application/x-ndjson" in answer.json()["detail"]


async def test_a_key_feeds_its_own_brand_only(api: Api) -> None:
    headers = await api.key(Role.AGENT, "brindle")
    other = await api.client.post("/v1/mentions?brand=tidewell", json={}, headers=headers)
    named = await api.client.post(
        "/v1/mentions", json={"items": [post("a", brand="tidewell"), post("b")]}, headers=headers
    )
    assert other.status_code == 403
    assert (named.json()["bad_count"], named.json()["not_ours"]) == (1, 1)


async def test_only_a_body_that_is_streamed_has_no_limit(api: Api) -> None:
    headers = await api.key(Role.AGENT, "tidewell")
    long = [post(f"p{n}", "@tidewell " + "x" * 100_000) for n in range(30)]
    listed = await api.client.post("/v1/mentions", json={"items": long}, headers=headers)
    streamed = await api.client.post(
        "/v1/mentions", content=ndjson(*long), headers={**headers, **NDJSON}
    )
    assert (listed.status_code, listed.json()["code"]) == (413, "body_too_large")
    assert streamed.json()["stored"] == 30


async def test_ten_thousand_posts_in_bounded_memory(api: Api) -> None:
    headers = {**await api.key(Role.AGENT, "tidewell"), **NDJSON}

    async def body() -> AsyncIterator[bytes]:
        for number in range(MANY):
            yield ndjson(post(f"p{number}", f"@tidewell number {number}: {'no fridge ' * 40}"))

    tracemalloc.start()
    started = time.perf_counter()
    try:
        answer = await api.client.post("/v1/mentions", content=body(), headers=headers)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    seconds, megabytes = time.perf_counter() - started, peak / 1e6
    assert (answer.json()["received"], answer.json()["stored"]) == (MANY, MANY)
    assert megabytes < MOST_MB
    assert seconds < MOST_S
