"""A draft as server-sent events: its stages as they pass, then the checked draft."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from fastapi.sse import KEEPALIVE_COMMENT, EventSourceResponse, format_sse_event
from pydantic import BaseModel

from service.api.problems import problem_of
from service.drafting.shape import flat
from service.errors import AmendsError

if TYPE_CHECKING:
    from service.bootstrap import Services
    from service.drafting.stages import StageEvent

EVENT_STREAM = "text/event-stream"
PING_S = 15.0
"""Proxies close a stream that is silent for longer than about half a minute."""


async def watch(services: "Services", draft_id: str, path: str) -> EventSourceResponse:
    """Follow a draft that was just created; whoever hangs up leaves it working."""
    stages = services.drafts.stages(draft_id)
    coming = asyncio.create_task(_next(stages))
    await asyncio.sleep(0)  # now it listens: no stage passes before the answer's headers are out
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    return EventSourceResponse(_events(services, draft_id, path, stages, coming), headers=headers)


async def _events(
    services: "Services",
    draft_id: str,
    path: str,
    stages: "AsyncIterator[StageEvent]",
    coming: "asyncio.Task[StageEvent | None]",
) -> AsyncIterator[bytes]:
    async for piece in _stage_events(stages, coming):
        yield piece
    try:
        yield _event("draft", flat(await services.drafts.get(draft_id)))
    except AmendsError as exc:
        yield _event("problem", problem_of(path, exc))


async def _stage_events(
    stages: "AsyncIterator[StageEvent]", coming: "asyncio.Task[StageEvent | None]"
) -> AsyncIterator[bytes]:
    try:
        while True:
            await asyncio.wait([coming], timeout=PING_S)
            if not coming.done():
                yield KEEPALIVE_COMMENT
                continue
            stage = coming.result()
            if stage is None:
                return
            coming = asyncio.create_task(_next(stages))
            yield _event("stage", stage)
    finally:
        coming.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await coming


async def _next(stages: "AsyncIterator[StageEvent]") -> "StageEvent | None":
    return await anext(stages, None)


def _event(name: str, value: BaseModel) -> bytes:
    return format_sse_event(event=name, data_str=value.model_dump_json())
