"""Commitments: what was promised, by whom, and what became of it."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path, Query

from service.api import examples
from service.api.access import Asking, Opened, require_brand
from service.api.answers import body_problems, problems
from service.api.paging import cursor_of, place_of
from service.domain.base import Frozen, UtcTime
from service.domain.commitment import (
    Commitment,
    CommitmentChange,
    CommitmentFilter,
    CommitmentShape,
    CommitmentStatus,
)

router = APIRouter(prefix="/v1/commitments", tags=["commitments"])


class CommitmentPage(Frozen):
    """Some promises, the first one due first; `next_cursor` is null at the end."""

    items: tuple[CommitmentShape, ...]
    next_cursor: str | None


async def _own_commitment(
    commitment_id: Annotated[str, Path(description="the commitment's id")],
    services: Opened,
    caller: Asking,
) -> Commitment:
    promise = await services.commitments.get(commitment_id)
    require_brand(caller, promise.brand_id)
    return promise


@router.get("", response_model=CommitmentPage, responses=problems(), summary="List promises")
async def list_commitments(
    caller: Asking,
    services: Opened,
    brand: Annotated[str | None, Query(description="default: all that the key may see")] = None,
    status: CommitmentStatus | None = None,
    owner: Annotated[
        str | None, Query(description="a name, or `left`: people who are gone")
    ] = None,
    overdue: Annotated[bool | None, Query(description="open and past its time, or not")] = None,
    due_before: UtcTime | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> CommitmentPage:
    """The first one due first; hand `next_cursor` back for the next page."""
    if brand is not None:
        require_brand(caller, brand)
    now = services.now()
    wanted = CommitmentFilter(
        now=now,
        brand_id=brand or caller.brand_id,
        status=status,
        owner=owner,
        overdue=overdue,
        due_before=due_before,
    )
    rows = await services.commitments.page(wanted, limit=limit + 1, after=place_of(cursor))
    page = rows[:limit]
    more = cursor_of(page[-1].due_at.isoformat(), page[-1].id) if len(rows) > limit else None
    items = tuple(CommitmentShape.of(promise, now) for promise in page)
    return CommitmentPage(items=items, next_cursor=more)


@router.patch(
    "/{commitment_id}",
    response_model=CommitmentShape,
    responses=body_problems(404, 409),
    summary="Close a promise, open it again, or move it",
)
async def change_commitment(
    promise: Annotated[Commitment, Depends(_own_commitment)],
    asked: Annotated[CommitmentChange, Body(openapi_examples=examples.CHANGES)],
    caller: Asking,
    services: Opened,
) -> CommitmentShape:
    """`broken` and `withdrawn` need a note, so do another owner or time and opening it again.

    Every key may say what became of a promise; another owner or time needs a reviewer.
    """
    after = await services.commitments.change(promise.id, asked, caller)
    return CommitmentShape.of(after, services.now())
