"""The suites that measure a part on labelled rows, as `amends eval run` runs them."""

from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from itertools import count
from typing import Any, Protocol, TypeVar, get_args

import typer

from service.cli.asking import run
from service.cli.printing import progress_bar

Lines = Callable[[int], Iterator[str]]
Run = TypeVar("Run")


class Found(Protocol):
    """What every suite gives: a document for machines and the gates it missed."""

    @property
    def failed(self) -> list[str]:
        """Gates that were not met, in words."""
        ...

    def document(self) -> dict[str, Any]:
        """The one JSON document."""
        ...


def _guards(split: str | None) -> tuple[Found, Lines]:
    from evals.guards import report, suite
    from evals.guards.runs import rows_in

    chosen = split_of(split, suite.load_suite().split, ("train", "dev", "test"))
    found = run(watched("guards", rows_in(chosen), lambda tick: suite.run_suite(chosen, tick)))
    return found, partial(report.lines, found)


def _retrieval(split: str | None) -> tuple[Found, Lines]:
    from evals.retrieval import report, suite
    from evals.retrieval.rows import Split, cases

    chosen = split_of(split, suite.load_suite().split, get_args(Split))
    rows = len(cases(chosen))
    found = run(watched("retrieval", rows, lambda tick: suite.run_suite(chosen, tick)))
    return found, partial(report.lines, found)


def _triage(split: str | None) -> tuple[Found, Lines]:
    from evals.triage import due, report, suite

    chosen = split_of(split, suite.load_suite().split, ("dev", "test"))
    total = len(due.due(chosen))
    found = run(watched("triage", total, lambda tick: suite.run_suite(chosen, tick)))
    return found, partial(report.lines, found)


def _mentions(split: str | None) -> tuple[Found, Lines]:
    from evals.mentions import suite
    from evals.mentions.rows import rows

    chosen = split_of(split, suite.load_suite().split, ("train", "dev", "test"))
    total = len(rows(chosen))
    found = run(watched("mentions", total, lambda tick: suite.run_suite(chosen, tick)))
    return found, found.lines


MEASURED: dict[str, Callable[[str | None], tuple[Found, Lines]]] = {
    "guards": _guards,
    "retrieval": _retrieval,
    "triage": _triage,
    "mentions": _mentions,
}
"""Each by its name: runs a split, its own without one, and says how to print what was found."""


def split_of(asked: str | None, own: str, known: tuple[str, ...]) -> Any:
    """The split that was asked for, or the suite's own."""
    if asked is not None and asked not in known:
        raise typer.BadParameter(f"--split is one of {', '.join(known)}")
    return asked or own


async def watched(
    name: str, total: int, work: Callable[[Callable[[], None]], Awaitable[Run]]
) -> Run:
    """Work with a progress bar, told after each row."""
    done = count(1)
    with progress_bar(name, total) as bar:
        return await work(lambda: bar.to(next(done), total))
