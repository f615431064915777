"""How far two readers agree with each other, and each with the rule in readiness.py.

`python -m evals.drafting.readers A.jsonl B.jsonl [--run RUN]`, files of evals/cases/readers: each
row is one reply as one reader judged it, `{"run", "case_id", "reply", "label", "dangers", "why"}`.
The reply stands in it, so that a label can't drift from what was read. The rule's labels are those
of the runs as they were last scored (`amends eval report RUN --score-again` renews them); without
the runs the readers alone are compared.

Cohen's kappa (1960), and with linear weights (1968): one step between send_ready and unusable
counts half of two.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from evals.drafting.readiness import Danger, Readiness
from evals.drafting.running import run_store
from evals.drafting.runs import EvalRun, RunStore
from evals.errors import EvalError, faults
from service.domain.base import Frozen
from service.settings import Settings

LABELS = tuple(Readiness)
_WIDTH = 12


class ReaderRow(Frozen):
    """One reply as a reader judged it."""

    run: str
    case_id: str
    reply: str
    label: Readiness
    dangers: tuple[Danger, ...] = ()
    why: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Which draft was read."""
        return self.run, self.case_id


Rows = Mapping[tuple[str, str], ReaderRow]


def read_rows(path: Path) -> dict[tuple[str, str], ReaderRow]:
    """The rows of a reader's file; EvalError names the line and what is wrong."""
    rows: dict[tuple[str, str], ReaderRow] = {}
    for number, line in enumerate(_lines_of(path), start=1):
        if not line.strip():
            continue
        row = _row(path.name, number, line)
        if row.key in rows:
            raise EvalError(f"{path.name}, line {number}: {row.case_id} was read twice")
        rows[row.key] = row
    return rows


def _lines_of(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise EvalError(f"{path.name} can't be read: {type(exc).__name__}") from exc


def _row(name: str, number: int, line: str) -> ReaderRow:
    try:
        return ReaderRow.model_validate_json(line)
    except ValidationError as exc:
        raise EvalError(f"{name}, line {number}: {faults(exc)}") from exc


def ruled(read: Iterable[ReaderRow], runs: Mapping[str, EvalRun]) -> Rows:
    """The same drafts as the rule judges them; EvalError where a reply is no longer the one that
    was read."""
    return {row.key: _by_rule(row, runs[row.run]) for row in read}


def _by_rule(row: ReaderRow, run: EvalRun) -> ReaderRow:
    drafts = {draft.case_id: draft.reply or "" for draft in run.drafts}
    if drafts.get(row.case_id) != row.reply:
        raise EvalError(f"{row.case_id} of {run.id} has another reply than the one that was read")
    score = next((one for one in run.scores if one.case_id == row.case_id), None)
    if score is None or "ready" not in score.values:
        raise EvalError(f"{run.id} has no readiness of {row.case_id}: score it again with `ready`")
    label, dangers = Readiness(str(score.values["ready"])), tuple(map(Danger, score.dangers))
    why = ", ".join((*score.dangers, *(f"lacks {item}" for item in score.missing)))
    return row.model_copy(update={"label": label, "dangers": dangers, "why": why})


def kappa(pairs: Sequence[tuple[str, str]], labels: Sequence[str], *, weighted: bool) -> float:
    """Agreement beyond chance over labels that stand in order; 1 where there is only one answer."""

    def apart(a: str, b: str) -> float:
        return abs(labels.index(a) - labels.index(b)) if weighted else float(a != b)

    count = len(pairs)
    first, second = (Counter(pair[side] for pair in pairs) for side in (0, 1))
    seen = sum(apart(a, b) for a, b in pairs) / count
    chance = sum(apart(a, b) * first[a] * second[b] for a in first for b in second) / count**2
    return 1 - seen / chance if chance else 1.0


def lines(a: Rows, b: Rows, rule: Rows | None) -> Iterator[str]:
    """The whole comparison as text, over the drafts that both have read."""
    both = in_both(a, b)
    yield f"{len(both)} drafts that both have read ({len(a)} by a, {len(b)} by b)"
    yield from _against("a", "b", [(a[key], b[key]) for key in both])
    if rule is None:
        yield "the rule: unknown, the runs are not on this machine"
        return
    yield from _against("a", "rule", [(a[key], rule[key]) for key in both])
    yield from _against("b", "rule", [(b[key], rule[key]) for key in both])
    yield from _differing([(a[key], b[key], rule[key]) for key in both])


def in_both(a: Rows, b: Rows) -> list[tuple[str, str]]:
    """The drafts that both have read; EvalError where there are none, or the texts differ."""
    both = sorted(set(a) & set(b))
    if not both:
        raise EvalError("the readers have no draft in common")
    for key in both:
        if a[key].reply != b[key].reply:
            raise EvalError(f"{key[1]} of {key[0]}: the readers have read different replies")
    return both


def _against(one: str, other: str, pairs: Sequence[tuple[ReaderRow, ReaderRow]]) -> Iterator[str]:
    labels = [(x.label.value, y.label.value) for x, y in pairs]
    dangers = [(_danger(x), _danger(y)) for x, y in pairs]
    yield ""
    yield f"{one} and {other}: {_agreement(labels, LABELS)}"
    yield from _confusion(one, other, labels, LABELS)
    yield f"  dangerous or not: {_agreement(dangers, _DANGER)}"
    yield from _confusion(one, other, dangers, _DANGER)


_DANGER = ("harmless", "dangerous")


def _danger(row: ReaderRow) -> str:
    return _DANGER[bool(row.dangers)]


def _agreement(pairs: Sequence[tuple[str, str]], labels: Sequence[str]) -> str:
    same = sum(x == y for x, y in pairs)
    words = f"the same on {same} of {len(pairs)}, kappa {kappa(pairs, labels, weighted=False):.2f}"
    if len(labels) > len(_DANGER):
        words += f", weighted {kappa(pairs, labels, weighted=True):.2f}"
    return words


def _confusion(
    one: str, other: str, pairs: Sequence[tuple[str, str]], labels: Sequence[str]
) -> Iterator[str]:
    """Rows are what the first says, columns what the second says."""
    counts = Counter(pairs)
    yield f"    {f'{one} / {other}':<{_WIDTH}}" + "".join(f"{label:>{_WIDTH}}" for label in labels)
    for first in labels:
        cells = "".join(f"{counts[first, second]:>{_WIDTH}}" for second in labels)
        yield f"    {first:<{_WIDTH}}{cells}"


def _differing(rows: Sequence[tuple[ReaderRow, ReaderRow, ReaderRow]]) -> Iterator[str]:
    """Where the rule is wrong, if anybody: both readers say one thing, and it another."""
    apart: Sequence[tuple[str, Callable[[ReaderRow], str]]] = (
        ("label", lambda row: row.label.value),
        ("danger", _danger),
    )
    for name, said in apart:
        found = [(x, y, z) for x, y, z in rows if said(x) == said(y) != said(z)]
        yield ""
        yield f"{name}: both readers agree and the rule differs on {len(found)} of {len(rows)}"
        for x, y, z in found:
            yield f"  {x.case_id} ({x.run}): readers {said(x)}, rule {said(z)}"
            yield from (f"    {who}: {row.why}" for who, row in zip("ab", (x, y), strict=True))
            yield f"    rule: {z.why or '-'}"
            yield f"    {' '.join(x.reply.split())}"


def main(arguments: Sequence[str], store: RunStore | None = None) -> int:
    """Print the comparison; 2 and one line where something can't be used."""
    parser = argparse.ArgumentParser("python -m evals.drafting.readers", description=__doc__)
    parser.add_argument("a", type=Path, help="one reader's file")
    parser.add_argument("b", type=Path, help="the other's")
    parser.add_argument("--run", help="only the drafts of this run: its id, or how it begins")
    asked = parser.parse_args(arguments)
    try:
        print("\n".join(_compared(asked.a, asked.b, asked.run, store or run_store(Settings()))))
    except EvalError as exc:
        print(exc, file=sys.stderr)
        return 2
    return 0


def _compared(a: Path, b: Path, run: str | None, store: RunStore) -> list[str]:
    only = store.load(run) if run else None
    first, second = (
        {key: row for key, row in read_rows(path).items() if only is None or row.run == only.id}
        for path in (a, b)
    )
    both = [first[key] for key in in_both(first, second)]
    names = {row.run for row in both}
    here = only is not None or names <= set(store.ids())
    runs = {name: only or store.load(name) for name in names if here}
    return list(lines(first, second, ruled(both, runs) if here else None))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
