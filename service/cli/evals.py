"""`amends eval`: measure the product on labelled rows. The one file of `service` that knows
`evals`, and only inside its commands."""

from collections.abc import Awaitable, Callable, Iterator
from enum import StrEnum
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

import typer

from service.cli.asking import JsonOption, run
from service.cli.printing import page, progress_bar, write_json
from service.cli.root import Noun

if TYPE_CHECKING:
    from evals.guards.suite import SuiteRun
    from evals.retrieval.suite import RetrievalRun

FAILED = 1
Lines = Callable[[int], Iterator[str]]
Run = TypeVar("Run")
app = typer.Typer(cls=Noun, no_args_is_help=True, help="Measure the product on labelled rows.")


class Suite(StrEnum):
    """What is measured."""

    GUARDS = "guards"
    RETRIEVAL = "retrieval"


class Split(StrEnum):
    """Which labelled rows."""

    TRAIN = "train"
    DEV = "dev"
    TEST = "test"


@app.command("run")
def run_suite(
    suite: Annotated[Suite, typer.Argument(help="The suite.")],
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

    [dim]amends eval run retrieval --split dev[/dim]
    """
    found, lines = _guards(split) if suite is Suite.GUARDS else _retrieval(split)
    if as_json:
        write_json(found.document())
    else:
        page().print("\n".join(lines(confusions)), markup=False, highlight=False)
    if found.failed:
        raise typer.Exit(FAILED)


def _guards(split: "Split | None") -> "tuple[SuiteRun, Lines]":
    from evals.guards import report, suite
    from evals.guards.runs import rows_in

    chosen = split.value if split else suite.load_suite().split
    found = run(_watched("guards", rows_in(chosen), lambda tick: suite.run_suite(chosen, tick)))
    return found, partial(report.lines, found)


def _retrieval(split: "Split | None") -> "tuple[RetrievalRun, Lines]":
    from evals.retrieval import report, suite
    from evals.retrieval.rows import cases

    if split is Split.TRAIN:
        raise typer.BadParameter("the suite retrieval has the splits dev and test")
    asked: dict[Split | None, Literal["dev", "test"]] = {Split.DEV: "dev", Split.TEST: "test"}
    chosen = asked.get(split, suite.load_suite().split)
    rows = len(cases(chosen))
    found = run(_watched("retrieval", rows, lambda tick: suite.run_suite(chosen, tick)))
    return found, partial(report.lines, found)


async def _watched(
    name: str, total: int, work: Callable[[Callable[[], None]], Awaitable[Run]]
) -> Run:
    done = count(1)
    with progress_bar(name, total) as bar:
        return await work(lambda: bar.to(next(done), total))
