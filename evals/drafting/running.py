"""Run a suite: draft, score, keep, and hold the figures to the suite's gates."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.drafting.cache import CachedChatModel
from evals.drafting.cases import EvalCase, Split
from evals.drafting.figures import Figures, figures
from evals.drafting.generation import Generation, drafting_services, scoring_hash
from evals.drafting.judge_agreement import AgreementStore, JudgedBy, document_of
from evals.drafting.judges import PREFIX, FailureJudge, judge_model, judges_of
from evals.drafting.runs import EvalRun, RunStore, new_run
from evals.drafting.scoring import score, with_judges_of
from evals.drafting.suite import REFERENCE, DraftingSuite, Variant
from evals.guards.figures import failures
from service.bootstrap import Services
from service.settings import Settings

Tick = Callable[[], None]


@dataclass(frozen=True)
class SuiteResult:
    """The runs of a suite, one a variant, and the gates that were missed."""

    suite: DraftingSuite
    rows: Sequence[EvalCase]
    runs: Sequence[EvalRun]
    failed: list[str]
    gated: bool
    """Whether the gates were looked at: they are for the suite's own split."""

    def document(self) -> dict[str, Any]:
        """The one JSON document of a suite's runs."""
        last = self.runs[-1]
        return {
            "run": last.id,
            "suite": self.suite.suite,
            "split": last.split,
            "fingerprint": last.fingerprint,
            "scores": {run.variant: scores_of(figures(run.scores)) for run in self.runs},
            "runs": {run.variant: run.id for run in self.runs},
            "judges": {one.failure: document_of(one) for one in last.judges},
            "gates": {"asked": self.suite.gates if self.gated else {}, "failed": self.failed},
        }


def scores_of(found: Figures) -> dict[str, Any]:
    """Figures for machines."""
    return {
        "send_ready": found.send_ready.json() if found.send_ready else None,
        "readiness": dict(found.readiness),
        "dangerous": found.dangerous.json() if found.dangerous else None,
        "dangers": dict(found.dangers),
        **{name: mean.json() for name, mean in found.scores.items()},
        "failed_scorers": dict(found.failed),
    }


async def run_suite(
    suite: DraftingSuite, settings: Settings, *, split: Split | None, tick: Tick = lambda: None
) -> SuiteResult:
    """Every variant of the suite over its cases; each run is kept as soon as it is scored."""
    rows = suite.cases.rows(split)
    store = run_store(settings)
    runs = []
    for name, variant in suite.variants.items():
        run = await _run(suite, name, variant, rows, settings, split or suite.cases.split, tick)
        store.save(run)
        runs.append(run)
    gated = split in (None, suite.cases.split)
    failed = failures(headline(figures(runs[-1].scores)), suite.gates) if gated else []
    broken = [*failed, *undrafted(runs), *unscored(runs)]
    return SuiteResult(suite, rows, runs, broken, gated)


def undrafted(runs: Sequence[EvalRun]) -> list[str]:
    """Variants with cases that no model answered: their figures say nothing about those."""
    silent = {run.variant: sum(one.is_missing for one in run.drafts) for run in runs}
    return [
        f"{name}: {count} cases could not be drafted; run again, the rest is kept"
        for name, count in silent.items()
        if count
    ]


def unscored(runs: Sequence[EvalRun]) -> list[str]:
    """Scorers and judges that left drafts out: their figures are of fewer cases than the run's."""
    return [
        f"{run.variant}: {name} {'gave no answer' if name.startswith(PREFIX) else 'failed'} on "
        f"{count} cases"
        for run in runs
        for name, count in figures(run.scores).failed.items()
    ]


async def _run(
    suite: DraftingSuite,
    name: str,
    variant: Variant,
    rows: Sequence[EvalCase],
    settings: Settings,
    split: Split,
    tick: Tick,
) -> EvalRun:
    brands = [row.brand for row in rows]
    async with drafting_services(
        variant, settings, brands=brands, per_minute=suite.per_minute
    ) as services:
        kept = settings.data_dir / "evals" / "drafts"
        generation = Generation(services, variant, settings, kept)
        drafts = await generation.drafts(rows, concurrency=suite.concurrency, tick=tick)
        asked, answered = _calls(services)
        run = new_run(
            suite=suite.suite,
            name=name,
            variant=variant,
            settings=settings,
            split=split,
            rows=rows,
            drafts=drafts,
            asked=asked,
            kept=answered,
        )
        chosen = variant.settings(settings)
        async with _judges(suite, settings) as judges:
            scores = await score(
                rows, drafts, services, scorers=suite.scorers, judges=judges, settings=chosen
            )
    known = AgreementStore(runs_folder(settings)).known
    judged = tuple(known(JudgedBy.of(judge)) for judge in judges)
    scored = {"scores": tuple(scores), "scored_by": scoring_hash(), "judges": judged}
    return run.model_copy(update=scored)


@asynccontextmanager
async def _judges(
    suite: DraftingSuite, settings: Settings
) -> AsyncIterator[tuple[FailureJudge, ...]]:
    """The suite's judges, their model only where there are any."""
    if suite.judge_model is None:
        yield ()
        return
    async with judge_model(suite.judge_model, settings, per_minute=suite.per_minute) as model:
        yield judges_of(suite.judges, model)


async def score_again(run: EvalRun, rows: Sequence[EvalCase], settings: Settings) -> EvalRun:
    """The same drafts by today's scorers: nothing is drafted, no model is asked."""
    chosen = run.settings.settings(settings)
    offline = Variant(model=REFERENCE)
    brands = [row.brand for row in rows]
    async with drafting_services(offline, settings, brands=brands, per_minute=None) as services:
        scores = await score(rows, run.drafts, services, settings=chosen)
    before = {one.case_id: one for one in run.scores}
    kept = [with_judges_of(one, before.get(one.case_id, one)) for one in scores]
    return run.model_copy(update={"scores": tuple(kept), "scored_by": scoring_hash()})


def runs_folder(settings: Settings) -> Path:
    """Where runs are kept: beside the embedded database."""
    return settings.data_dir / "evals" / "runs"


def run_store(settings: Settings) -> RunStore:
    """The runs that were kept."""
    return RunStore(runs_folder(settings))


def headline(found: Figures) -> dict[str, float | None]:
    """The figures that gates are named after."""
    named = {name: mean.value for name, mean in found.scores.items()}
    return {
        "send_ready": found.send_ready.value if found.send_ready else None,
        "dangerous": found.dangerous.value if found.dangerous else None,
        "failed scorers": float(sum(found.failed.values())),
        **named,
    }


def _calls(services: Services) -> tuple[int, int]:
    model = services.model
    return (model.asked, model.kept) if isinstance(model, CachedChatModel) else (0, 0)
