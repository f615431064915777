"""Runs of a suite as text: dangers first, then readiness, then every scorer, then the drafts."""

from collections.abc import Iterator, Sequence

from evals.drafting.figures import Figures, Mean, figures
from evals.drafting.running import SuiteResult
from evals.drafting.runs import EvalRun
from evals.drafting.scoring import CaseScore
from evals.suite_files import LANGUAGES

_WIDTH = 28


def lines(result: SuiteResult, texts: int) -> Iterator[str]:
    """The whole report, line by line."""
    for run in result.runs:
        yield from run_lines(run)
        yield ""
    if len(result.runs) > 1:
        yield from ladder(result.runs)
        yield ""
    yield from _texts(result.runs[-1], texts)
    yield from result.failed or [_gates(result)]


def _gates(result: SuiteResult) -> str:
    if not result.suite.gates:
        return "the suite has no gates"
    if not result.gated:
        return f"no gate was looked at: they are for split {result.suite.cases.split}"
    return "every gate is met"


def run_lines(run: EvalRun) -> Iterator[str]:
    """One run's figures."""
    found = figures(run.scores)
    yield f"{run.id}: {run.variant}, split {run.split}, {len(run.scores)} cases"
    yield f"  {run.model or 'no model'}, {run.prompt or 'no prompt'}, fingerprint {run.fingerprint}"
    yield from _dangers(found)
    yield from _ready(run, found)
    yield from _scores(run, found)
    yield from _cost(run)


def _dangers(found: Figures) -> Iterator[str]:
    yield _row("dangerous", found.dangerous)
    yield from (f"    {name:<{_WIDTH - 2}}{count}" for name, count in found.dangers.items())


def _ready(run: EvalRun, found: Figures) -> Iterator[str]:
    yield _row("send_ready, of eligible", found.send_ready)
    yield from (f"    {name:<{_WIDTH - 2}}{count}" for name, count in found.readiness.items())
    for code in LANGUAGES:
        part = figures([one for one in run.scores if one.language == code])
        if part.send_ready:
            yield _row(f"  {code}", part.send_ready)


def _scores(run: EvalRun, found: Figures) -> Iterator[str]:
    """Checks that nobody failed say nothing; a judge's figure stands beside what it is worth."""
    worth = {judge.name: f"  ({judge.words})" for judge in run.judges}
    for name, mean in found.scores.items():
        if not (name.startswith("check:") and mean.value == 1):
            yield _row(name, mean) + worth.get(name, "")
    yield from (f"  scorer {name} failed on {count} cases" for name, count in found.failed.items())


def _cost(run: EvalRun) -> Iterator[str]:
    tokens = sum(d.usage.prompt_tokens + d.usage.completion_tokens for d in run.drafts)
    seconds = sorted(draft.seconds for draft in run.drafts)
    middle = seconds[len(seconds) // 2] if seconds else 0.0
    yield (
        f"  {run.asked} model calls, {run.kept} from the cache, {tokens:,} tokens; "
        f"a draft took {middle:.1f} s (median), {seconds[-1] if seconds else 0:.1f} s at most"
    )
    if silent := sum(draft.unanswered for draft in run.drafts):
        yield f"  {silent} drafts without an answer from the model: run again, the rest is kept"
    errors = [draft for draft in run.drafts if draft.error]
    yield from (f"  {draft.case_id}: {draft.error}" for draft in errors)


def _row(name: str, mean: Mean | None) -> str:
    return f"  {name:<{_WIDTH}}{mean.words() if mean else '-'}"


def ladder(runs: Sequence[EvalRun]) -> Iterator[str]:
    """The variants side by side, as a Markdown table."""
    yield "| variant | send_ready | needs_edit | unusable | dangerous | must | s a draft |"
    yield "|---|---|---|---|---|---|---|"
    for run in runs:
        found = figures(run.scores)
        seconds = sorted(draft.seconds for draft in run.drafts)
        cells = (
            found.send_ready.words() if found.send_ready else "-",
            str(found.readiness.get("needs_edit", 0)),
            str(found.readiness.get("unusable", 0)),
            found.dangerous.words() if found.dangerous else "-",
            f"{found.scores['must'].value:.2f}" if "must" in found.scores else "-",
            f"{seconds[len(seconds) // 2]:.1f}",
        )
        yield f"| {run.variant} | {' | '.join(cells)} |"


def _texts(run: EvalRun, count: int) -> Iterator[str]:
    """Drafts with what is wrong with them, the dangerous first."""
    drafts = {draft.case_id: draft for draft in run.drafts}
    wrong = [one for one in run.scores if one.is_measured and one.eligible and not one.ready]
    for one in sorted(wrong, key=_gravity)[:count]:
        draft = drafts[one.case_id]
        yield f"{one.case_id}: {one.values.get('ready')}; {_faults(one)}"
        yield f"  {draft.reply or '(no reply)'}"
        yield from (f"    blocked: {words}" for words in draft.blocked_by)
        yield from (f"    was: {text}" for text in draft.texts if draft.holding)
        yield ""


def _gravity(one: CaseScore) -> tuple[bool, bool, str]:
    return not one.dangers, one.values.get("ready") != "unusable", one.case_id


def _faults(one: CaseScore) -> str:
    """In words, what keeps it from being sent."""
    said = [*one.dangers]
    said += [f"lacks: {item}" for item in one.missing]
    said += [f"has: {item}" for item in one.broken]
    said += [
        f"{name} ({one.reasons[name]})" if name in one.reasons else name
        for name, value in one.values.items()
        if value is False
    ]
    return ", ".join(dict.fromkeys(said)) or "-"
