"""Mentions: posts from any listening tool, taken in however many come at once."""

import json
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request
from starlette.datastructures import Headers
from starlette.types import Scope

from service.api import examples
from service.api.access import Asking, Opened, require_brand
from service.api.answers import body_problems
from service.domain.mention import MentionTally
from service.errors import InvalidInput

if TYPE_CHECKING:
    from service.followup.mention_lines import FeedLine

NDJSON = "application/x-ndjson"
PATH = "/v1/mentions"
router = APIRouter(prefix=PATH, tags=["mentions"])
_POST = {"type": "object", "required": ["external_id"]}
_BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["items"],
                "properties": {"items": {"type": "array", "items": _POST}},
            },
            "examples": examples.MENTIONS,
        },
        NDJSON: {"schema": {"type": "string", "description": "one post a line"}},
    },
}


@router.post(
    "",
    response_model=MentionTally,
    responses=body_problems(404),
    openapi_extra={"requestBody": _BODY},
    summary="Take in posts that a listening tool found",
)
async def take_in(
    request: Request,
    caller: Asking,
    services: Opened,
    brand: Annotated[
        str | None, Query(description="look for this brand only; default: all that the key may see")
    ] = None,
) -> MentionTally:
    """Each post goes to the brands that it speaks of, into their queues; workers draft later.

    As `application/x-ndjson`, one post a line, a body may be of any size: it is taken in while it
    comes, and whatever breaks off can be sent again, since nothing is stored twice. A bad line is
    named and the others are kept. No Idempotency-Key is needed: `external_id` is one.
    """
    if brand is not None:
        require_brand(caller, brand)
    lines = _streamed(request) if is_streamed(request.scope) else _listed(request)
    return await services.mentions.take_in(lines, caller, brand_id=brand)


def is_streamed(scope: Scope) -> bool:
    """Whether a request's body is taken in line by line, and never held as a whole."""
    media_type = Headers(scope=scope).get("content-type", "")
    return bool(scope["path"] == PATH) and NDJSON in media_type.lower()


async def _streamed(request: Request) -> "AsyncIterator[FeedLine]":
    from service.followup.mention_lines import feed_lines  # imported already, by the services

    async for line in feed_lines(request.stream()):
        yield line


async def _listed(request: Request) -> "AsyncIterator[FeedLine]":
    from service.followup.mention_lines import FeedLine

    for number, item in enumerate(_items(await request.body()), start=1):
        yield FeedLine(number, item if isinstance(item, dict) else json.dumps(item).encode())


def _items(body: bytes) -> list[object]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        raise _odd() from None
    items = value.get("items") if isinstance(value, dict) else None
    if not isinstance(items, list):
        raise _odd()
    return items


def _odd() -> InvalidInput:
    return InvalidInput(f'send {{"items": [...]}}, or one post a line as {NDJSON}')
