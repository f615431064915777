"""Assignment: who has a draft."""

from typing import Annotated

from fastapi import APIRouter, Body

from service.api import examples
from service.api.access import Asking, OnceKey, Opened, OwnDraft, once
from service.api.answers import body_problems
from service.domain.team import AssignmentRequest
from service.drafting.shape import DraftShape, flat

router = APIRouter(prefix="/v1/drafts", tags=["queue"])


@router.post(
    "/{draft_id}/assignment",
    response_model=DraftShape,
    responses=body_problems(404, 409),
    summary="Take a draft, or hand it over",
)
async def assign(
    draft: OwnDraft,
    asked: Annotated[AssignmentRequest, Body(openapi_examples=examples.ASSIGNMENTS)],
    caller: Asking,
    services: Opened,
    key: OnceKey = None,
) -> DraftShape:
    """Every key may take what nobody has, in its own name; a lead hands anything to anybody.

    The note goes to whoever gets the draft, and is kept with the hand-over.
    """
    known = once(caller, f"assignment:{draft.id}", key, asked.model_dump(mode="json"))
    return flat(await services.hand_overs.assign(draft.id, asked, caller, once=known))
