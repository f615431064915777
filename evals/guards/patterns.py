"""How well the pattern checks hit what an editor would mark: precision, and recall by language.

`python -m evals.guards.patterns [--from pat-301] [--to pat-380] [--wrong] [FILE...]`
These checks need no trained reader, so each is called as it stands in the registry.
"""

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from evals.guards.contexts import context_of
from evals.guards.corpus import HERE, LabelledReply
from evals.suite_files import LANGUAGES
from service.domain.triage import MoveKind
from service.guards.context import CheckContext, Hit
from service.guards.registry import CHECKS

PATTERN_CHECKS = (
    "asks_private_data_publicly",
    "exposes_personal_data",
    "unlisted_link",
    "off_platform_move",
    "placeholder_left",
    "wrong_language",
    "too_long",
    "mentions_deletion",
    "speaks_as_customer",
    "missing_boundary",
    "hate_or_profanity",
    "corporate_we",
)
GOAL = 0.95
_BOUNDARY = "missing_boundary"


@dataclass
class Tally:
    """What one check got right and wrong; `hit` and `missed` are counted by language."""

    hit: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float | None:
        """Share of raised rows that an editor would mark; None where nothing was raised."""
        raised = len(self.hit) + len(self.false)
        return len(self.hit) / raised if raised else None

    def recall(self, language: str | None = None) -> float | None:
        """Share of marked rows that were raised; None where no row is marked."""
        hit, missed = (
            len(found) if language is None else found.count(language)
            for found in (self.hit, self.missed)
        )
        return hit / (hit + missed) if hit + missed else None


def loaded(path: Path) -> list[LabelledReply]:
    """The rows of a file of labelled replies."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [LabelledReply.model_validate_json(line) for line in lines]


def _context(row: LabelledReply) -> CheckContext:
    """The row as production sees it; abuse that an editor looked at calls for a boundary."""
    context = context_of(row, row.reply)
    marked = _BOUNDARY in row.near or any(one.check == _BOUNDARY for one in row.findings)
    return replace(context, move=MoveKind.BOUNDARY_STATEMENT) if marked else context


def _line(kind: str, check: str, row: LabelledReply, hits: Iterable[Hit]) -> str:
    words = [row.reply[hit.start : hit.end] for hit in hits if hit.start is not None]
    wanted = [one.text for one in row.findings if one.check == check]
    return f"{kind} {check} {row.id} {row.language}: {words or wanted} in: {row.reply[:400]}"


def measure(rows: Iterable[LabelledReply]) -> tuple[dict[str, Tally], list[str]]:
    """Each check over each row, and a line for every wrong answer."""
    tallies = {check: Tally() for check in PATTERN_CHECKS}
    wrong = []
    for row in rows:
        context, marked = _context(row), {one.check for one in row.findings}
        for check, tally in tallies.items():
            hits = list(CHECKS[check].find(context))
            if check in marked:
                (tally.hit if hits else tally.missed).append(row.language)
            elif hits:
                tally.false.append(row.language)
            if bool(hits) != (check in marked):
                wrong.append(_line("extra " if hits else "missed", check, row, hits))
    return tallies, wrong


def _shown(value: float | None) -> str:
    return "   -" if value is None else f"{value:4.2f}"


def table(tallies: dict[str, Tally]) -> str:
    """The figures, one check a line; a star marks what stays under the goal."""
    lines = [f"{'check':<28} {'n':>4} prec  rec  " + "   ".join(LANGUAGES)]
    for check, tally in tallies.items():
        figures = (tally.precision, tally.recall(), *(tally.recall(one) for one in LANGUAGES))
        short = any(value is not None and value < GOAL for value in figures)
        shown = " ".join(_shown(value) for value in figures)
        count = len(tally.hit) + len(tally.missed)
        lines.append(f"{check:<28} {count:>4} {shown}{' *' if short else ''}")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 where a precision or a recall is under the goal."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--from", dest="first", default="", help="first row id")
    parser.add_argument("--to", dest="last", default="~", help="last row id")
    parser.add_argument("--wrong", action="store_true", help="list every wrong answer")
    chosen = parser.parse_args(arguments)
    files = chosen.files or [HERE / "replies" / "patterns.jsonl"]
    rows = [row for path in files for row in loaded(path) if chosen.first <= row.id <= chosen.last]
    tallies, wrong = measure(rows)
    print(table(tallies))
    if chosen.wrong:
        print("\n".join(wrong))
    return int(" *" in table(tallies))


if __name__ == "__main__":
    raise SystemExit(main())
