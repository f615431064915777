"""Checks: what the guardrails say about a reply that somebody wrote."""

from typing import Annotated

from fastapi import APIRouter, Body

from service.api import examples
from service.api.access import Asking, Opened, brand_for, require_warm
from service.api.answers import body_problems
from service.api.shapes import ReportShape
from service.domain.thread import ReplyToCheck

router = APIRouter(prefix="/v1/checks", tags=["checks"])


@router.post("", response_model=ReportShape, responses=body_problems(404), summary="Check a reply")
async def check_reply(
    asked: Annotated[ReplyToCheck, Body(openapi_examples=examples.REPLIES)],
    caller: Asking,
    services: Opened,
) -> ReportShape:
    """Nothing is stored. What the body leaves out is retrieved; an empty list means none."""
    brand = await services.library.brand(brand_for(caller, asked.brand))
    require_warm(services)
    return ReportShape.of(asked.id, await services.checker.check(asked, brand))
