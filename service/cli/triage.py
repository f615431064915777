"""`amends triage`: what is known about a complaint before anything is drafted; asks no model."""

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
    from service.bootstrap import Services
    from service.domain.brand import Brand
    from service.domain.thread import Case


def triage(
    ctx: typer.Context,
    text: Annotated[str | None, typer.Argument(help="The complaint, in quotes.")] = None,
    brand: BrandOption = None,
    source: InputOption = None,
    target: OutputOption = STREAM,
    channel: ChannelOption = "other",
    as_json: JsonOption = False,
) -> None:
    """Say what a message is, what it asks for, and how soon an answer is due.

    [dim]amends triage --brand tidewell "The dryer smells of burning."[/dim]

    [dim]amends triage --brand tidewell --input cases.jsonl --output triage.jsonl[/dim]
    """
    one_of(text, source)
    opening = opening_of(ctx)
    if source is not None:
        run(_many(opening, brand, Batch.read(source, target, "triage")))
        return
    found = run(_one(opening, required(brand), text or "", channel))
    if target != STREAM:
        with writer(target) as write:
            write(found)
    elif as_json:
        write_json(found)
    else:
        _show(found)


async def _many(opening: Opening, brand: str | None, batch: Batch) -> None:
    from service.domain.thread import Case

    async with opening.services() as services:
        brands = Brands(services, brand)
        await brands.require_chosen()

        async def work(row: Row) -> Answer:
            case = Case.model_validate(row.value)
            return await _read(services, case, await brands.of(case))

        await batch.run(work)


async def _one(opening: Opening, brand: str, text: str, channel: str) -> Answer:
    from service.domain.thread import Case

    case = valid(Case, {"complaint": {"text": text}, "channel": channel})
    async with opening.services() as services:
        return await _read(services, case, await services.library.brand(brand))


async def _read(services: "Services", case: "Case", brand: "Brand") -> Answer:
    from service.embedding.embedder import TextVectors

    found = await services.triager.triage(case, brand, TextVectors(services.embedder))
    return {"id": case.id, "brand": brand.id, **found.model_dump(mode="json")}


def _show(found: Answer) -> None:
    from rich.table import Table

    from service.cli.printing import plain

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    move = found["move"]
    owner = f" ({move['owner']})" if move["owner"] else ""
    rows = {
        "kind": found["kind"],
        "language": found["language"],
        "move": f"{move['kind'].replace('_', ' ')}: {move['reason']}{owner}",
        "due": f"{found['deadline_class']}, {found['deadline_at'] or 'no time'}",
        "sensitive": ", ".join(found["sensitivities"]) or "no",
        "instructions inside": "yes, they are ignored" if found["injection_suspected"] else "no",
        "issues": "\n".join(issue["text"] for issue in found["issues"]) or "none",
    }
    for name, words in rows.items():
        table.add_row(name, plain(words))
    page().print(table)
