"""`amends brand`: bring a brand in and look at what it holds."""

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.cli.asking import JsonOption, run
from service.cli.brand_view import show_import, telling
from service.cli.expand import expand
from service.cli.opening import Opening, opening_of
from service.cli.printing import page, plain, progress_bar, say, write_json
from service.cli.prompt import read_lock
from service.cli.reindex import reindex
from service.cli.root import new_group

if TYPE_CHECKING:
    from service.domain.brand import Brand
    from service.domain.changes import ImportResult
    from service.domain.knowledge import PolicyPassage

app = new_group("Bring brands in and look at them.")
app.command("expand")(expand)
app.command("reindex")(reindex)


@app.command("import")
def import_(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The brand's folder.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")
    ] = False,
    allow_empty: Annotated[
        bool, typer.Option("--allow-empty", help="Remove a brand's whole policy if none is there.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Make the store hold what a folder says; a second time changes nothing.

    The folder holds brand.yaml; policies.jsonl, policies.csv or policies/*.md, .html, .pdf, .docx;
    past_replies.jsonl or .csv; and perhaps asks.jsonl. A version that is no longer there stays as
    superseded; a passage that is no longer there is removed.

    [dim]amends brand import ./tidewell --dry-run[/dim]
    """
    result = run(_import(opening_of(ctx), folder, dry_run=dry_run, allow_empty=allow_empty))
    if as_json:
        write_json(result.model_dump(mode="json"))
    else:
        show_import(result)


@app.command("list")
def list_(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """List the brands that are here.

    [dim]amends brand list[/dim]
    """
    rows = run(_counted(opening_of(ctx)))
    if as_json:
        write_json(rows)
        return
    from rich.table import Table

    table = Table("brand", "name", "languages", "policy", "past replies", box=None)
    for row in rows:
        counts = (str(row["policy"]), str(row["past_replies"]))
        table.add_row(row["id"], plain(row["name"]), ", ".join(row["languages"]), *counts)
    page().print(table if rows else "No brands yet: `amends brand import DIR`, or `amends demo`.")


@app.command("show")
def show(
    ctx: typer.Context,
    brand: Annotated[str, typer.Argument(help="Brand id.")],
    as_json: JsonOption = False,
) -> None:
    """Show a brand's settings and its policy.

    [dim]amends brand show tidewell[/dim]
    """
    found, policy, replies = run(_whole(opening_of(ctx), brand))
    if as_json:
        rows = [passage.model_dump(mode="json") for passage in policy]
        write_json({**found.model_dump(mode="json"), "policy": rows, "past_replies": replies})
        return
    _show(found, policy, replies)


async def _import(
    opening: Opening, folder: Path, *, dry_run: bool, allow_empty: bool
) -> "ImportResult":
    from service.knowledge.importer import read_folder
    from service.prompting.pins import check_pins, pin_problems

    read = await asyncio.to_thread(read_folder, folder, pin_problems)
    for warning in check_pins(read.brand, read_lock(opening.lock())):
        say(f"warning: {warning}")
    if unowned := read.brand.unowned_dangers:
        say(
            f"warning: brand.yaml names no owner for {' and '.join(unowned)} complaints "
            "(escalation: [{sensitivity, owner}]): they come first in the queue, and nobody in "
            "particular takes them over"
        )
    for name in read.unread:
        say(f"left out: {name}, which is in no format that is read (save it as .docx or .md)")
    async with opening.services() as services:
        with progress_bar("embedding", 1) as bar:
            return await services.library.import_read(
                read,
                actor="cli",
                dry_run=dry_run,
                allow_empty=allow_empty,
                progress=telling(bar),
            )


async def _counted(opening: Opening) -> list[dict[str, Any]]:
    async with opening.services() as services:
        library = services.library
        return [
            {
                "id": brand.id,
                "name": brand.name,
                "languages": list(brand.languages),
                "policy": len(await library.policy(brand.id)),
                "past_replies": len(await library.past_replies(brand.id)),
            }
            for brand in await library.all_brands()
        ]


async def _whole(opening: Opening, brand: str) -> "tuple[Brand, list[PolicyPassage], int]":
    async with opening.services() as services:
        library = services.library
        found = await library.brand(brand)
        return found, await library.policy(brand), len(await library.past_replies(brand))


def _show(brand: "Brand", policy: "list[PolicyPassage]", replies: int) -> None:
    import yaml
    from rich.text import Text

    console = page()
    settings = brand.model_dump(mode="json", exclude_defaults=True)
    words = yaml.safe_dump(settings, allow_unicode=True, sort_keys=False, width=96)
    console.print(plain(words))
    console.print(Text(f"{len(policy)} policy passages, {replies} past replies", style="bold"))
    today = brand.today(datetime.now(UTC))
    for passage in policy:
        state = "" if passage.in_force(today) else f" ({_state(passage, today)})"
        line = plain(f"{passage.id}@{passage.version} ", "dim")
        console.print(line.append_text(plain(passage.title + state, "default")))


def _state(passage: "PolicyPassage", today: date) -> str:
    if passage.status.value != "active":
        return passage.status.value
    later = passage.valid_from is not None and passage.valid_from > today
    return f"from {passage.valid_from}" if later else f"until {passage.valid_to}"
