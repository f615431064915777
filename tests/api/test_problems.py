import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
from inline_snapshot import snapshot

from service.api import logs
from service.api.app import create_app
from service.domain.review import Role
from service.errors import StoreUnavailable
from service.settings import ServerSettings, Settings
from tests.api.calling import Api, case, client_of, open_api

SECRET = "my card is 4111 1111 1111 1111"
JSON = {"Content-Type": "application/json"}


def is_problem(answer: Any, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"]
    assert set(answer.json()) >= {"type", "title", "status", "code", "detail", "instance"}
    assert SECRET not in answer.text


@pytest.fixture
async def sender(cold: Api) -> tuple[Api, dict[str, str]]:
    return cold, {**await cold.key(), **JSON}


async def test_a_problem_in_full(cold: Api) -> None:
    answer = await cold.client.get("/v1/drafts/drf_none", headers=await cold.key())
    assert answer.json() == snapshot(
        {
            "type": "about:blank",
            "title": "Not Found",
            "status": 404,
            "code": "not_found",
            "detail": "no draft 'drf_none'",
            "instance": "/v1/drafts/drf_none",
        }
    )


async def test_an_invalid_field_is_named_without_what_was_sent(
    sender: tuple[Api, dict[str, str]],
) -> None:
    api, headers = sender
    body = case(SECRET, channel=SECRET, options={"wait_s": -1, "language": SECRET})
    answer = await api.client.post("/v1/drafts", json=body, headers=headers)
    is_problem(answer, 422, "invalid_input")
    assert answer.json()["errors"] == snapshot(
        [
            {
                "field": "channel",
                "message": "it can be 'x', 'facebook', 'instagram', 'google_review', "
                "'app_review', 'helpdesk', 'email', 'chat' or 'other'",
            },
            {
                "field": "options.language",
                "message": "it must be two small letters, such as en or pl",
            },
            {"field": "options.wait_s", "message": "it must be 0 or more"},
        ]
    )


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 422, "invalid_input"),
        (b"[]", 422, "invalid_input"),
        (b'{"complaint": ', 400, "unreadable_body"),
        (b'{"complaint": "\xff\xfe"}', 400, "unreadable_body"),
        (b"[" * 200_000, 400, "unreadable_body"),
        (b'{"complaint": ""}', 422, "invalid_input"),
        (b'{"complaint": " \\n "}', 422, "invalid_input"),
        (b'{"complaint": "\\u0000"}', 422, "invalid_input"),
        (b'{"complaint": {"text": 7}}', 422, "invalid_input"),
        (b'{"complaint": "hi", "id": "\\ud800"}', 422, "invalid_input"),
        (b'{"complaint": "hi", "options": {"wait_s": NaN}}', 422, "invalid_input"),
        (b'{"complaint": "hi", "channel": "pigeon"}', 422, "invalid_input"),
        (b'{"complaint": "hi"}', 422, "invalid_input"),
        (b'{"complaint": "hi", "brand": "nobody"}', 404, "not_found"),
        (b'{"complaint": "hi", "brand": "x", "options": {"model": "bundled@http://evil"}}', 422,
         "invalid_input"),
        (b'{"complaint": "' + b"a" * 200_001 + b'"}', 422, "invalid_input"),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
async def test_bad_bodies(
    sender: tuple[Api, dict[str, str]], body: bytes, status: int, code: str
) -> None:
    api, headers = sender
    is_problem(await api.client.post("/v1/drafts", content=body, headers=headers), status, code)


async def test_a_thread_out_of_order(sender: tuple[Api, dict[str, str]]) -> None:
    api, headers = sender
    thread = [
        {"author": "customer", "text": "Again.", "posted_at": "2026-11-02T10:00:00Z"},
        {"author": "customer", "text": "First.", "posted_at": "2026-11-01T10:00:00Z"},
    ]
    answer = await api.client.post("/v1/drafts", json=case(thread=thread), headers=headers)
    is_problem(answer, 422, "invalid_input")
    assert "oldest message first" in answer.json()["detail"]


async def test_a_body_that_was_not_sent_as_json(cold: Api) -> None:
    headers = {**await cold.key(), "Content-Type": "text/plain"}
    answer = await cold.client.post("/v1/drafts", content=b"my complaint", headers=headers)
    is_problem(answer, 400, "unreadable_body")


async def test_a_body_without_a_type_is_read_as_json(cold: Api) -> None:
    body = json.dumps(case()).encode()
    answer = await cold.client.post("/v1/drafts", content=body, headers=await cold.key())
    is_problem(answer, 404, "not_found")  # read, and the brand is not there


async def test_addresses_and_methods_that_are_not_there(cold: Api) -> None:
    is_problem(await cold.client.get("/v2/drafts"), 404, "not_found")
    answer = await cold.client.delete("/v1/drafts")
    is_problem(answer, 405, "method_not_allowed")
    assert answer.headers["allow"]


async def test_bodies_over_the_limit_announced_or_in_pieces(settings: Settings) -> None:
    small = settings.model_copy(update={"server": ServerSettings(max_body_bytes=1000)})

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"a" * 100

    async with open_api(small, warm=False) as api:
        headers = {**await api.key(), **JSON}
        for content in (b"a" * 1001, pieces()):
            answer = await api.client.post("/v1/drafts", content=content, headers=headers)
            is_problem(answer, 413, "body_too_large")


async def test_the_request_id_comes_back_when_it_is_sane(cold: Api) -> None:
    sane = await cold.client.get("/healthz", headers={"X-Request-Id": "req-17"})
    odd = await cold.client.get("/healthz", headers={"X-Request-Id": "a b\t{}"})
    assert sane.headers["x-request-id"] == "req-17"
    assert odd.headers["x-request-id"] not in ("", "a b\t{}")


@pytest.fixture
def breaking(settings: Settings) -> Any:
    """An app with routes that break in ways nobody foresaw."""
    app = create_app(settings, warm_up=False)

    @app.post("/break/{how}")
    async def break_(how: str) -> None:
        errors = {"bug": ValueError(SECRET), "store": StoreUnavailable("busy: try again")}
        raise errors[how]

    return app


async def test_an_unforeseen_error_tells_nobody_its_words(
    breaking: Any, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    async with client_of(breaking) as client:
        answer = await client.post(f"/break/bug?q={SECRET}", content=SECRET)
    is_problem(answer, 500, "internal")
    logged = capfd.readouterr().err
    lines = [json.loads(line) for line in logged.splitlines()]
    assert [line["event"] for line in lines] == ["request_failed", "request"]
    assert lines[0]["error"] == "ValueError"
    assert {line["request_id"] for line in lines} == {answer.headers["x-request-id"]}
    assert (lines[1]["method"], lines[1]["route"], lines[1]["status"]) == (
        "POST",
        "/break/{how}",
        500,
    )
    assert SECRET not in logged + caplog.text


async def test_a_busy_database_says_when_to_come_back(breaking: Any) -> None:
    async with client_of(breaking) as client:
        answer = await client.post("/break/store")
    is_problem(answer, 503, "store_unavailable")
    assert answer.headers["retry-after"] == "5"


def test_a_library_that_logs_an_exception_does_not_log_its_words(
    capfd: pytest.CaptureFixture[str],
) -> None:
    logs.configure("info")
    try:
        raise ValueError(SECRET)
    except ValueError:
        logging.getLogger("some.library").exception("it broke")
    line = json.loads(capfd.readouterr().err)
    assert (line["event"], line["error"]) == ("it broke", "ValueError")
    assert SECRET not in str(line)


async def test_refused_requests_leave_no_customer_text_in_the_log(
    sender: tuple[Api, dict[str, str]],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    api, headers = sender
    key = await api.key(Role.AGENT, None)
    await api.client.post("/v1/drafts", json=case(SECRET, channel=SECRET), headers=headers)
    await api.client.post("/v1/drafts", json=case(SECRET, brand="nobody"), headers=headers)
    await api.client.post("/v1/drafts", content=SECRET.encode(), headers=headers)
    await api.client.post("/v1/checks", json=case(SECRET, reply=SECRET), headers=key)
    await api.client.get("/v1/queue", params={"brand": SECRET, "limit": SECRET}, headers=key)
    logged = capfd.readouterr().err
    assert logged.count('"event": "request"') == 5
    assert SECRET not in logged + caplog.text
