"""What the page shows of a case and of a run, in the page's own words."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from evals.drafting.cases import EvalCase
from evals.drafting.drafts import EvalDraft
from evals.drafting.figures import Figures, figures
from evals.drafting.readiness import Readiness
from evals.drafting.runs import EvalRun
from evals.drafting.scoring import CaseScore


@dataclass(frozen=True)
class Side:
    """What became of a case in one run."""

    name: str
    draft: EvalDraft
    score: CaseScore

    @property
    def readiness(self) -> str:
        """By the rule; a suite may leave it out."""
        return str(self.score.values.get("ready", "not scored"))

    @property
    def rank(self) -> int:
        """How ready: more is better; what was not scored stands last."""
        ready = self.score.values.get("ready")
        return len(Readiness) + 1 if ready is None else Readiness(str(ready)).rank

    @property
    def failed(self) -> tuple[str, ...]:
        """Scorers that say no, and those that could say nothing."""
        said_no = [name for name, value in self.score.values.items() if value is False]
        return (*said_no, *(f"{name} (crashed)" for name in self.score.failed))

    @property
    def numbers(self) -> dict[str, float]:
        """What was measured by more than yes and no."""
        values = self.score.values.items()
        return {name: value for name, value in values if isinstance(value, float)}

    @property
    def came(self) -> str:
        """What came out of drafting."""
        if self.draft.error:
            return "error"
        if not self.draft.reply:
            return "no reply"
        return "holding reply" if self.draft.holding else "drafted"


@dataclass(frozen=True)
class CaseView:
    """A case with what became of it, in one run or in two."""

    case: EvalCase
    sides: tuple[Side, ...]

    @property
    def last(self) -> Side:
        """The run that the page is about."""
        return self.sides[-1]

    @property
    def changes(self) -> tuple[str, ...]:
        """How the second run's draft differs from the first's."""
        if len(self.sides) == 1:
            return ()
        before, after = self.sides
        if not (before.score.is_measured and after.score.is_measured):
            return ("not measured",)
        said = {
            "worse": after.rank < before.rank,
            "better": after.rank > before.rank,
            "new danger": bool(set(after.score.dangers) - set(before.score.dangers)),
            "danger gone": bool(set(before.score.dangers) - set(after.score.dangers)),
            "other text": before.draft.reply != after.draft.reply,
        }
        return tuple(word for word, holds in said.items() if holds) or ("nothing",)

    @property
    def facets(self) -> dict[str, tuple[str, ...]]:
        """What the page's filters choose by."""
        dangers = self.last.score.dangers
        before = {"before": (self.sides[0].readiness,)} if self.changes else {}
        return {
            "readiness": (self.last.readiness,),
            **before,
            "changed": self.changes,
            "danger": (*dangers, *(("any danger",) if dangers else ())),
            "reply": (self.last.came,),
            "language": (self.case.language,),
            "kind": (self.case.kind.value,),
            "brand": (self.case.brand,),
            "trait": self.case.traits,
            "failed": self.last.failed,
            "counted": ("eligible" if self.last.score.eligible else "not eligible",),
        }

    @property
    def gravity(self) -> tuple[bool, bool, int]:
        """The dangerous first, then what got worse, then what is least ready."""
        return not self.last.score.dangers, "worse" not in self.changes, self.last.rank


@dataclass(frozen=True)
class RunView:
    """A run with its figures; `name` tells it from the other one."""

    name: str
    run: EvalRun
    figures: Figures

    @classmethod
    def of(cls, name: str, run: EvalRun) -> "RunView":
        """The run with the figures of its scores."""
        return cls(name, run, figures(run.scores))

    @property
    def dangerous(self) -> dict[str, list[str]]:
        """The cases by danger, the most frequent danger first."""
        return {
            danger: [one.case_id for one in self.run.scores if danger in one.dangers]
            for danger in self.figures.dangers
        }

    def counts(self, field: str, value: str) -> dict[str, int]:
        """How many eligible cases of a language, kind or brand came out how."""
        said = [
            str(one.values.get("ready"))
            for one in self.run.scores
            if one.is_measured and one.eligible and getattr(one, field) == value
        ]
        return {level.value: said.count(level) for level in Readiness}

    @cached_property
    def facts(self) -> dict[str, str]:
        """What was run, in words."""
        run = self.run
        tokens = [d.usage.prompt_tokens + d.usage.completion_tokens for d in run.drafts]
        seconds = [draft.seconds for draft in run.drafts]
        changed = run.settings.model_dump(mode="json", exclude_defaults=True)
        return {
            "suite": run.suite,
            "variant": run.variant,
            "settings": ", ".join(f"{k} {v}" for k, v in changed.items()) or "as in production",
            "split": f"{run.split}, {len(run.drafts)} cases",
            "model": run.model or "none",
            "prompt": run.prompt or "none",
            "made": f"{run.made_at:%Y-%m-%d %H:%M} UTC",
            "run": run.id,
            "fingerprint": run.fingerprint,
            "code": run.code,
            "cases": run.cases_sha256,
            "model calls": f"{run.asked} made, {run.kept} from the cache",
            "tokens": f"{sum(tokens):,}",
            "seconds a draft": f"{median(seconds):.1f} median, {max(seconds):.1f} at most",
            "judges": "; ".join(f"{judge.name} {judge.words}" for judge in run.judges) or "none",
        }


def sides_of(name: str, run: EvalRun) -> Mapping[str, Side]:
    """What became of each case in a run, by the case's id."""
    scores = {one.case_id: one for one in run.scores}
    return {d.case_id: Side(name, d, scores[d.case_id]) for d in run.drafts}
