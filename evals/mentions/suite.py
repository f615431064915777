"""The suite `mentions`: production's own brand finding on labelled posts, and gates; no model."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from evals.drafting.cache import digest
from evals.drafting.generation import code_hash
from evals.guards.figures import Confusion, Tally, failures
from evals.mentions.rows import MentionRow, Split, brands, rows
from evals.suite_files import LANGUAGES, read_suite
from service.domain.base import Frozen
from service.embedding.embedder import Embedder
from service.embedding.name_senses import familiarity
from service.settings import EmbeddingSettings
from service.triage.brand_finder import BrandFinder

COMMON = -18.0
"""From this familiarity on a name is also a word, a person or a place."""
Tick = Callable[[], None]


class MentionsSuite(Frozen):
    """`evals/suites/mentions.yaml`."""

    suite: str
    split: Split
    gates: dict[str, float]


@dataclass(frozen=True)
class Judged:
    """A row, and whether its brand was found in it."""

    row: MentionRow
    found: bool

    @property
    def is_common(self) -> bool:
        """Whether the brand's name is also something else."""
        return familiarity(brands()[self.row.brand].name) > COMMON


@dataclass(frozen=True)
class MentionsRun:
    """What a run of the suite found, ready to be shown."""

    suite: MentionsSuite
    split: Split
    judged: Sequence[Judged]
    fingerprint: str
    failed: list[str]

    @property
    def gated(self) -> bool:
        """Whether the gates were looked at: they are for the suite's own split."""
        return self.split == self.suite.split

    def tallies(self) -> dict[str, Tally]:
        """Over all rows, for common names and for each language."""
        parts = {"all": self.judged, "common": [one for one in self.judged if one.is_common]}
        for code in LANGUAGES:
            parts[code] = [one for one in self.judged if one.row.language == code]
        return {name: _tally(judged) for name, judged in parts.items()}

    def wrong(self) -> list[Confusion]:
        """Every row on which the finding was wrong."""
        return [
            Confusion(
                one.row.brand,
                one.row.language,
                one.row.id,
                "raised" if one.found else "missed",
                one.row.text,
                one.row.why,
            )
            for one in self.judged
            if one.found != one.row.counts
        ]

    def document(self) -> dict[str, Any]:
        """The one JSON document of a run."""
        return {
            "run": datetime.now(UTC).isoformat(timespec="seconds"),
            "suite": self.suite.suite,
            "split": self.split,
            "fingerprint": self.fingerprint,
            "scores": {
                name: {
                    "precision": tally.precision.json(),
                    "recall": tally.recall.json(),
                    "F1": tally.f1,
                }
                for name, tally in self.tallies().items()
            },
            "gates": {"asked": self.suite.gates if self.gated else {}, "failed": self.failed},
            "wrong": [vars(row) for row in self.wrong()],
        }

    def lines(self, confusions: int) -> Iterator[str]:
        """The whole report, line by line."""
        yield f"suite mentions, split {self.split}, {len(self.judged)} posts, {self.fingerprint}"
        yield ""
        yield f"  {'':<8}{'precision':<28}{'recall':<28}F1"
        for name, tally in self.tallies().items():
            cells = f"{tally.precision.words():<28}{tally.recall.words():<28}"
            yield f"  {name:<8}{cells}{_short(tally.f1)}"
        wrong = self.wrong()
        if confusions and wrong:
            yield ""
            yield f"Wrong rows ({min(confusions, len(wrong))} of {len(wrong)})"
        for row in wrong[:confusions]:
            yield f"  {row.check} {row.wrong} ({row.language}, {row.row}): {row.text[:200]}"
        yield ""
        apart = f"no gate was looked at: they are for split {self.suite.split}"
        yield from self.failed or ["every gate is met" if self.gated else apart]


def _tally(judged: Sequence[Judged]) -> Tally:
    tally = Tally()
    for one in judged:
        tally.add(one.row.counts, one.found)
    return tally


def _short(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def load_suite() -> MentionsSuite:
    """The suite's file; EvalError says what is wrong with it."""
    return read_suite("mentions", MentionsSuite)


def headline(tallies: dict[str, Tally]) -> dict[str, float | None]:
    """The figures that gates can name: `F1`, and `common precision` and so on for parts."""
    found: dict[str, float | None] = {}
    for name, tally in tallies.items():
        lead = "" if name == "all" else f"{name} "
        found[f"{lead}precision"] = tally.precision.value
        found[f"{lead}recall"] = tally.recall.value
        found[f"{lead}F1"] = tally.f1
    return found


async def run_suite(split: Split | None = None, tick: Tick = lambda: None) -> MentionsRun:
    """Measure a split; gates count on the suite's own split only."""
    suite = load_suite()
    chosen = split or suite.split
    finder = BrandFinder(Embedder(EmbeddingSettings()))
    judged = []
    for row in rows(chosen):
        brand = brands()[row.brand]
        about = {brand.id: brand.mentions.about}
        judged.append(Judged(row, bool(await finder.named_in(row.post, [brand], about))))
        tick()
    texts = [row.model_dump_json() for row in rows(chosen)]
    fingerprint = digest(code_hash(), *texts)[:12]
    run = MentionsRun(suite, chosen, judged, fingerprint, [])
    missed = failures(headline(run.tallies()), suite.gates) if chosen == suite.split else []
    return MentionsRun(suite, chosen, judged, fingerprint, missed)
