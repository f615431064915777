"""`amends`: one command for everything; each noun has its file.

Only typer is imported here: `--help` answers at once, and each command imports what it needs.
"""

import sys
from typing import Annotated

import typer

from service.cli import (
    brand,
    check,
    commitments,
    db,
    demo,
    doctor,
    draft,
    evals,
    examples,
    key,
    mentions,
    notes,
    prompt,
    queue,
    report,
    review,
    search,
    serve,
    threads,
)
from service.cli import triage as triage_command
from service.cli.opening import Opening
from service.cli.root import Root

app = typer.Typer(
    cls=Root,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # its frames would show customers' words
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        from service import __version__

        typer.echo(f"amends {__version__}")
        raise typer.Exit


@app.callback()
def amends(
    ctx: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which one.")
    ] = False,
) -> None:
    """Draft replies to complaints that a human would be glad to sign.

    Begin with [bold]amends demo[/bold].
    """
    if ctx.obj is None:
        ctx.obj = Opening()


WORK, LOOK_AFTER = "The work", "Looking after it"
app.command(rich_help_panel=WORK)(demo.demo)
app.command(rich_help_panel=WORK)(draft.draft)
app.command(rich_help_panel=WORK)(triage_command.triage)
app.command(rich_help_panel=WORK)(check.check)
app.command(rich_help_panel=WORK)(search.search)
app.command(rich_help_panel=WORK)(queue.queue)
app.command(rich_help_panel=WORK)(queue.assign)
app.command(rich_help_panel=WORK)(review.show)
app.command(rich_help_panel=WORK)(review.decide)
app.command(rich_help_panel=WORK)(review.redraft)
app.add_typer(mentions.app, name="mentions", rich_help_panel=WORK)
app.add_typer(commitments.app, name="commitments", rich_help_panel=WORK)
app.add_typer(threads.app, name="threads", rich_help_panel=WORK)
app.add_typer(report.app, name="report", rich_help_panel=WORK)
app.command(rich_help_panel=LOOK_AFTER)(serve.serve)
app.add_typer(brand.app, name="brand", rich_help_panel=LOOK_AFTER)
app.add_typer(prompt.app, name="prompt", rich_help_panel=LOOK_AFTER)
app.add_typer(evals.app, name="eval", rich_help_panel=LOOK_AFTER)
app.add_typer(notes.app, name="notes", rich_help_panel=LOOK_AFTER)
app.add_typer(examples.app, name="examples", rich_help_panel=LOOK_AFTER)
app.add_typer(key.app, name="key", rich_help_panel=LOOK_AFTER)
app.add_typer(db.app, name="db", rich_help_panel=LOOK_AFTER)
app.command(rich_help_panel=LOOK_AFTER)(doctor.doctor)


def run() -> None:
    """The entry point of the `amends` command."""
    for stream in (sys.stdout, sys.stderr):
        # Four languages are written whatever the terminal says that it can show.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    app(prog_name="amends")
