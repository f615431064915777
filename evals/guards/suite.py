"""The suite `guards`: figures for every check and language, gates, and what went wrong."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from evals.drafting.cache import digest
from evals.drafting.generation import code_hash
from evals.guards.corpus import HERE, Split
from evals.guards.figures import Confusion, Tallies, failures, macro
from evals.guards.runs import GROUNDING, LEARNED, Measured, Tick, measure
from evals.suite_files import read_suite


class GuardSuite(BaseModel):
    """`evals/suites/guards.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    suite: str
    split: Split
    gates: dict[str, float]


@dataclass(frozen=True)
class SuiteRun:
    """What a run of the suite found, ready to be shown."""

    suite: GuardSuite
    split: Split
    measured: Measured
    fingerprint: str
    failed: list[str]

    @property
    def gated(self) -> bool:
        """Whether the gates were looked at: they are for the suite's own split."""
        return self.split == self.suite.split

    def document(self) -> dict[str, Any]:
        """The one JSON document of a run."""
        measured = self.measured
        return {
            "run": datetime.now(UTC).isoformat(timespec="seconds"),
            "suite": self.suite.suite,
            "split": self.split,
            "fingerprint": self.fingerprint,
            "scores": {
                "false_block": measured.false_block.json(),
                "missed_block": measured.missed_block.json(),
                "replies": _tables(measured.replies),
                "sentences": _tables(measured.sentences),
                "claims": _tables(measured.claims),
            },
            "gates": {"asked": self.suite.gates if self.gated else {}, "failed": self.failed},
            "confusions": [asdict(row) for row in self.confusions()],
        }

    def confusions(self) -> list[Confusion]:
        """Every row on which something was wrong, the false blocks first."""
        measured = self.measured
        found = [*measured.good_blocked, *measured.bad_passed]
        for part in (measured.replies, measured.claims, measured.sentences):
            found += part.confusions
        return found


def load_suite() -> GuardSuite:
    """The suite's file; EvalError says what is wrong with it."""
    return read_suite("guards", GuardSuite)


async def run_suite(split: Split | None = None, tick: Tick = lambda: None) -> SuiteRun:
    """Measure a split; gates count on the suite's own split only."""
    suite = load_suite()
    chosen = split or suite.split
    measured = await measure(chosen, tick)
    failed = failures(headline(measured), suite.gates) if chosen == suite.split else []
    return SuiteRun(suite, chosen, measured, _fingerprint(chosen), failed)


def headline(measured: Measured) -> dict[str, float | None]:
    """The figures that gates can name."""
    found = {
        "false block": measured.false_block.value,
        "missed block": measured.missed_block.value,
    }
    parts = {
        "sentences": measured.sentences,
        "claims": measured.claims,
        "replies": measured.replies,
    }
    for name, part in parts.items():
        for check in part.by_check:
            total = part.total(check)
            found[f"{name} {check} precision"] = total.precision.value
            found[f"{name} {check} recall"] = total.recall.value
    found["sentences macro recall"] = macro(
        measured.sentences.total(c).recall.value for c in LEARNED
    )
    found["claims macro recall"] = macro(measured.claims.total(c).recall.value for c in GROUNDING)
    return found


def _tables(tallies: Tallies) -> dict[str, dict[str, Any]]:
    tables: dict[str, dict[str, Any]] = {}
    for check, languages in sorted(tallies.by_check.items()):
        rows = {"all": tallies.total(check), **dict(sorted(languages.items()))}
        tables[check] = {
            name: {
                "precision": tally.precision.json(),
                "recall": tally.recall.json(),
                "f1": tally.f1,
            }
            for name, tally in rows.items()
        }
    return tables


def _fingerprint(split: Split) -> str:
    """What the figures depend on: the code with its weights, the brands and the rows."""
    rows = [path.read_text(encoding="utf-8") for path in sorted(HERE.rglob("*.jsonl"))]
    return digest(code_hash(), split, rows)[:12]


def written(run: SuiteRun, folder: Path) -> Path:
    """Keep the run as a file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"guards-{run.split}-{run.fingerprint}.json"
    path.write_text(json.dumps(run.document(), ensure_ascii=False, indent=1), encoding="utf-8")
    return path
