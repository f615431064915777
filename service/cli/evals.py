"""`amends eval`: measure the product on labelled rows. `service` knows `evals` here, in
`measured.py` and in `harvest.py` only, and only inside commands."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.cli import harvest
from service.cli.asking import JsonOption, run
from service.cli.measured import MEASURED, Found, split_of, watched
from service.cli.opening import keep_logs_off_stdout, opening_of
from service.cli.printing import page, write_json
from service.cli.prompt import REF
from service.cli.root import Noun

if TYPE_CHECKING:
    from evals.drafting.running import SuiteResult
    from evals.drafting.runs import EvalRun
    from evals.drafting.suite import DraftingSuite
    from service.settings import Settings

FAILED = 1
_DRAFTS = "Drafting suites only."
app = typer.Typer(cls=Noun, no_args_is_help=True, help="Measure the product on labelled rows.")
harvest.add_to(app)


@app.command("run")
def run_suite(
    ctx: typer.Context,
    suite: Annotated[
        str, typer.Argument(help="A suite's name, or the path of a drafting suite's file.")
    ],
    split: Annotated[
        str | None, typer.Option("--split", help="Which rows; default: the suite's own.")
    ] = None,
    prompt: Annotated[
        str | None, typer.Option("--prompt", help=f"Draft with this one: {REF} {_DRAFTS}")
    ] = None,
    model: Annotated[
        str | None,
        typer.Option("--model", help=f"A litellm name, `bundled` or `reference`. {_DRAFTS}"),
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option("--baseline", help=f"Compare with this run; worse exits 1. {_DRAFTS}"),
    ] = None,
    texts: Annotated[
        int, typer.Option("--confusions", "--texts", help="How many wrong rows to print.", min=0)
    ] = 20,
    as_json: JsonOption = False,
) -> None:
    """Run a suite and print its figures; exit 1 when one falls below its gate.

    [dim]amends eval run guards[/dim]

    [dim]amends eval run drafting --prompt draft_sections@v1 --baseline drafting-product[/dim]
    """
    found: Found
    if suite in MEASURED:
        _refuse_given(suite, prompt=prompt, model=model, baseline=baseline)
        before = None
        found, lines = MEASURED[suite](split)
    else:
        settings = _settings(ctx)
        before = _baseline(settings, baseline, suite, split)
        result = _drafting(settings, suite, split, prompt, model)
        found, lines = result, partial(_drafting_lines, result, before)
    if as_json:
        write_json(found.document())
    else:
        _print(lines(texts))
    if found.failed or (before is not None and _is_worse(result, before)):
        raise typer.Exit(FAILED)


@app.command("compare")
def compare_runs(
    ctx: typer.Context,
    a: Annotated[str, typer.Argument(help="The run before: an id, or how one begins.")],
    b: Annotated[str, typer.Argument(help="The run after.")],
    texts: Annotated[
        int, typer.Option("--texts", help="How many changed cases to show, both texts.", min=0)
    ] = 10,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write the comparison as one HTML file.")
    ] = None,
) -> None:
    """Compare two runs over the same cases; exit 1 when the second is worse than luck explains.

    [dim]amends eval compare drafting-product-2026 drafting-warmer[/dim]
    """
    from evals.drafting import compare

    store = _store(_settings(ctx))
    found = compare.compare(store.load(a), store.load(b))
    _print(compare.lines(found, texts))
    if html is not None:
        _write_html(html, found.a, found.b)
    if found.is_worse:
        raise typer.Exit(FAILED)


@app.command("report")
def report_run(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="RUN", help="A run's id, or how it begins.")],
    html: Annotated[
        Path | None, typer.Option("--html", help="Write the run as one searchable HTML file.")
    ] = None,
    again: Annotated[
        bool, typer.Option("--score-again", help="Score its drafts by today's scorers first.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show a run that was made before; nothing is drafted again.

    [dim]amends eval report drafting-product --html report.html[/dim]
    """
    from evals.drafting import report
    from evals.drafting.figures import figures
    from evals.drafting.running import scores_of

    settings = _settings(ctx)
    found = _store(settings).load(name)
    if again:
        found = _scored_again(settings, found)
    if as_json:
        write_json({"run": found.id, "scores": scores_of(figures(found.scores))})
    else:
        _print(report.run_lines(found))
    if html is not None:
        _write_html(html, found)


@app.command("judges")
def measure_judges(
    ctx: typer.Context,
    model: Annotated[
        str | None, typer.Option("--model", help="Who judges; default: as the settings say.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Hold each judge against labelled rows; exit 1 when one leaves rows unanswered.

    [dim]amends eval judges --model openai/gpt-5[/dim]
    """
    from evals.drafting import judge_agreement as agreement
    from evals.drafting.running import runs_folder

    settings = _settings(ctx)
    found = run(
        watched(
            "judges",
            agreement.rows_in(),
            lambda tick: agreement.measure_judges(
                settings, runs_folder(settings), model=model, tick=tick
            ),
        )
    )
    if as_json:
        write_json(found.document())
    else:
        _print(found.lines())
    if found.failed:
        raise typer.Exit(FAILED)


@app.command("list")
def list_runs(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """List the suites and the runs that were kept.

    [dim]amends eval list[/dim]
    """
    from evals.suite_files import suite_names

    runs = _store(_settings(ctx)).ids()
    if as_json:
        write_json({"suites": list(suite_names()), "runs": runs})
        return
    _print(["suites:", *(f"  {name}" for name in suite_names())])
    _print(["runs, oldest first:", *(f"  {name}" for name in runs or ["none yet"])])


def _require_parts() -> None:
    """The parts that only drafting suites need, refused in words where they are not installed."""
    from importlib.util import find_spec

    if find_spec("pydantic_evals") is None or find_spec("scipy") is None:
        raise typer.BadParameter("drafting suites need more: pip install 'amends[evals]'")


def _refuse_given(suite: str, **options: str | None) -> None:
    """Options that would change nothing here would look as if they had been measured."""
    if given := [f"--{name}" for name, value in options.items() if value is not None]:
        raise typer.BadParameter(
            f"{', '.join(given)}: suite {suite} drafts nothing; they are for drafting suites"
        )


def _drafting(
    settings: "Settings", name: str, split: str | None, prompt: str | None, model: str | None
) -> "SuiteResult":
    _require_parts()
    from evals.drafting import running
    from evals.drafting.suite import load_suite

    suite = _changed(load_suite(name), prompt, model)
    chosen = split_of(split, suite.cases.split, ("dev", "test"))
    total = len(suite.cases.rows(chosen)) * len(suite.variants)
    return run(
        watched(
            suite.suite,
            total,
            lambda tick: running.run_suite(suite, settings, split=chosen, tick=tick),
        )
    )


def _changed(suite: "DraftingSuite", prompt: str | None, model: str | None) -> "DraftingSuite":
    """Every variant of the suite with the prompt and the model that were asked for."""
    given = {k: v for k, v in (("prompt", prompt), ("model", model)) if v is not None}
    variants = {name: one.model_copy(update=given) for name, one in suite.variants.items()}
    return suite.model_copy(update={"variants": variants})


def _baseline(
    settings: "Settings", name: str | None, suite: str, split: str | None
) -> "EvalRun | None":
    """The run to compare with; what would be refused after hours of drafting is refused before."""
    if name is None:
        return None
    _require_parts()
    from evals.drafting.compare import require_scored_alike
    from evals.drafting.runs import require_same_cases
    from evals.drafting.suite import load_suite

    found: EvalRun = _store(settings).load(name)
    chosen = load_suite(suite).cases
    require_same_cases(found, chosen.rows(split_of(split, chosen.split, ("dev", "test"))))
    require_scored_alike(found)
    return found


def _drafting_lines(result: "SuiteResult", before: "EvalRun | None", texts: int) -> Iterator[str]:
    from evals.drafting import compare, report

    yield from report.lines(result, texts)
    if before is not None:
        yield from ("", *compare.lines(compare.compare(before, result.runs[-1]), texts))


def _is_worse(found: "SuiteResult", before: "EvalRun") -> bool:
    from evals.drafting import compare

    return compare.compare(before, found.runs[-1]).is_worse


def _scored_again(settings: "Settings", found: "EvalRun") -> "EvalRun":
    from evals.drafting.cases import cases
    from evals.drafting.running import score_again
    from evals.drafting.runs import require_same_cases

    wanted = {draft.case_id for draft in found.drafts}
    rows = [row for row in cases(found.split) if row.id in wanted]
    require_same_cases(found, rows)
    scored = run(score_again(found, rows, settings))
    _store(settings).save(scored)
    return scored


def _write_html(path: Path, *runs: "EvalRun") -> None:
    from evals.drafting.html import write_report

    write_report(path, runs)
    _print([f"written: {path}"])


def _store(settings: "Settings") -> Any:
    from evals.drafting.running import run_store

    return run_store(settings)


def _settings(ctx: typer.Context) -> "Settings":
    settings = opening_of(ctx).settings()
    keep_logs_off_stdout(settings)
    return settings


def _print(lines: Any) -> None:
    page().print("\n".join(lines), markup=False, highlight=False, soft_wrap=True)
