"""The queue: what waits for a human."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from service.api.access import Asking, Opened, require_brand
from service.api.answers import problems
from service.api.paging import cursor_of, odd_cursor, parts_of
from service.api.shapes import Queue
from service.domain.base import as_utc
from service.domain.draft import Draft
from service.domain.queue import Place, QueueFilter, WaitingStatus
from service.domain.triage import Kind
from service.drafting.shape import waiting

router = APIRouter(prefix="/v1/queue", tags=["queue"])


@router.get("", response_model=Queue, responses=problems(), summary="What waits for a human")
async def show_queue(
    caller: Asking,
    services: Opened,
    brand: Annotated[str | None, Query(description="default: all that the key may see")] = None,
    assignee: Annotated[
        str | None,
        Query(description="a name, `none` for nobody's, `left` for those of people who left"),
    ] = None,
    kind: Kind | None = None,
    language: Annotated[str | None, Query(description="the customer's", examples=["pl"])] = None,
    status: WaitingStatus | None = None,
    overdue: Annotated[bool | None, Query(description="past the deadline, or not")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Queue:
    """Danger to people first, then what is sensitive otherwise, the upset and those who ask again,
    the rest, and praise; the nearest deadline first within.

    Hand `next_cursor` back for the next page. Attempts are left out: see the draft itself.
    """
    if brand is not None:
        require_brand(caller, brand)
    wanted = QueueFilter(
        brand_id=brand or caller.brand_id,
        assignee=assignee,
        kind=kind,
        language=language,
        status=status,
        overdue=overdue,
    )
    rows = await services.queue.page(wanted, limit=limit + 1, after=_place_of(cursor))
    page, now = rows[:limit], services.now()
    more = _cursor_after(page[-1]) if len(rows) > limit else None
    return Queue(
        items=tuple(waiting(draft, now) for draft in page),
        next_cursor=more,
        drafting=await services.queue.under_way(wanted.brand_id),
    )


def _cursor_after(draft: Draft) -> str:
    due = draft.deadline_at.isoformat() if draft.deadline_at else ""
    return cursor_of(str(draft.rank), due, draft.id)


def _place_of(cursor: str | None) -> Place | None:
    parts = parts_of(cursor, 3)
    if parts is None:
        return None
    rank, due, draft_id = parts
    try:
        return Place(int(rank), as_utc(datetime.fromisoformat(due)) if due else None, draft_id)
    except ValueError as exc:
        raise odd_cursor() from exc
