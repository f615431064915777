"""A run of the suite `guards` as text: what matters most first."""

from collections.abc import Iterator

from evals.guards.figures import Confusion, Share, Tallies, Tally, macro
from evals.guards.runs import GROUNDING, LEARNED
from evals.guards.suite import SuiteRun
from evals.suite_files import LANGUAGES


def lines(run: SuiteRun, confusions: int) -> Iterator[str]:
    """The whole report, line by line."""
    measured = run.measured
    yield f"suite guards, split {run.split}, fingerprint {run.fingerprint}"
    yield ""
    yield f"good replies blocked      {measured.false_block.words()}"
    yield f"bad replies passed        {measured.missed_block.words()}"
    learned = macro(measured.sentences.total(check).recall.value for check in LEARNED)
    grounded = macro(measured.claims.total(check).recall.value for check in GROUNDING)
    yield f"macro recall              learned {_plain(learned)}, claims {_plain(grounded)}"
    yield from _table("Sentences: what the words are", measured.sentences)
    yield from _table("Claims: each sentence in its case", measured.claims)
    yield from _table("Whole replies", measured.replies)
    yield from _confusions(run.confusions(), confusions)
    yield ""
    apart = f"no gate was looked at: they are for split {run.suite.split}"
    yield from run.failed or ["every gate is met" if run.gated else apart]


def _plain(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _table(title: str, tallies: Tallies) -> Iterator[str]:
    if not tallies.by_check:
        return
    yield ""
    yield title
    languages = "".join(f"{language:>13}" for language in LANGUAGES)
    yield f"  {'check':<27}{'precision':<29}{'recall':<29}{'F1':>5}{languages}  (P/R)"
    for check, by_language in sorted(tallies.by_check.items()):
        total = tallies.total(check)
        if not total.found + total.missed + total.raised:
            continue
        cells = "".join(f"{_pair(by_language.get(code, Tally())):>13}" for code in LANGUAGES)
        yield (
            f"  {check:<27}{total.precision.words():<29}{total.recall.words():<29}"
            f"{_plain(total.f1):>5}{cells}"
        )


def _pair(tally: Tally) -> str:
    return f"{_short(tally.precision)}/{_short(tally.recall)}"


def _short(share: Share) -> str:
    return "-" if share.value is None else f"{share.value:.2f}"


def _confusions(rows: list[Confusion], count: int) -> Iterator[str]:
    if not count or not rows:
        return
    yield ""
    yield f"Wrong rows ({min(count, len(rows))} of {len(rows)}; --json holds them all)"
    for row in rows[:count]:
        yield f"  {row.wrong} {row.check} ({row.language}, {row.row}): {row.text[:300]}"
        if row.why:
            yield f"      {row.why[:200]}"
