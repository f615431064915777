"""Reports: what was answered, how soon, what was promised, how drafts were used."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from service.api.access import Opened, Reviewer, require_brand
from service.api.answers import Responses, problems
from service.api.paging import cursor_of, parts_of
from service.domain.base import as_utc
from service.domain.reports import (
    CommitmentsRow,
    CoverageReport,
    Dimension,
    DraftsRow,
    Place,
    Report,
    ReportQuery,
    SpeedRow,
)
from service.errors import InvalidInput

router = APIRouter(prefix="/v1/reports", tags=["reports"])
CSV = "text/csv"
_CURSOR_PARTS = 3


class Format(StrEnum):
    """How an answer is written."""

    JSON = "json"
    CSV = "csv"


class Listed(StrEnum):
    """Which table of the coverage report is the CSV."""

    SHARES = "shares"
    UNANSWERED = "unanswered"


class CoveragePage(CoverageReport):
    """Coverage; `next_cursor` leads to more of what is unanswered and is null at the end."""

    next_cursor: str | None


async def _asked(
    caller: Reviewer,
    brand: Annotated[str | None, Query(description="default: all that the key may see")] = None,
    first: Annotated[
        date | None, Query(alias="from", description="first day; default: 29 days before `to`")
    ] = None,
    last: Annotated[date | None, Query(alias="to", description="last day; default: today")] = None,
    by: Annotated[list[Dimension] | None, Query(description="may be repeated")] = None,
) -> ReportQuery:
    if brand is not None:
        require_brand(caller, brand)
    return ReportQuery(
        brand_id=brand or caller.brand_id, first=first, last=last, by=tuple(by or ())
    )


async def _wants_csv(
    chosen: Annotated[
        Format | None, Query(alias="format", description="default: what Accept asks for")
    ] = None,
    accept: Annotated[str, Header()] = "",
) -> bool:
    if chosen is not None:
        return chosen is Format.CSV
    return any(part.split(";")[0].strip().lower() == CSV for part in accept.split(","))


Asked = Annotated[ReportQuery, Depends(_asked)]
AsCsv = Annotated[bool, Depends(_wants_csv)]


def _answers() -> Responses:
    table: dict[str, Any] = {"schema": {"type": "string"}}
    return {**problems(404), 200: {"description": "The report.", "content": {CSV: table}}}


def _csv(content: str, name: str) -> Response:
    disposition = f'attachment; filename="{name}.csv"'
    return Response(content, media_type=CSV, headers={"Content-Disposition": disposition})


@router.get(
    "/coverage",
    response_model=CoveragePage,
    responses=_answers(),
    summary="What was answered, and what was not",
)
async def coverage(
    request: Request,
    asked: Asked,
    as_csv: AsCsv,
    services: Opened,
    limit: Annotated[int, Query(ge=0, le=1000, description="0: shares alone")] = 50,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
    table: Annotated[Listed, Query(description="which one, as CSV")] = Listed.SHARES,
) -> CoveragePage | Response:
    """Shares by kind, language, channel or brand; then the negatives without an answer.

    Those between answered praise come first, hate last, the oldest first. As CSV the next page is
    in the `Link` header.
    """
    from service.followup.report_rows import report_csv, unanswered_csv

    shares = as_csv and table is Listed.SHARES
    found = await services.coverage.report(
        asked, limit=0 if shares else limit, after=_place_of(cursor)
    )
    following = _cursor_after(found)
    if not as_csv:
        fields = {name: getattr(found, name) for name in CoverageReport.model_fields}
        return CoveragePage(**fields, next_cursor=following)
    if shares:
        return _csv(report_csv(found), "coverage")
    answer = _csv(unanswered_csv(found), "unanswered")
    if following is not None:
        address = request.url.include_query_params(cursor=following)
        answer.headers["Link"] = f'<{address}>; rel="next"'
    return answer


@router.get(
    "/speed",
    response_model=Report[SpeedRow],
    responses=_answers(),
    summary="How soon the first answer came",
)
async def speed(asked: Asked, as_csv: AsCsv, services: Opened) -> Report[SpeedRow] | Response:
    """By kind, brand, language, channel or class; whoever waits past the target is a miss."""
    from service.followup.report_rows import report_csv

    found = await services.reports.speed(asked)
    return _csv(report_csv(found), "speed") if as_csv else found


@router.get(
    "/commitments",
    response_model=Report[CommitmentsRow],
    responses=_answers(),
    summary="What became of promises",
)
async def commitments(
    asked: Asked, as_csv: AsCsv, services: Opened
) -> Report[CommitmentsRow] | Response:
    """Those made in the period, by owner or brand."""
    from service.followup.report_rows import report_csv

    found = await services.reports.commitments(asked)
    return _csv(report_csv(found), "commitments") if as_csv else found


@router.get(
    "/drafts",
    response_model=Report[DraftsRow],
    responses=_answers(),
    summary="How drafts were used",
)
async def drafts(asked: Asked, as_csv: AsCsv, services: Opened) -> Report[DraftsRow] | Response:
    """As they were, edited or thrown away; by kind, brand, language, prompt version or model."""
    from service.followup.report_rows import report_csv

    found = await services.reports.drafts(asked)
    return _csv(report_csv(found), "drafts") if as_csv else found


def _cursor_after(found: CoverageReport) -> str | None:
    if not found.more:
        return None
    last = found.unanswered[-1]
    return cursor_of(last.place, last.asked_at.isoformat(), last.draft_id)


def _place_of(cursor: str | None) -> tuple[Place, datetime, str] | None:
    parts = parts_of(cursor, _CURSOR_PARTS)
    if parts is None:
        return None
    try:
        return Place(parts[0]), as_utc(datetime.fromisoformat(parts[1])), parts[2]
    except ValueError as exc:
        raise InvalidInput("cursor: hand back next_cursor just as it came") from exc
