"""Good examples: an approved reply that people want to see more of."""

from typing import Annotated

from fastapi import APIRouter, Body, Path, Query

from service.api import examples
from service.api.access import Asking, Lead, OnceKey, Opened, OwnBrand, OwnDraft, Warm, once
from service.api.answers import body_problems, problems
from service.api.paging import cursor_of, place_of
from service.api.shapes import ExamplePage, MarkRequest
from service.domain.learning import ExampleDecision, ExampleMark, ExampleStatus

router = APIRouter(prefix="/v1", tags=["learning"])
_EXAMPLES = "/brands/{brand}/examples"
FromDraft = Annotated[str, Path(description="the draft that the example comes from")]


@router.post(
    "/drafts/{draft_id}/example",
    status_code=201,
    response_model=ExampleMark,
    responses=body_problems(404, 409),
    summary="Call an approved reply a good example",
)
async def mark_example(
    draft: OwnDraft,
    asked: Annotated[MarkRequest, Body(openapi_examples=examples.MARKS)],
    caller: Asking,
    services: Opened,
    key: OnceKey = None,
) -> ExampleMark:
    """Complaint and reply without personal data, proposed as a past reply; nothing counts yet.

    `twin_of` names a past reply that is nearly the same. Holding replies, replies approved against
    a blocking check, and copies of a past reply are refused.
    """
    known = once(caller, f"example:{draft.id}", key, asked.model_dump(mode="json"))
    return await services.examples.mark(draft.id, asked.by, once=known)


@router.get(
    _EXAMPLES, response_model=ExamplePage, responses=problems(404), summary="List good examples"
)
async def list_examples(
    brand: OwnBrand,
    services: Opened,
    status: Annotated[ExampleStatus | None, Query(description="only those")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> ExamplePage:
    """Newest first; hand `next_cursor` back for the next page."""
    rows = await services.examples.page(
        brand.id, status=status, limit=limit + 1, after=place_of(cursor)
    )
    last = rows[limit - 1] if len(rows) > limit else None
    more = cursor_of(last.created_at.isoformat(), last.draft_id) if last else None
    return ExamplePage(items=tuple(rows[:limit]), next_cursor=more)


@router.get(
    _EXAMPLES + "/{draft_id}",
    response_model=ExampleMark,
    responses=problems(404),
    summary="Show a good example",
)
async def show_example(brand: OwnBrand, draft_id: FromDraft, services: Opened) -> ExampleMark:
    """The example as it would stand among the past replies."""
    return await services.examples.get(brand.id, draft_id)


@router.post(
    _EXAMPLES + "/{draft_id}/decisions",
    response_model=ExampleMark,
    responses=body_problems(404, 409),
    summary="Accept or decline a good example",
)
async def decide_example(
    brand: OwnBrand,
    draft_id: FromDraft,
    asked: Annotated[ExampleDecision, Body(openapi_examples=examples.EXAMPLE_DECISIONS)],
    caller: Lead,
    services: Warm,
    key: OnceKey = None,
) -> ExampleMark:
    """The second look: accepted, in other words if need be, it is a past reply of the brand.

    With four eyes nobody accepts what they marked. A declined example stays declined.
    """
    known = once(caller, f"examples:{draft_id}", key, asked.model_dump(mode="json"))
    return await services.examples.decide(brand, draft_id, asked, caller, once=known)
