"""Decisions: what a human does with a draft."""

from typing import Annotated

from fastapi import APIRouter, Body

from service.api import examples
from service.api.access import Asking, OnceKey, Opened, OwnDraft, once, require_warm
from service.api.answers import body_problems
from service.domain.review import DecisionKind, DecisionRequest
from service.drafting.shape import DraftShape, flat

router = APIRouter(prefix="/v1/drafts", tags=["decisions"])


@router.post(
    "/{draft_id}/decisions",
    response_model=DraftShape,
    responses=body_problems(404, 409),
    summary="Approve, edit, reject, escalate or ignore a draft",
)
async def decide(
    draft: OwnDraft,
    asked: Annotated[DecisionRequest, Body(openapi_examples=examples.DECISIONS)],
    caller: Asking,
    services: Opened,
    key: OnceKey = None,
) -> DraftShape:
    """Agents may edit, reviewers decide, leads override; `expected_version` guards both."""
    if asked.decision is DecisionKind.EDIT:
        require_warm(services)  # the new text is checked
    known = once(caller, f"decisions:{draft.id}", key, asked.model_dump(mode="json"))
    return flat(await services.review.decide(draft.id, asked, caller, once=known))
