"""Triage: what is known about a complaint before anything is drafted."""

from typing import Annotated

from fastapi import APIRouter, Body

from service.api import examples
from service.api.access import Asking, Opened, brand_for, require_warm
from service.api.answers import body_problems
from service.api.shapes import TriageShape
from service.domain.thread import Case

router = APIRouter(prefix="/v1/triage", tags=["triage"])


@router.post(
    "", response_model=TriageShape, responses=body_problems(404), summary="Triage a complaint"
)
async def triage(
    case: Annotated[Case, Body(openapi_examples=examples.CASES)],
    caller: Asking,
    services: Opened,
) -> TriageShape:
    """Kind, language, sensitivities, issues, move and deadline. Nothing is stored."""
    from service.embedding.embedder import TextVectors  # imported already, by the services

    brand = await services.library.brand(brand_for(caller, case.brand))
    require_warm(services)
    found = await services.triager.triage(case, brand, TextVectors(services.embedder))
    return TriageShape.of(case.id, found)
