"""A run, or two over the same cases, as one page to read: figures, plots and every draft.

The page is one static file: it asks no network for anything, and its policy forbids it to.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from evals.drafting.cases import EvalCase, cases
from evals.drafting.compare import Comparison, compare
from evals.drafting.figures import Difference, Mean
from evals.drafting.html_views import CaseView, RunView, sides_of
from evals.drafting.runs import EvalRun, require_same_cases
from evals.drafting.scorers import SCORERS
from evals.drafting.word_diff import word_diff
from evals.errors import EvalError

_TEMPLATE = "report.html.j2"
_MOST_RUNS = 2
_LEAST_REACH = 0.1


def write_report(path: Path, runs: Sequence[EvalRun]) -> None:
    """Write the page: a report of one run, or a comparison of the second with the first.

    EvalError where the runs are unlike, or their cases are no longer those that stand on disk.
    """
    page = render(Report.of(runs))
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as exc:
        raise EvalError(
            f"{path.name} can't be written ({exc.strerror}): name another file"
        ) from exc


def render(report: "Report") -> str:
    """The page as HTML; whatever a customer or a model wrote is escaped."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"spaced": _spaced, "hash": _hash}
    return environment.get_template(_TEMPLATE).render(report=report, word_diff=word_diff)


def _spaced(name: object) -> str:
    return str(name).replace("_", " ")


def _hash(script: str) -> str:
    """As a content security policy names the one script that may run."""
    return b64encode(sha256(str(script).encode()).digest()).decode()


@dataclass(frozen=True)
class Report:
    """All that the page shows."""

    runs: tuple[RunView, ...]
    views: tuple[CaseView, ...]
    comparison: Comparison | None

    @classmethod
    def of(cls, runs: Sequence[EvalRun]) -> "Report":
        """The report of one run or of two; EvalError says which runs can't be shown."""
        if not 1 <= len(runs) <= _MOST_RUNS:
            raise EvalError("a report shows one run, or compares two")
        comparison = compare(*runs) if len(runs) == _MOST_RUNS else None
        rows = _cases(runs)
        names = ("before", "after") if comparison else ("run",)
        named = tuple(zip(names, runs, strict=True))
        sides = [sides_of(name, run) for name, run in named]
        views = [CaseView(row, tuple(side[row.id] for side in sides)) for row in rows]
        return cls(
            runs=tuple(RunView.of(name, run) for name, run in named),
            views=tuple(sorted(views, key=lambda view: view.gravity)),
            comparison=comparison,
        )

    @property
    def last(self) -> RunView:
        """The run that the page is about."""
        return self.runs[-1]

    @property
    def scorers(self) -> dict[str, str]:
        """Every scorer of numbers with what it says."""
        names = dict.fromkeys(name for view in self.runs for name in view.figures.scores)
        return {name: _meaning(name) for name in names}

    def means(self, name: str) -> list[Mean | None]:
        """What a scorer came to, run by run."""
        return [view.figures.scores.get(name) for view in self.runs]

    @cached_property
    def quiet(self) -> set[str]:
        """Checks that nobody failed say nothing."""
        checks = [name for name in self.scorers if name.startswith("check:")]
        return {c for c in checks if all(mean is None or mean.value == 1 for mean in self.means(c))}

    @property
    def moved(self) -> list[Difference]:
        """The two differences that count, and those where anything moved."""
        return self.comparison.moved if self.comparison else []

    @property
    def reach(self) -> float:
        """How far the plot of differences goes to either side of nothing."""
        ends = [abs(end) for one in self.moved for end in (one.low, one.high, one.change)]
        return max(_LEAST_REACH, *ends)

    @property
    def verdict(self) -> str:
        """What the comparison comes to, in a sentence."""
        if self.comparison is None:
            return ""
        said = [
            f"{one.name} {'rose' if one.change > 0 else 'fell'} from {one.a:.2f} to {one.b:.2f}"
            for one in self.comparison.sure
        ]
        if not said:
            return "Neither readiness nor dangers changed by more than luck explains."
        return f"More than luck explains: {', '.join(said)}."

    @cached_property
    def options(self) -> dict[str, list[str]]:
        """The values of every filter; one that all cases share is no choice."""
        found: dict[str, list[str]] = {}
        for name in self.views[0].facets:
            values = {value for view in self.views for value in view.facets[name]}
            shared = all(set(view.facets[name]) == values for view in self.views)
            found |= {} if shared else {name: sorted(values)}
        return found


def _cases(runs: Sequence[EvalRun]) -> list[EvalCase]:
    """The cases of the runs, to the letter."""
    wanted = {draft.case_id for draft in runs[0].drafts}
    rows = [row for row in cases(runs[0].split) if row.id in wanted]
    for run in runs:
        require_same_cases(run, rows)
        if not wanted or {one.case_id for one in run.scores} != wanted:
            raise EvalError(f"{run.id} isn't scored: `amends eval report {run.id} --score-again`")
    return rows


def _meaning(name: str) -> str:
    return (SCORERS[name].__doc__ or "") if name in SCORERS else ""
