"""`amends eval`: measure the product on labelled rows. The one file of `service` that knows
`evals`, and only inside its commands."""

from enum import StrEnum
from itertools import count
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.asking import JsonOption, run
from service.cli.printing import page, progress_bar, write_json
from service.cli.root import Noun

if TYPE_CHECKING:
    from evals.guards.suite import SuiteRun

FAILED = 1
app = typer.Typer(cls=Noun, no_args_is_help=True, help="Measure the product on labelled rows.")


class Split(StrEnum):
    """Which labelled rows."""

    TRAIN = "train"
    DEV = "dev"
    TEST = "test"


@app.command("run")
def run_suite(
    suite: Annotated[str, typer.Argument(help="The suite: guards.")],
    split: Annotated[
        Split | None, typer.Option("--split", help="Which rows; default: the suite's own.")
    ] = None,
    confusions: Annotated[
        int, typer.Option("--confusions", help="How many wrong rows to print.", min=0)
    ] = 20,
    as_json: JsonOption = False,
) -> None:
    """Run a suite and print its figures; exit 1 when one falls below its gate.

    [dim]amends eval run guards[/dim]
    """
    if suite != "guards":
        raise typer.BadParameter(f"there is no suite {suite!r}: the suites are guards")
    found = run(_guards(split))
    if as_json:
        write_json(found.document())
    else:
        from evals.guards.report import lines

        page().print("\n".join(lines(found, confusions)), markup=False, highlight=False)
    if found.failed:
        raise typer.Exit(FAILED)


async def _guards(split: "Split | None") -> "SuiteRun":
    from evals.guards import suite as guards
    from evals.guards.runs import rows_in

    chosen = split.value if split else guards.load_suite().split
    total, done = rows_in(chosen), count(1)
    with progress_bar("guards", total) as bar:
        return await guards.run_suite(chosen, lambda: bar.to(next(done), total))
