"""Every error as problem+json (RFC 9457), with a stable code and never a word of what was sent."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from service.domain.wording import in_words
from service.errors import AmendsError, InvalidInput, Unauthorized

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
UNREADABLE = "unreadable_body"
_CODES = {
    400: UNREADABLE,
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
}
_DETAILS = {
    400: "the body is not JSON in UTF-8",
    404: "there is nothing at this address: see /docs",
    405: "this address does not take that method",
    413: "the body is larger than AMENDS_SERVER__MAX_BODY_BYTES allows",
}
_LONGEST_PLACE = 60


class FieldProblem(BaseModel):
    """One field that cannot be taken as it is."""

    field: str = Field(examples=["complaint.text"])
    message: str = Field(examples=["Field required"])


class Problem(BaseModel):
    """What went wrong; `code` is stable, `detail` says what to do."""

    type: str = "about:blank"
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    code: str = Field(examples=["not_found"])
    detail: str = Field(examples=["no draft 'drf_00000000000000000000'"])
    instance: str = Field(examples=["/v1/drafts/drf_00000000000000000000"])
    errors: list[FieldProblem] | None = None


def problem(path: str, *, status: int, code: str, detail: str) -> Problem:
    """A problem with the address that was asked as its instance."""
    title = HTTPStatus(status).phrase
    return Problem(title=title, status=status, code=code, detail=detail, instance=path)


def problem_response(found: Problem, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The problem as an answer."""
    body = found.model_dump(exclude_none=True)
    return JSONResponse(body, found.status, headers=headers, media_type=MEDIA_TYPE)


def problem_of(path: str, exc: AmendsError) -> Problem:
    """One of our own errors as a problem; its message names ids only."""
    return problem(path, status=exc.status, code=exc.code, detail=str(exc))


def internal_problem(path: str) -> Problem:
    """An error that nobody foresaw; its text stays here, since it may hold a customer's words."""
    detail = "something broke here; the log has it under this answer's X-Request-Id"
    return problem(path, status=500, code=AmendsError.code, detail=detail)


def too_large(path: str) -> Problem:
    """The body is over the limit."""
    return problem(path, status=413, code=_CODES[413], detail=_DETAILS[413])


def answer_with_problems(app: FastAPI) -> None:
    """Turn every error that a handler can raise into problem+json."""
    app.add_exception_handler(AmendsError, _own)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)


async def _own(request: Request, exc: Exception) -> JSONResponse:
    if not isinstance(exc, AmendsError):
        raise exc
    if exc.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.warning("request_refused", code=exc.code, error=type(exc).__name__)
    headers: dict[str, str] = {}
    if exc.retry_after_s is not None:
        headers["Retry-After"] = str(exc.retry_after_s)
    if isinstance(exc, Unauthorized):
        headers["WWW-Authenticate"] = "Bearer"
    return problem_response(problem_of(request.url.path, exc), headers)


async def _invalid(request: Request, exc: Exception) -> JSONResponse:
    if not isinstance(exc, RequestValidationError):
        raise exc
    path, errors = request.url.path, exc.errors()
    if errors and errors[0]["type"] == "json_invalid":
        place = f"at character {errors[0]['loc'][-1]}"
        return _unreadable(path, f"the body is not JSON: it cannot be read {place}")
    if isinstance(exc.body, bytes):
        return _unreadable(path, "the body was not sent as JSON: set Content-Type to it")
    fields = [_field(error) for error in errors]
    detail = "; ".join(f"{one.field}: {one.message}" for one in fields[:5])
    found = problem(path, status=422, code=InvalidInput.code, detail=detail)
    return problem_response(found.model_copy(update={"errors": fields}))


async def _http(request: Request, exc: Exception) -> JSONResponse:
    if not isinstance(exc, HTTPException):
        raise exc
    phrase = HTTPStatus(exc.status_code).phrase
    code = _CODES.get(exc.status_code, phrase.lower().replace(" ", "_"))
    detail = _DETAILS.get(exc.status_code, phrase)
    found = problem(request.url.path, status=exc.status_code, code=code, detail=detail)
    return problem_response(found, exc.headers)


def _unreadable(path: str, detail: str) -> JSONResponse:
    return problem_response(problem(path, status=400, code=UNREADABLE, detail=detail))


def _field(error: Mapping[str, Any]) -> FieldProblem:
    parts = [str(place)[:_LONGEST_PLACE] for place in error["loc"]]
    if len(parts) > 1 and parts[0] in ("body", "query", "path", "header"):
        parts = parts[1:]
    return FieldProblem(field=".".join(parts), message=in_words(error))
