"""`amends check`: what the guardrails say about replies that somebody else wrote."""

from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.asking import (
    BrandOption,
    Brands,
    ChannelOption,
    InputOption,
    JsonOption,
    OutputOption,
    one_of,
    required,
    run,
    valid,
)
from service.cli.lines import STREAM, Answer, Batch, Row, writer
from service.cli.opening import Opening, opening_of
from service.cli.printing import page, write_json

if TYPE_CHECKING:
    from service.domain.checks import CheckReport


def check(
    ctx: typer.Context,
    text: Annotated[str | None, typer.Argument(help="The reply, in quotes.")] = None,
    brand: BrandOption = None,
    complaint: Annotated[
        str | None, typer.Option("--complaint", help="What the reply answers, in quotes.")
    ] = None,
    source: InputOption = None,
    target: OutputOption = STREAM,
    channel: ChannelOption = "other",
    as_json: JsonOption = False,
) -> None:
    """Check replies by the same guardrails that check our own drafts.

    [dim]amends check --brand tidewell "Sorry if you feel so." --complaint "Nobody came."[/dim]

    [dim]amends check --brand tidewell --input replies.jsonl --output reports.jsonl[/dim]
    """
    one_of(text, source)
    opening = opening_of(ctx)
    if source is not None:
        run(_many(opening, brand, Batch.read(source, target, "reports")))
        return
    if complaint is None:
        raise typer.BadParameter("one reply needs --complaint: the checks compare the two")
    asked = {"reply": text, "complaint": {"text": complaint}, "channel": channel}
    report = run(_one(opening, required(brand), asked))
    _give(report, target, as_json)


def _give(report: "CheckReport", target: str, as_json: bool) -> None:
    if target != STREAM:
        with writer(target) as write:
            write(_line(report, None))
    elif as_json:
        write_json(_line(report, None))
    else:
        from service.cli.draft_view import report_view

        page().print(report_view(report))


async def _many(opening: Opening, brand: str | None, batch: Batch) -> None:
    from service.domain.thread import ReplyToCheck

    async with opening.services() as services:
        brands = Brands(services, brand)
        await brands.require_chosen()

        async def work(row: Row) -> Answer:
            asked: ReplyToCheck = ReplyToCheck.model_validate(row.value)
            report = await services.checker.check(asked, await brands.of(asked))
            return _line(report, asked.id)

        await batch.run(work)


async def _one(opening: Opening, brand: str, value: Answer) -> "CheckReport":
    from service.domain.thread import ReplyToCheck

    asked = valid(ReplyToCheck, value)
    async with opening.services() as services:
        return await services.checker.check(asked, await services.library.brand(brand))


def _line(report: "CheckReport", case_id: str | None) -> Answer:
    return {"id": case_id, **report.model_dump(mode="json")}
