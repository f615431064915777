"""Knowledge: a brand's policy and past replies, read, replaced and searched."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Body, Query

from service.api import examples
from service.api.access import Lead, Opened, OwnBrand, Warm
from service.api.answers import body_problems, problems
from service.api.shapes import Found, PastReplies, Policies, Replaced

if TYPE_CHECKING:
    from service.knowledge.library import ImportResult

router = APIRouter(prefix="/v1/brands/{brand}", tags=["knowledge"])


@router.get(
    "/policies", response_model=Policies, responses=problems(404), summary="Show a brand's policy"
)
async def show_policies(brand: OwnBrand, services: Opened) -> Policies:
    """Every version of every passage, superseded ones too."""
    return Policies(items=tuple(await services.library.policy(brand.id)))


@router.put(
    "/policies",
    response_model=Replaced,
    responses=body_problems(404),
    summary="Replace a brand's policy",
)
async def replace_policies(
    brand: OwnBrand,
    wanted: Annotated[Policies, Body(openapi_examples=examples.POLICIES)],
    caller: Lead,
    services: Warm,
) -> Replaced:
    """All of it or nothing; only texts that changed are embedded again."""
    done = await services.library.replace(brand, policy=wanted.items, actor=caller.name)
    return _replaced(done)


@router.get(
    "/past-replies",
    response_model=PastReplies,
    responses=problems(404),
    summary="Show a brand's past replies",
)
async def show_past_replies(brand: OwnBrand, services: Opened) -> PastReplies:
    """Every past reply: examples of style, never a source of facts."""
    return PastReplies(items=tuple(await services.library.past_replies(brand.id)))


@router.put(
    "/past-replies",
    response_model=Replaced,
    responses=body_problems(404),
    summary="Replace a brand's past replies",
)
async def replace_past_replies(
    brand: OwnBrand,
    wanted: Annotated[PastReplies, Body(openapi_examples=examples.PAST_REPLIES)],
    caller: Lead,
    services: Warm,
) -> Replaced:
    """All of them or nothing; only texts that changed are embedded again."""
    done = await services.library.replace(brand, past_replies=wanted.items, actor=caller.name)
    return _replaced(done)


@router.get(
    "/search", response_model=Found, responses=problems(404), summary="Search a brand's knowledge"
)
async def search(
    brand: OwnBrand,
    services: Warm,
    q: Annotated[str, Query(min_length=1, max_length=2000, examples=["refund not received"])],
    top: Annotated[int, Query(ge=1, le=50, description="rows of each kind at most")] = 5,
    every: Annotated[bool, Query(alias="all", description="no cut-off")] = False,
) -> Found:
    """By meaning and by words, best first; nothing where nothing is relevant."""
    from service.embedding.embedder import TextVectors  # imported already, by the services
    from service.knowledge.retriever import Query as Wanted
    from service.text.language import detect

    wanted = Wanted(
        points=(q,),
        language=detect(q, brand.languages),
        today=services.now().date(),
        cut_off=not every,
        policy=top,
        past_replies=top,
    )
    found = await services.retriever.retrieve(brand, wanted, TextVectors(services.embedder))
    return Found(policy=found.policy, past_replies=found.past_replies)


def _replaced(done: "ImportResult") -> Replaced:
    fields = asdict(done)
    return Replaced(brand=fields.pop("brand_id"), **fields)
