"""Knowledge: a brand's policy and past replies, read, replaced and searched."""

from typing import Annotated

from fastapi import APIRouter, Body, Query

from service.api import examples
from service.api.access import Lead, OnceKey, Opened, OwnBrand, Warm, once
from service.api.answers import body_problems, problems
from service.api.paging import cursor_of, parts_of
from service.api.shapes import Found, PastReplies, PastReplyPage, Policies, PolicyPage, Replaced

router = APIRouter(prefix="/v1/brands/{brand}", tags=["knowledge"])

Limit = Annotated[int, Query(ge=1, le=1000, description="rows at most")]
Cursor = Annotated[str | None, Query(max_length=600, description="next_cursor of the page before")]
DryRun = Annotated[bool, Query(description="answer what would change, and change nothing")]

AllowEmpty = Annotated[
    bool, Query(description="take `items` without a row for what was meant, where there were some")
]


@router.get(
    "/policies", response_model=PolicyPage, responses=problems(404), summary="Show a brand's policy"
)
async def show_policies(
    brand: OwnBrand, services: Opened, limit: Limit = 500, cursor: Cursor = None
) -> PolicyPage:
    """Every version of every passage by id, superseded ones too."""
    place = parts_of(cursor, 2)
    after = (place[0], place[1]) if place else None
    rows = await services.library.policy(brand.id, after=after, limit=limit + 1)
    last = rows[limit - 1] if len(rows) > limit else None
    more = cursor_of(last.id, last.version) if last else None
    return PolicyPage(items=tuple(rows[:limit]), next_cursor=more)


@router.put(
    "/policies",
    response_model=Replaced,
    responses=body_problems(404, 409),
    summary="Replace a brand's policy",
)
async def replace_policies(
    brand: OwnBrand,
    wanted: Annotated[Policies, Body(openapi_examples=examples.POLICIES)],
    caller: Lead,
    services: Warm,
    dry_run: DryRun = False,
    allow_empty: AllowEmpty = False,
    key: OnceKey = None,
) -> Replaced:
    """Make the rows that are sent the brand's whole policy: all of them or, where one is bad, none.

    Of one id's versions the newest is in force; an older one is superseded unless it names its
    `status`. A version that is not sent is gone: send it as `superseded` to let drafts be checked
    against what was true before. Waiting drafts that cite what changed become stale. No rows at
    all are refused where the brand had some, unless `allow_empty` says that it is meant.
    """
    done = await services.library.update(
        brand.id,
        policy=wanted.items,
        actor=caller.name,
        dry_run=dry_run,
        allow_empty=allow_empty,
        once=once(caller, f"policies:{brand.id}", key, wanted.model_dump(mode="json")),
    )
    return Replaced.of(done)


@router.get(
    "/past-replies",
    response_model=PastReplyPage,
    responses=problems(404),
    summary="Show a brand's past replies",
)
async def show_past_replies(
    brand: OwnBrand, services: Opened, limit: Limit = 500, cursor: Cursor = None
) -> PastReplyPage:
    """Past replies by id: examples of style, never a source of facts."""
    place = parts_of(cursor, 1)
    after = place[0] if place else None
    rows = await services.library.past_replies(brand.id, after=after, limit=limit + 1)
    more = cursor_of(rows[limit - 1].id) if len(rows) > limit else None
    return PastReplyPage(items=tuple(rows[:limit]), next_cursor=more)


@router.put(
    "/past-replies",
    response_model=Replaced,
    responses=body_problems(404, 409),
    summary="Replace a brand's past replies",
)
async def replace_past_replies(
    brand: OwnBrand,
    wanted: Annotated[PastReplies, Body(openapi_examples=examples.PAST_REPLIES)],
    caller: Lead,
    services: Warm,
    dry_run: DryRun = False,
    allow_empty: AllowEmpty = False,
    key: OnceKey = None,
) -> Replaced:
    """Make the rows that are sent all of the brand's: all of them or, where one is bad, none.

    No rows at all are refused where the brand had some, unless `allow_empty` says that it is meant.
    """
    done = await services.library.update(
        brand.id,
        past_replies=wanted.items,
        actor=caller.name,
        dry_run=dry_run,
        allow_empty=allow_empty,
        once=once(caller, f"past-replies:{brand.id}", key, wanted.model_dump(mode="json")),
    )
    return Replaced.of(done)


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
    from service.knowledge.query import Query as Wanted  # imported already, by the services
    from service.text.language import detect

    wanted = Wanted(
        points=(q,),
        language=detect(q, brand.languages),
        today=brand.today(services.now()),
        cut_off=not every,
        policy=top,
        past_replies=top,
    )
    found = await services.retriever.retrieve(brand, wanted)
    return Found(policy=found.policy, past_replies=found.past_replies, cut=found.cut)
