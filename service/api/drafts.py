"""Drafts: ask for one, watch it, find it again."""

from typing import Annotated

from fastapi import APIRouter, Body, Header, Query, Request, Response
from fastapi.sse import EventSourceResponse

from service.api import examples
from service.api.access import Asking, OnceKey, Opened, OwnDraft, brand_for, once, require_brand
from service.api.answers import body_problems, problems
from service.api.paging import cursor_after, place_of
from service.api.shapes import DraftPage, RedraftRequest
from service.api.stream import EVENT_STREAM, watch
from service.domain.draft import Draft, DraftStatus
from service.domain.thread import Case
from service.drafting.shape import DraftShape, flat
from service.errors import InvalidInput

router = APIRouter(prefix="/v1/drafts", tags=["drafts"])
_STREAMED = {
    "description": "With `Accept: text/event-stream`: a `stage` event for each station "
    '(`{"stage", "detail"}`), then one `draft` event with the checked draft.',
    "content": {EVENT_STREAM: {"schema": {"type": "string"}}},
}
_LATER = {
    "model": DraftShape,
    "description": "Not ready within the wait; the work goes on. Look again at `Location`.",
}


@router.post(
    "",
    status_code=201,
    response_model=DraftShape,
    responses={200: _STREAMED, 202: _LATER, **body_problems(404, 409)},
    summary="Draft a reply to a complaint",
)
async def create_draft(
    case: Annotated[Case, Body(openapi_examples=examples.CASES)],
    request: Request,
    response: Response,
    caller: Asking,
    services: Opened,
    key: OnceKey = None,
    accept: Annotated[str, Header(include_in_schema=False)] = "",
) -> DraftShape | EventSourceResponse:
    """Store the complaint, then answer with its draft: checked, and held until a human decides.

    Also taken while the models are still loading: the complaint is stored at once.
    """
    brand_id = brand_for(caller, case.brand)
    _require_model_name(case.options.model)
    body = {"brand": brand_id, "case": case.model_dump(mode="json")}
    known = once(caller, "drafts", key, body)
    draft_id = await services.drafts.create(case, brand_id, caller, once=known)
    if EVENT_STREAM in accept:
        return await watch(services, draft_id, request.url.path)
    draft = await services.drafts.wait(draft_id, case.options.wait_s)
    response.headers["Location"] = f"/v1/drafts/{draft_id}"
    response.status_code = _status(draft, ready=201)
    return flat(draft)


@router.get("", response_model=DraftPage, responses=problems(), summary="List drafts")
async def list_drafts(
    caller: Asking,
    services: Opened,
    brand: Annotated[str | None, Query(description="default: all that the key may see")] = None,
    status: DraftStatus | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> DraftPage:
    """Newest first, without their attempts; hand `next_cursor` back for the next page."""
    if brand is not None:
        require_brand(caller, brand)
    rows = await services.drafts.page(
        brand_id=brand or caller.brand_id, status=status, limit=limit + 1, after=place_of(cursor)
    )
    page = rows[:limit]
    more = cursor_after(page[-1]) if len(rows) > limit else None
    return DraftPage(items=tuple(flat(draft) for draft in page), next_cursor=more)


@router.get(
    "/{draft_id}", response_model=DraftShape, responses=problems(404), summary="Show a draft"
)
async def show_draft(draft: OwnDraft) -> DraftShape:
    """The draft with its evidence, its checks, its attempts and its provenance."""
    return flat(draft)


@router.post(
    "/{draft_id}/redraft",
    response_model=DraftShape,
    responses={202: _LATER, **body_problems(404, 409)},
    summary="Draft a failed, stale or rejected one again",
)
async def redraft(
    draft: OwnDraft,
    response: Response,
    caller: Asking,
    services: Opened,
    asked: Annotated[RedraftRequest, Body(openapi_examples=examples.REDRAFTS)] = RedraftRequest(),  # noqa: B008 (frozen)
    key: OnceKey = None,
) -> DraftShape:
    """Begin a new version of the same draft, on the thread as it is now."""
    known = once(caller, f"redraft:{draft.id}", key, asked.model_dump(mode="json"))
    await services.drafts.redraft(draft.id, caller, once=known)
    redrafted = await services.drafts.wait(draft.id, asked.wait_s)
    response.headers["Location"] = f"/v1/drafts/{draft.id}"
    response.status_code = _status(redrafted, ready=200)
    return flat(redrafted)


def _status(draft: Draft, *, ready: int) -> int:
    return 202 if draft.status is DraftStatus.DRAFTING else ready


def _require_model_name(model: str | None) -> None:
    """A name may carry an address after `@`; a caller must not choose where complaints go."""
    if model is not None and "@" in model:
        raise InvalidInput("options.model: give a model's name without an address")
