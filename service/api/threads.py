"""Threads: read, solved, and closed where they began."""

from typing import Annotated, Literal, Self

from fastapi import APIRouter, Body, Path, Query

from service.api import examples
from service.api.access import Asking, OnceKey, Opened, brand_for, once, require_brand
from service.api.answers import Responses, body_problems, problems
from service.api.paging import cursor_of, place_of
from service.domain.base import Frozen, UtcTime
from service.domain.thread import Channel, News, Resolution, ThreadMessage, ThreadState

router = APIRouter(prefix="/v1/threads", tags=["threads"])


class ThreadShape(Frozen):
    """Where a thread stands between solved and closed."""

    id: str
    brand: str
    channel: Channel
    public: bool
    resolved_at: UtcTime | None
    resolved_by: str | None
    closed_at: UtcTime | None

    @classmethod
    def of(cls, state: ThreadState) -> Self:
        """The thread as it stands."""
        same = ("id", "channel", "resolved_at", "resolved_by", "closed_at")
        fields = {name: getattr(state, name) for name in same}
        return cls(brand=state.brand_id, public=state.is_public, **fields)


class ResolvedThread(ThreadShape):
    """A solved thread; `draft_id` is its closing update, null where nothing is to be said."""

    draft_id: str | None


class ReadThread(ThreadShape):
    """A thread with what was said in it, the oldest first; what was taken down is left out."""

    messages: tuple[ThreadMessage, ...]


class ThreadPage(Frozen):
    """Some threads, the oldest first; `next_cursor` is null at the end."""

    items: tuple[ThreadShape, ...]
    next_cursor: str | None


_SOLVED = {
    "id": "fb-90210",
    "brand": "tidewell",
    "channel": "facebook",
    "public": True,
    "resolved_at": "2026-11-06T10:02:00Z",
    "resolved_by": "Zofia",
    "closed_at": "2026-11-06T11:30:00Z",
    "messages": [
        {
            "author": "customer",
            "author_name": "Declan",
            "text": "Took Thursday off for the washing machine. Nobody came, nobody rang.",
            "posted_at": "2026-11-05T18:20:00Z",
            "came_at": "2026-11-05T18:20:41Z",
            "external_id": "fb-90210-1",
        },
        {
            "author": "brand",
            "text": "I'm sorry, Declan: you took the day off, and nobody came or rang.",
            "came_at": "2026-11-05T18:34:10Z",
            "draft_id": "drf_82a23724334c49d4a6a7",
        },
    ],
}
_READ: Responses = {
    200: {
        "description": "The thread with its messages.",
        "content": {"application/json": {"example": _SOLVED}},
    },
    **problems(404),
}


@router.get("/", response_model=ThreadPage, include_in_schema=False)
@router.get("", response_model=ThreadPage, responses=problems(), summary="Threads left open")
async def list_threads(
    caller: Asking,
    services: Opened,
    state: Annotated[
        Literal["resolved_not_closed"],
        Query(description="solved in private, and not yet said where it began"),
    ] = "resolved_not_closed",
    brand: Annotated[str | None, Query(description="default: all that the key may see")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> ThreadPage:
    """Public threads whose loop is not closed, the longest waiting first."""
    if brand is not None:
        require_brand(caller, brand)
    rows = await services.closing.unclosed(
        brand or caller.brand_id, limit=limit + 1, after=place_of(cursor)
    )
    page = rows[:limit]
    last = page[-1] if len(rows) > limit else None
    more = cursor_of(last.resolved_at.isoformat(), last.id) if last and last.resolved_at else None
    return ThreadPage(items=tuple(ThreadShape.of(one) for one in page), next_cursor=more)


# A Google review's id holds slashes, and servers decode %2F before anybody routes by the path.
@router.get(
    "/{thread_id:path}", response_model=ReadThread, responses=_READ, summary="Show a thread"
)
async def show_thread(
    thread_id: Annotated[str, Path(max_length=200, description="the tool's own id")],
    caller: Asking,
    services: Opened,
    brand: Annotated[str | None, Query(description="default: the key's own")] = None,
) -> ReadThread:
    """Every message with its author and its time, the oldest first.

    An approved reply stands in it from its approval on (`draft_id`), until a tool sends it back.
    """
    state, messages = await services.threads.read(brand_for(caller, brand), thread_id)
    return ReadThread(**dict(ThreadShape.of(state)), messages=tuple(messages))


@router.post(
    "/{thread_id:path}/resolved",
    response_model=ResolvedThread,
    responses=body_problems(404, 409),
    summary="Say that a thread is solved",
)
async def resolve_thread(
    thread_id: Annotated[str, Path(max_length=200, description="the tool's own id")],
    told: Annotated[Resolution, Body(openapi_examples=examples.RESOLUTIONS)],
    caller: Asking,
    services: Opened,
    brand: Annotated[str | None, Query(description="default: the key's own")] = None,
    key: OnceKey = None,
) -> ResolvedThread:
    """Its open drafts go stale, and a closing update is drafted for where it began.

    There is none where nobody else reads the thread, or where nothing was answered in public yet.
    What is `private` never gets into a public reply. The same words again change nothing.
    """
    brand_id = brand_for(caller, brand)
    body = {"brand": brand_id, **told.model_dump(mode="json")}
    known = once(caller, f"resolved:{thread_id}", key, body)
    state, draft_id = await services.closing.resolve(brand_id, thread_id, told, caller, once=known)
    return ResolvedThread(**dict(ThreadShape.of(state)), draft_id=draft_id)


@router.post(
    "/{thread_id:path}/known",
    response_model=ThreadShape,
    responses=body_problems(404, 409),
    summary="Add what was found out about a thread",
)
async def add_known(
    thread_id: Annotated[str, Path(max_length=200, description="the tool's own id")],
    told: Annotated[News, Body(openapi_examples=examples.NEWS)],
    caller: Asking,
    services: Opened,
    brand: Annotated[str | None, Query(description="default: the key's own")] = None,
    key: OnceKey = None,
) -> ThreadShape:
    """Its open drafts go stale; a follow-up that waits is written anew and tells it.

    What is `private` guides a reply and never gets into a public one.
    """
    brand_id = brand_for(caller, brand)
    body = {"brand": brand_id, **told.model_dump(mode="json")}
    known = once(caller, f"known:{thread_id}", key, body)
    return ThreadShape.of(await services.knowing.add(brand_id, thread_id, told, caller, once=known))
