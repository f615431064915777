"""`amends doctor`: everything that drafting needs, looked at one by one."""

from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.asking import JsonOption, run
from service.cli.opening import Opening, keep_logs_off_stdout, opening_of
from service.cli.printing import page, plain, spinner, write_json

if TYPE_CHECKING:
    from service.cli.diagnosis import Check, Finding
    from service.settings import Settings

STYLES = {"ok": "green", "warn": "yellow", "fail": "red"}


def doctor(
    ctx: typer.Context,
    ask: Annotated[
        bool, typer.Option("--ask", help="Ask the model one question; a provider may charge.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Look at everything that drafting needs, and say what to do where something is wrong.

    [dim]amends doctor[/dim]
    """
    found = run(_examine(opening_of(ctx), ask))
    if as_json:
        write_json([finding.as_json() for finding in found])
    else:
        _show(found)
    if any(finding.state == "fail" for finding in found):
        raise typer.Exit(1)


async def _examine(opening: Opening, ask: bool) -> "list[Finding]":
    from service.cli import diagnosis
    from service.llm.litellm_client import close_connections

    settings = opening.settings()
    keep_logs_off_stdout(settings)
    found: list[Finding] = []
    try:
        with spinner("looking") as tell:
            for name, check in diagnosis.checks(opening, ask=ask):
                tell(f"looking at the {name}")
                found += await _safely(name, check, settings)
    finally:
        if ask:
            await close_connections()
    return found


async def _safely(name: str, check: "Check", settings: "Settings") -> "list[Finding]":
    """A check that breaks has found something."""
    from service.cli.diagnosis import Finding
    from service.errors import AmendsError

    try:
        return await check(settings)
    except AmendsError as exc:
        return [Finding(name, "fail", str(exc))]
    except Exception as exc:
        return [Finding(name, "fail", f"broke with {type(exc).__name__}: please report it")]


def _show(found: "list[Finding]") -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for finding in found:
        words = plain(finding.words)
        if finding.do:
            words.append_text(plain(f"\n→ {finding.do}", "bold"))
        table.add_row(Text(finding.state, style=STYLES[finding.state]), finding.name, words)
    page().print(table)
