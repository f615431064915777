"""The suite `triage`: production's own triage on cases and on single posts, and gates; no model."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from pydantic import Field

from evals.brands import services_for
from evals.drafting.cache import digest
from evals.drafting.cases import Split
from evals.drafting.generation import code_hash
from evals.guards.figures import Confusion, Share, failures
from evals.suite_files import LANGUAGES, read_suite
from evals.triage.due import PARTS, Part, due
from evals.triage.figures import Pairs, figures, headline, kinds, moves, sensitivities
from evals.triage.judged import JudgedTriage, judge
from service.domain.base import Frozen
from service.domain.triage import Sensitivity

Tick = Callable[[], None]


class TriageSuite(Frozen):
    """`evals/suites/triage.yaml`. `close`: the cosine from which on words tell the same issue."""

    suite: str
    split: Split
    close: float = Field(gt=0, le=1)
    gates: dict[Part, dict[str, float]]


@dataclass(frozen=True)
class TriageRun:
    """What a run of the suite found, ready to be shown."""

    suite: TriageSuite
    split: Split
    judged: Sequence[JudgedTriage]
    fingerprint: str
    failed: list[str]

    @property
    def gated(self) -> bool:
        """Whether the gates were looked at: they are for the suite's own split."""
        return self.split == self.suite.split

    def of(self, part: Part) -> list[JudgedTriage]:
        """The rows of one part."""
        return [one for one in self.judged if one.due.part == part]

    def figures(self, part: Part) -> dict[str, dict[str, Share]]:
        """Every figure over all rows of a part and for each language."""
        rows = self.of(part)
        parts = {"all": rows}
        for code in LANGUAGES:
            parts[code] = [one for one in rows if one.due.language == code]
        found = {name: figures(judged) for name, judged in parts.items()}
        return {figure: {name: found[name][figure] for name in found} for figure in found["all"]}

    def wrong(self) -> list[Confusion]:
        """Every row on which something was wrong, escalations that did not happen first."""
        found = [wrong for one in self.judged for wrong in one.wrong()]
        found += sensitivities(self.judged).confusions
        missed = {one.due.id for one in self.judged if one.due.move == "escalate"}
        return sorted(found, key=lambda row: (row.check != "move", row.row not in missed))

    def document(self) -> dict[str, Any]:
        """The one JSON document of a run."""
        return {
            "run": datetime.now(UTC).isoformat(timespec="seconds"),
            "suite": self.suite.suite,
            "split": self.split,
            "fingerprint": self.fingerprint,
            "scores": {part: self._scores(part) for part in PARTS if self.of(part)},
            "gates": {"asked": self.suite.gates if self.gated else {}, "failed": self.failed},
            "wrong": [vars(row) for row in self.wrong()],
        }

    def _scores(self, part: Part) -> dict[str, Any]:
        tallies = sensitivities(self.of(part))
        return {
            "figures": {
                figure: {name: share.json() for name, share in by_language.items()}
                for figure, by_language in self.figures(part).items()
            },
            "sensitivities": {
                name.value: {
                    "precision": tallies.total(name.value).precision.json(),
                    "recall": tallies.total(name.value).recall.json(),
                }
                for name in Sensitivity
            },
            "moves": _rows(moves(self.of(part))),
            "kinds": _rows(kinds(self.of(part))),
        }


def _rows(pairs: Pairs) -> list[dict[str, Any]]:
    return [{"due": due, "read": read, "count": n} for (due, read), n in sorted(pairs.items())]


def load_suite() -> TriageSuite:
    """The suite's file; EvalError says what is wrong with it."""
    return read_suite("triage", TriageSuite)


async def run_suite(split: Split | None = None, tick: Tick = lambda: None) -> TriageRun:
    """Measure a split; gates count on the suite's own split only."""
    suite = load_suite()
    chosen = split or suite.split
    rows = due(chosen)
    judged = []
    async with services_for(()) as services:
        for row in rows:
            judged.append(await judge(row, services, close=suite.close))
            tick()
    said = "\n".join(row.model_dump_json() for row in rows)
    found = TriageRun(suite, chosen, judged, digest(code_hash(), said, suite.close)[:12], [])
    return replace(found, failed=_failed(found)) if chosen == suite.split else found


def _failed(run: TriageRun) -> list[str]:
    return [
        f"{part}: {words}"
        for part, gates in run.suite.gates.items()
        for words in failures(headline(run.of(part)), gates)
    ]
