"""How far each judge agrees with the labels: `amends eval judges`.

Kept beside the runs by the judge's prompt and model, so that a report can say what its verdicts are
worth. Of these rows up to half have the failure, of drafts far fewer: of what a judge finds in
drafts a smaller share is right than the precision here says.
"""

import asyncio
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from pydantic import ValidationError

from evals.drafting.cache import digest, write_whole
from evals.drafting.judged_rows import JudgedRow, rows_for, texts_of
from evals.drafting.judges import PREFIX, FailureJudge, judge_model, judges_of
from evals.errors import EvalError
from evals.guards.agreement import kappa
from evals.guards.figures import Share
from service.domain.base import Frozen
from service.prompting.judge_prompts import judged_checks
from service.settings import Settings

Tick = Callable[[], None]


class Agreement(Frozen):
    """A judge's verdicts against the labels; `unanswered` rows are left out of the four counts."""

    found: int
    missed: int
    raised: int
    passed: int
    unanswered: int = 0
    rows_sha256: str

    @property
    def answered(self) -> int:
        """How many rows the judge gave a verdict on."""
        return self.found + self.missed + self.raised + self.passed

    @property
    def precision(self) -> Share:
        """Of what the judge found, the share that is labelled so."""
        return Share(self.found, self.found + self.raised)

    @property
    def recall(self) -> Share:
        """Of what is labelled so, the share that the judge found."""
        return Share(self.found, self.found + self.missed)

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa (1960); None where nothing was answered."""
        pairs = [(True, True)] * self.found + [(True, False)] * self.missed
        pairs += [(False, True)] * self.raised + [(False, False)] * self.passed
        return kappa([a for a, _ in pairs], [b for _, b in pairs]) if pairs else None

    def words(self) -> str:
        """As a report shows it beside the judge's figure."""
        known = "-" if self.kappa is None else f"{self.kappa:.2f}"
        silent = f", {self.unanswered} unanswered" if self.unanswered else ""
        return (
            f"precision {_short(self.precision)}, recall {_short(self.recall)}, kappa {known} "
            f"on {self.found + self.missed}+{self.raised + self.passed} labelled rows{silent}"
        )

    def document(self) -> dict[str, Any]:
        """The same for machines."""
        return {
            "precision": self.precision.json(),
            "recall": self.recall.json(),
            "kappa": self.kappa,
            "unanswered": self.unanswered,
        }


def _short(share: Share) -> str:
    low, high = share.interval
    return "-" if share.value is None else f"{share.value:.2f} [{low:.2f}, {high:.2f}]"


class JudgedBy(Frozen):
    """Who judged a failure in a run, and how far that agrees with labels, where it was measured."""

    failure: str
    model: str
    prompt: str
    prompt_sha256: str
    agreement: Agreement | None = None

    @classmethod
    def of(cls, judge: FailureJudge) -> Self:
        """A judge as a run keeps it."""
        prompt = judge.prompt
        return cls(
            failure=judge.failure,
            model=judge.model,
            prompt=prompt.version,
            prompt_sha256=prompt.sha256,
        )

    @property
    def name(self) -> str:
        """The assertion's name."""
        return f"{PREFIX}{self.failure}"

    @property
    def words(self) -> str:
        """The agreement, or that there is none yet."""
        return self.agreement.words() if self.agreement else "agreement with labels not measured"


class AgreementStore:
    """The measured agreements, one file a judge, prompt and model."""

    def __init__(self, runs: Path) -> None:
        self._folder = runs / "judges"

    def save(self, judged: JudgedBy) -> None:
        """Keep a measurement instead of an older one."""
        write_whole(self._path(judged), judged.model_dump_json(indent=1))

    def known(self, judged: JudgedBy) -> JudgedBy:
        """The judge with its agreement; as it is where none was measured on today's rows."""
        try:
            text = self._path(judged).read_text(encoding="utf-8")
            kept = JudgedBy.model_validate(json.loads(text))
        except (OSError, ValueError, ValidationError):
            return judged
        today = rows_sha256(rows_for(judged.failure))
        return kept if kept.agreement and kept.agreement.rows_sha256 == today else judged

    def _path(self, judged: JudgedBy) -> Path:
        model = re.sub(r"[^\w.-]+", "-", judged.model)
        key = digest(judged.prompt_sha256, judged.model)[:16]
        return self._folder / f"{judged.failure}-{model}-{key}.json"


@dataclass(frozen=True)
class Measured:
    """What a measurement of the judges found; `failed` names those that left rows unanswered."""

    judges: Sequence[JudgedBy]

    @property
    def failed(self) -> list[str]:
        """In words, which judges did not answer all that they were asked."""
        silent = [(one, one.agreement.unanswered) for one in self.judges if one.agreement]
        return [f"{one.name}: no answer on {count} rows" for one, count in silent if count]

    def document(self) -> dict[str, Any]:
        """The one JSON document of a measurement."""
        return {
            "model": self.judges[0].model,
            "judges": {one.failure: document_of(one) for one in self.judges},
            "failed": self.failed,
        }

    def lines(self) -> Iterator[str]:
        """The measurement as text."""
        yield f"judged by {self.judges[0].model}"
        yield from (f"  {one.name:<28}{one.prompt}  {one.words}" for one in self.judges)
        yield from self.failed


def document_of(judged: JudgedBy) -> dict[str, Any]:
    """A judge for machines."""
    agreement = judged.agreement.document() if judged.agreement else None
    return {**judged.model_dump(include={"model", "prompt", "prompt_sha256"}), "labels": agreement}


def rows_in() -> int:
    """How many rows a measurement of all judges asks about."""
    return sum(len(rows_for(failure)) for failure in judged_checks())


def default_model(settings: Settings) -> str:
    """Who judges where nobody is named: the judge of the settings, else the drafting model."""
    named = settings.checks.judge_model if settings.checks.is_judged else None
    return named or settings.llm.model


async def measure_judges(
    settings: Settings,
    runs: Path,
    *,
    failures: Sequence[str] = (),
    model: str | None = None,
    tick: Tick = lambda: None,
) -> Measured:
    """The judges of these failures, or all, on labelled rows; each agreement is kept at once.

    One without a single answer is not: it would say less than an older one.
    """
    store = AgreementStore(runs)
    measured = []
    async with judge_model(model or default_model(settings), settings) as asked:
        if words := await asked.ready():
            raise EvalError(f"{asked.name} can't judge: {words}")
        for judge in judges_of(failures or judged_checks(), asked):
            agreement = await agreement_of(judge, rows_for(judge.failure), tick)
            judged = JudgedBy.of(judge).model_copy(update={"agreement": agreement})
            if agreement.answered:
                store.save(judged)
            measured.append(judged)
    return Measured(measured)


async def agreement_of(
    judge: FailureJudge, rows: Sequence[JudgedRow], tick: Tick = lambda: None
) -> Agreement:
    """A judge's verdicts on labelled rows, several asked at once."""

    async def verdict(row: JudgedRow) -> bool | None:
        try:
            return await judge.finding(row.context) is not None
        except EvalError:
            return None
        finally:
            tick()

    said = await asyncio.gather(*(verdict(row) for row in rows))
    pairs = [(row.marked, found) for row, found in zip(rows, said, strict=True)]
    return Agreement(
        found=pairs.count((True, True)),
        missed=pairs.count((True, False)),
        raised=pairs.count((False, True)),
        passed=pairs.count((False, False)),
        unanswered=said.count(None),
        rows_sha256=rows_sha256(rows),
    )


def rows_sha256(rows: Sequence[JudgedRow]) -> str:
    """By what an agreement measured on other rows is known."""
    return digest(texts_of(rows))[:16]
