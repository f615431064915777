"""`amends report`: what was answered, how soon, what was promised, how drafts were used."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.asking import JsonOption, run, valid
from service.cli.opening import Opening, opening_of
from service.cli.printing import page, write_bytes, write_json
from service.cli.root import new_group

if TYPE_CHECKING:
    from service.bootstrap import Services
    from service.domain.reports import CoverageReport, Dimension, Report, ReportQuery, Row

app = new_group("Coverage, speed, promises and the use of drafts, over a period.")

BrandOption = Annotated[
    str | None, typer.Option("--brand", "-b", help="Only this brand; else all of them.")
]
FromOption = Annotated[
    datetime | None,
    typer.Option("--from", formats=["%Y-%m-%d"], help="First day; default: 29 days before --to."),
]
ToOption = Annotated[
    datetime | None,
    typer.Option("--to", formats=["%Y-%m-%d"], help="Last day; default: today, in its time zone."),
]
CsvOption = Annotated[bool, typer.Option("--csv", help="Give CSV, for spreadsheets.")]
Read = Callable[["Services", "ReportQuery"], Awaitable["Report[Row]"]]


@app.command()
def coverage(
    ctx: typer.Context,
    brand: BrandOption = None,
    first: FromOption = None,
    last: ToOption = None,
    by: Annotated[
        list[str] | None,
        typer.Option(metavar="WHAT", help="kind, language, channel or brand; may be repeated."),
    ] = None,
    limit: Annotated[int, typer.Option(min=0, max=10_000, help="How many to list.")] = 50,
    unanswered: Annotated[
        bool, typer.Option("--unanswered", help="With --csv: the list, not the shares.")
    ] = False,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
) -> None:
    """Show what was answered, and list the negatives that were not.

    Those between answered praise come first, hate last.

    [dim]amends report coverage --brand tidewell --by kind --by language[/dim]
    """
    from service.followup.coverage import COVERAGE_BY

    _require_one(as_json=as_json, as_csv=as_csv)
    asked = _query(brand, first, last, by, COVERAGE_BY)
    found = run(_coverage(opening_of(ctx), asked, limit))
    if as_csv and unanswered:
        from service.followup.report_rows import unanswered_csv

        write_bytes(unanswered_csv(found).encode())
    elif not _written(found, as_json=as_json, as_csv=as_csv):
        from service.cli.report_view import hate_line, report_view, unanswered_table

        page().print(report_view(found), hate_line(found), unanswered_table(found))


@app.command()
def speed(
    ctx: typer.Context,
    brand: BrandOption = None,
    first: FromOption = None,
    last: ToOption = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WHAT", help="kind, brand, language, channel or class; may be repeated."
        ),
    ] = None,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
) -> None:
    """Show how soon the first answer came, against its target.

    [dim]amends report speed --by class[/dim]
    """
    from service.followup.reports import SPEED_BY

    asked = _query(brand, first, last, by, SPEED_BY)
    _show(ctx, lambda services, query: services.reports.speed(query), asked, as_json, as_csv)


@app.command()
def commitments(
    ctx: typer.Context,
    brand: BrandOption = None,
    first: FromOption = None,
    last: ToOption = None,
    by: Annotated[
        list[str] | None,
        typer.Option(metavar="WHAT", help="owner or brand; may be repeated."),
    ] = None,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
) -> None:
    """Show what became of the promises made.

    [dim]amends report commitments --from 2026-11-01[/dim]
    """
    from service.followup.reports import COMMITMENTS_BY

    asked = _query(brand, first, last, by, COMMITMENTS_BY)
    _show(ctx, lambda services, query: services.reports.commitments(query), asked, as_json, as_csv)


@app.command()
def drafts(
    ctx: typer.Context,
    brand: BrandOption = None,
    first: FromOption = None,
    last: ToOption = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WHAT", help="kind, brand, language, prompt or model; may be repeated."
        ),
    ] = None,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
) -> None:
    """Show how drafts were used, and what people changed in them.

    [dim]amends report drafts --by prompt[/dim]
    """
    from service.followup.reports import DRAFTS_BY

    asked = _query(brand, first, last, by, DRAFTS_BY)
    _show(ctx, lambda services, query: services.reports.drafts(query), asked, as_json, as_csv)


def _query(
    brand: str | None,
    first: datetime | None,
    last: datetime | None,
    by: Sequence[str] | None,
    known: "Sequence[Dimension]",
) -> "ReportQuery":
    from service.domain.reports import ReportQuery
    from service.followup.period import require_known

    require_known(by or (), known)
    days = {"first": first.date() if first else None, "last": last.date() if last else None}
    return valid(ReportQuery, {"brand_id": brand, **days, "by": tuple(by or ())})


def _require_one(*, as_json: bool, as_csv: bool) -> None:
    if as_json and as_csv:
        raise typer.BadParameter("give either --json or --csv")


def _show(
    ctx: typer.Context, read: Read, asked: "ReportQuery", as_json: bool, as_csv: bool
) -> None:
    _require_one(as_json=as_json, as_csv=as_csv)
    found = run(_read(opening_of(ctx), read, asked))
    if not _written(found, as_json=as_json, as_csv=as_csv):
        from service.cli.report_view import report_view

        page().print(report_view(found))


def _written(found: "Report[Row]", *, as_json: bool, as_csv: bool) -> bool:
    """Whether it was written for a machine."""
    if as_json:
        write_json(found.model_dump(mode="json", by_alias=True))
    elif as_csv:
        from service.followup.report_rows import report_csv

        write_bytes(report_csv(found).encode())
    return as_json or as_csv


async def _coverage(opening: Opening, asked: "ReportQuery", limit: int) -> "CoverageReport":
    async with opening.services() as services:
        return await services.coverage.report(asked, limit=limit)


async def _read(opening: Opening, read: Read, asked: "ReportQuery") -> "Report[Row]":
    async with opening.services() as services:
        return await read(services, asked)
