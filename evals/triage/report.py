"""A run of the suite `triage` as text."""

from collections.abc import Iterator, Sequence

from evals.guards.figures import Share
from evals.suite_files import LANGUAGES
from evals.triage.due import PARTS, Part
from evals.triage.figures import Pairs, kinds, moves, sensitivities
from evals.triage.judged import JudgedTriage
from evals.triage.suite import TriageRun
from service.domain.triage import Sensitivity

_WIDTH = 27


def lines(run: TriageRun, confusions: int) -> Iterator[str]:
    """The whole report, line by line."""
    yield f"suite triage, split {run.split}, fingerprint {run.fingerprint}"
    for part in PARTS:
        if run.of(part):
            yield from _part(run, part)
    yield from _wrong(run, confusions)
    yield ""
    apart = f"no gate was looked at: they are for split {run.suite.split}"
    yield from run.failed or ["every gate is met" if run.gated else apart]


def _part(run: TriageRun, part: Part) -> Iterator[str]:
    rows = run.of(part)
    yield ""
    yield f"{len(rows)} {part}"
    heads = "".join(f"{code:>8}" for code in LANGUAGES)
    yield f"  {'figure':<{_WIDTH}}{'all':<28}{heads}"
    for name, by_part in run.figures(part).items():
        cells = "".join(f"{_short(by_part[code]):>8}" for code in LANGUAGES)
        yield f"  {name:<{_WIDTH}}{by_part['all'].words():<28}{cells}"
    yield from _sensitivities(rows)
    yield from _table("Moves: due, and how often which was chosen", moves(rows))
    yield from _table("Kinds: what it is, and how often as what it was read", kinds(rows))


def _sensitivities(rows: Sequence[JudgedTriage]) -> Iterator[str]:
    tallies = sensitivities(rows)
    yield ""
    yield f"  {'sensitivity':<{_WIDTH}}{'precision':<28}recall"
    for name in Sensitivity:
        total = tallies.total(name.value)
        if total.found or total.missed or total.raised:
            recall = total.recall.words()
            yield f"  {name.value:<{_WIDTH}}{total.precision.words():<28}{recall}"


def _table(title: str, pairs: Pairs) -> Iterator[str]:
    """Each row one label, then what was read of it, the right one first."""
    yield ""
    yield title
    for due in dict.fromkeys(due for due, _ in sorted(pairs)):
        read = {other: count for (one, other), count in pairs.items() if one == due}
        wrong = [(-count, other) for other, count in read.items() if other != due]
        words = ", ".join(f"{other} {-count}" for count, other in sorted(wrong))
        right = f"{read.get(due, 0)} of {sum(read.values())}"
        yield f"  {due:<{_WIDTH}}{right:<12}{words and f'else {words}'}".rstrip()


def _wrong(run: TriageRun, count: int) -> Iterator[str]:
    wrong = run.wrong()
    if not count or not wrong:
        return
    yield ""
    yield f"Wrong rows ({min(count, len(wrong))} of {len(wrong)}; --json holds them all)"
    for row in wrong[:count]:
        yield f"  {row.check} {row.wrong} ({row.language}, {row.row}): {row.text[:300]}"
        if row.why:
            yield f"      {row.why[:200]}"


def _short(share: Share) -> str:
    return "-" if share.value is None else f"{share.value:.2f}"
