import subprocess
import sys
from typing import Any

import pytest
from inline_snapshot import snapshot

from service.api.app import create_app
from service.api.problems import MEDIA_TYPE
from service.settings import Settings

HEAVY = ("torch", "sentence_transformers", "litellm", "guardrails", "lingua", "sqlalchemy", "numpy")


@pytest.fixture
def document(settings: Settings) -> dict[str, Any]:
    found: dict[str, Any] = create_app(settings).openapi()
    return found


def operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_the_paths(document: dict[str, Any]) -> None:
    listed = {name: " ".join(sorted(found["responses"])) for name, found in operations(document)}
    assert listed == snapshot(
        {
            "POST /v1/drafts": "200 201 202 400 401 403 404 409 413 422 503",
            "GET /v1/drafts": "200 401 403 422 503",
            "GET /v1/drafts/{draft_id}": "200 401 403 404 422 503",
            "POST /v1/drafts/{draft_id}/redraft": "200 202 400 401 403 404 409 413 422 503",
            "POST /v1/drafts/{draft_id}/decisions": "200 400 401 403 404 409 413 422 503",
            "POST /v1/drafts/{draft_id}/assignment": "200 400 401 403 404 409 413 422 503",
            "POST /v1/checks": "200 400 401 403 404 413 422 503",
            "POST /v1/triage": "200 400 401 403 404 413 422 503",
            "GET /v1/brands": "200 401 403 422 503",
            "GET /v1/brands/{brand}": "200 401 403 404 422 503",
            "GET /v1/brands/{brand}/settings": "200 401 403 404 422 503",
            "PUT /v1/brands/{brand}/settings": "200 400 401 403 413 422 503",
            "GET /v1/brands/{brand}/policies": "200 401 403 404 422 503",
            "PUT /v1/brands/{brand}/policies": "200 400 401 403 404 409 413 422 503",
            "GET /v1/brands/{brand}/past-replies": "200 401 403 404 422 503",
            "PUT /v1/brands/{brand}/past-replies": "200 400 401 403 404 409 413 422 503",
            "GET /v1/brands/{brand}/search": "200 401 403 404 422 503",
            "GET /v1/brands/{brand}/style-notes": "200 401 403 404 422 503",
            "POST /v1/brands/{brand}/style-notes": "201 400 401 403 404 409 413 422 503",
            "POST /v1/brands/{brand}/style-notes/{note_id}/decisions": (
                "200 400 401 403 404 409 413 422 503"
            ),
            "POST /v1/drafts/{draft_id}/example": "201 400 401 403 404 409 413 422 503",
            "GET /v1/brands/{brand}/examples": "200 401 403 404 422 503",
            "GET /v1/brands/{brand}/examples/{draft_id}": "200 401 403 404 422 503",
            "POST /v1/brands/{brand}/examples/{draft_id}/decisions": (
                "200 400 401 403 404 409 413 422 503"
            ),
            "POST /v1/mentions": "200 400 401 403 404 413 422 503",
            "GET /v1/queue": "200 401 403 422 503",
            "GET /v1/commitments": "200 401 403 422 503",
            "PATCH /v1/commitments/{commitment_id}": "200 400 401 403 404 409 413 422 503",
            "GET /v1/threads": "200 401 403 422 503",
            "GET /v1/threads/{thread_id}": "200 401 403 404 422 503",
            "POST /v1/threads/{thread_id}/resolved": "200 400 401 403 404 409 413 422 503",
            "POST /v1/threads/{thread_id}/known": "200 400 401 403 404 409 413 422 503",
            "GET /v1/reports/coverage": "200 401 403 404 422 503",
            "GET /v1/reports/speed": "200 401 403 404 422 503",
            "GET /v1/reports/commitments": "200 401 403 404 422 503",
            "GET /v1/reports/drafts": "200 401 403 404 422 503",
            "GET /healthz": "200",
            "GET /readyz": "200 503",
        }
    )


def test_every_operation_says_what_it_is_for(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        assert operation["summary"], name
        assert operation["description"], name


def test_every_body_has_examples_that_are_valid(document: dict[str, Any]) -> None:
    bodies = [(n, o["requestBody"]) for n, o in operations(document) if "requestBody" in o]
    assert len(bodies) == 17
    for name, body in bodies:
        assert body["content"]["application/json"]["examples"], name


def test_every_v1_path_asks_for_a_key(document: dict[str, Any]) -> None:
    unlocked = [name for name, operation in operations(document) if "security" not in operation]
    assert unlocked == ["GET /healthz", "GET /readyz"]
    assert set(document["components"]["securitySchemes"]) == {"key", "key_header"}


def test_errors_are_documented_as_problems(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        for status, answer in operation["responses"].items():
            if int(status) >= 400 and name != "GET /readyz":
                assert list(answer["content"]) == [MEDIA_TYPE], (name, status)


def test_importing_the_app_loads_nothing_heavy() -> None:
    words = (
        "import sys, service.api.app as a; a.create_app(); "
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
