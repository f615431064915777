"""`amends prompt diff`: what a change to a prompt changes, in its words or in what a model sees."""

from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.asking import BrandOption, JsonOption, run, valid
from service.cli.lines import read_bytes, read_object
from service.cli.opening import Opening, opening_of
from service.cli.printing import page, plain, write_json

if TYPE_CHECKING:
    from service.domain.thread import Case
    from service.prompting.diff import PartDiff
    from service.prompting.rendering import PromptInput

DIFFERENT = 1
_STYLES = {"+": "green", "-": "red", "@": "cyan"}
_REF = "name, name@version or a prompt file's path."


def diff(
    ctx: typer.Context,
    old: Annotated[str, typer.Argument(metavar="A", help=f"The one before: {_REF}")],
    new: Annotated[str, typer.Argument(metavar="B", help=f"The one after: {_REF}")],
    source: Annotated[
        str | None,
        typer.Option("--input", "-i", metavar="FILE", help="A case: compare what a model sees."),
    ] = None,
    brand: BrandOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare two prompts part by part; exit 0 when they are the same, 1 when they differ.

    [dim]amends prompt diff draft_reply@v1 draft_reply@v2[/dim]

    [dim]amends prompt diff draft_reply ./mine.yaml --brand tidewell --input case.json[/dim]
    """
    parts = _parts(opening_of(ctx), old, new, source, brand)
    same = all(part.same for part in parts)
    if as_json:
        write_json({"a": old, "b": new, "same": same, "parts": [_row(part) for part in parts]})
    else:
        _show(old, new, parts)
    if not same:
        raise typer.Exit(DIFFERENT)


def read_case(source: str, brand: str | None) -> "Case":
    """A case from a file, with the brand it is for."""
    from service.domain.thread import Case
    from service.errors import InvalidInput

    case: Case = valid(Case, read_object(read_bytes(source)))
    chosen = brand or case.brand
    if chosen is None:
        raise InvalidInput("brand: missing; put it into the case or give --brand")
    return case.model_copy(update={"brand": chosen})


def _parts(
    opening: Opening, old: str, new: str, source: str | None, brand: str | None
) -> "tuple[PartDiff, ...]":
    from service.prompting.diff import diff_rendered, diff_templates
    from service.prompting.rendering import render
    from service.prompting.template import open_template

    before, after = open_template(old), open_template(new)
    if source is None:
        return diff_templates(before, after)
    given = run(_given(opening, read_case(source, brand)))
    return diff_rendered(render(before, given), render(after, given))


async def _given(opening: Opening, case: "Case") -> "PromptInput":
    """Found out once, so that two prompts are shown just the same."""
    async with opening.services() as services:
        brand = await services.library.brand(case.brand or "")
        return await services.drafter.given(case, brand)


def _row(part: "PartDiff") -> dict[str, object]:
    return {"part": part.part, "same": part.same, "diff": list(part.lines)}


def _show(old: str, new: str, parts: "tuple[PartDiff, ...]") -> None:
    console = page()
    changed = [part for part in parts if not part.same]
    if not changed:
        console.print(plain(f"{old} and {new} are the same."))
        return
    console.print(plain(f"--- {old}\n+++ {new}", "bold"))
    for part in changed:
        console.print(plain(f"\n{part.part}", "bold"))
        for line in part.lines:
            # Unwrapped: a line of a prompt may be long, and a patch is read line by line.
            console.print(plain(line, _STYLES.get(line[:1], "")), soft_wrap=True)
    same = ", ".join(part.part for part in parts if part.same)
    if same:
        console.print(plain(f"\nthe same: {same}", "dim"))
