"""The queue: what waits for a human."""

from typing import Annotated

from fastapi import APIRouter, Query

from service.api.access import Asking, Opened, require_brand
from service.api.answers import problems
from service.api.shapes import Queue
from service.drafting.shape import waiting

router = APIRouter(prefix="/v1/queue", tags=["queue"])


@router.get("", response_model=Queue, responses=problems(), summary="What waits for a human")
async def show_queue(
    caller: Asking,
    services: Opened,
    brand: Annotated[str | None, Query(description="default: all that the key may see")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> Queue:
    """The nearest deadline first, with the minutes that are left."""
    if brand is not None:
        require_brand(caller, brand)
    drafts = await services.drafts.queue(brand_id=brand or caller.brand_id, limit=limit)
    now = services.now()
    return Queue(items=tuple(waiting(draft, now) for draft in drafts))
