"""How answers stand in the OpenAPI document: problems, and the fix-ups FastAPI has no word for."""

from typing import Any

from fastapi import FastAPI

from service.api.problems import MEDIA_TYPE, Problem

Responses = dict[int | str, dict[str, Any]]

_MEANINGS = {
    400: "The body is not JSON in UTF-8.",
    401: "No key, or one that is not known.",
    403: "The key may not do this, or belongs to another brand.",
    404: "There is no such brand, draft, thread or prompt.",
    409: "The draft's state, the thread or an Idempotency-Key stands against it.",
    413: "The body is too large.",
    422: "The request cannot be read or is not allowed; `errors` names the fields.",
    503: "Still warming up, or the database is busy: try again after Retry-After.",
}


def problems(*statuses: int) -> Responses:
    """The problems that a path can answer with, beside those that every path has."""
    return {
        status: {"model": Problem, "description": _MEANINGS[status]}
        for status in sorted({401, 403, 422, 503, *statuses})
    }


def body_problems(*statuses: int) -> Responses:
    """The problems of a path that takes a body."""
    return problems(400, 413, *statuses)


def document(app: FastAPI) -> None:
    """Let the OpenAPI document say application/problem+json where a problem is the answer."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            _name_media_type(plain())
        return plain()

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way


def _name_media_type(schema: dict[str, Any]) -> None:
    reference = f"#/components/schemas/{Problem.__name__}"
    for path in schema["paths"].values():
        for operation in path.values():
            for answer in operation["responses"].values():
                content = answer.get("content", {})
                if content.get("application/json", {}).get("schema") == {"$ref": reference}:
                    content[MEDIA_TYPE] = content.pop("application/json")
