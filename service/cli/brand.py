"""`amends brand`: bring a brand in and look at what it holds."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.cli.asking import JsonOption, run
from service.cli.opening import Opening, opening_of
from service.cli.printing import page, plain, progress_bar, write_json
from service.cli.root import new_group

if TYPE_CHECKING:
    from service.domain.brand import Brand
    from service.domain.knowledge import PolicyPassage
    from service.knowledge.library import ImportResult

app = new_group("Bring brands in and look at them.")


@app.command("import")
def import_(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The brand's folder.")],
    as_json: JsonOption = False,
) -> None:
    """Make the store hold just what a folder says; a second time changes nothing.

    The folder holds brand.yaml, policies.jsonl or policies/*.md, and past_replies.jsonl.

    [dim]amends brand import ./tidewell[/dim]
    """
    result = run(_import(opening_of(ctx), folder))
    if as_json:
        write_json(asdict(result))
        return
    done = "imported" if result.changed else "unchanged"
    page().print(
        f"{result.brand_id} {done}: {result.policy} policy passages, "
        f"{result.past_replies} past replies ({result.embedded} texts newly embedded)"
    )


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


async def _import(opening: Opening, folder: Path) -> "ImportResult":
    async with opening.services() as services:
        with progress_bar("embedding", 1) as bar:
            return await services.library.import_folder(folder, actor="cli", progress=bar.to)


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
    for passage in policy:
        old = "" if passage.status.value == "active" else f" ({passage.status.value})"
        line = plain(f"{passage.id}@{passage.version} ", "dim")
        console.print(line.append_text(plain(passage.title + old, "default")))
