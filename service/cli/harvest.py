"""`amends eval harvest` and `confirm`: reviewers' decisions become cases, once a person says so."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.asking import JsonOption, run
from service.cli.opening import Opening, opening_of
from service.cli.printing import page, plain, say, write_json

if TYPE_CHECKING:
    from evals.harvest import Candidate

CandidatesArgument = Annotated[
    Path,
    typer.Argument(metavar="FILE", help="The candidates, as `amends eval harvest` wrote them."),
]


def harvest(
    ctx: typer.Context,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="New candidates go to its end.")
    ],
    brand: Annotated[str | None, typer.Option("--brand", "-b", help="Only this brand's.")] = None,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="Decided on that day or later."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Turn edited and rejected drafts into candidate cases, without personal data.

    What is in the file already is never written again. Read each one before you confirm it.

    [dim]amends eval harvest --brand tidewell --since 2026-11-01 --output candidates.jsonl[/dim]
    """
    from evals.harvest import add, unknown_brands

    found = run(_candidates(opening_of(ctx), brand, since))
    new = add(output, found)
    if unknown := unknown_brands([brand, *(row.case.brand for row in found)]):
        say(
            f"warning: the evals have no brand {', '.join(unknown)}, so its rows can't be "
            "confirmed: put its brand.yaml and policies.jsonl into evals/guards/brands first"
        )
    if as_json:
        write_json({"found": len(found), "added": [row.id for row in new]})
        return
    page().print(plain(f"{len(new)} new candidates in {output}, {len(found) - len(new)} known"))
    for row in new:
        page().print(plain(f"  {row.id}  {row.note}"))


def confirm(
    candidates: CandidatesArgument,
    by: Annotated[str, typer.Option(help="Who confirms; the case keeps the name.")],
    cases: Annotated[
        Path | None,
        typer.Option("--cases", metavar="FILE", help="Where to; default: where suites read it."),
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--id", metavar="ID", help="Only this one; may be repeated.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Move candidates that say under `must` what a good reply does into the suites' dev split.

    [dim]amends eval confirm candidates.jsonl --by Marta[/dim]
    """
    from evals import harvest as harvested

    done = harvested.confirm(candidates, cases, by=by, only=only or ())
    if as_json:
        write_json({"moved": list(done.moved), "unready": list(done.unready)})
        return
    read = "of the split dev from now on" if done.is_read else "which no suite reads"
    page().print(plain(f"{len(done.moved)} cases moved to {done.cases}, {read}"))
    for row_id in done.unready:
        page().print(plain(f"  {row_id} waits: {harvested.TO_SAY}", "yellow"))


def add_to(app: typer.Typer) -> None:
    """Hang both commands on the group."""
    app.command("harvest")(harvest)
    app.command("confirm")(confirm)


async def _candidates(
    opening: Opening, brand: str | None, since: datetime | None
) -> "list[Candidate]":
    from evals.harvest import candidate_of
    from service.review.learning import Learning

    start = since.replace(tzinfo=UTC) if since else None
    async with opening.services() as services:
        if brand is not None:
            await services.library.brand(brand)
        decided = Learning(services.database).decided(brand_id=brand, since=start)
        rows = [candidate_of(one) async for one in decided]
    return [row for row in rows if row is not None]
