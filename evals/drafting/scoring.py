"""Score drafts with pydantic-evals: one evaluator a scorer, so that one that fails fails alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import Field
from pydantic_evals import Case, Dataset
from pydantic_evals.evaluators import EvaluationReason, Evaluator, EvaluatorContext
from pydantic_evals.reporting import ReportCase

from evals.brands import brand_of
from evals.drafting.cases import EvalCase
from evals.drafting.drafts import EvalDraft
from evals.drafting.judges import PREFIX, FailureJudge
from evals.drafting.scene import scene_of
from evals.drafting.scorers import ALWAYS, SCORERS, Scored
from service.bootstrap import Services
from service.domain.base import Frozen
from service.domain.triage import MoveKind
from service.drafting.profile import profile_for
from service.settings import Settings


class CaseScore(Frozen):
    """All that the scorers said of one draft; `failed` names those that could not say anything,
    `reasons` holds what the judges saw."""

    case_id: str
    brand: str
    language: str
    kind: str
    traits: tuple[str, ...]
    eligible: bool
    values: dict[str, bool | float | str]
    missing: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    reasons: dict[str, str] = Field(default={})

    @property
    def is_measured(self) -> bool:
        """Whether figures and comparisons count the case: it was drafted, and what every figure
        rests on could be scored. Of others they say nothing, neither good nor bad."""
        return "ready" in self.values and "danger" not in self.failed

    @property
    def is_drafted(self) -> bool:
        """Whether its danger counts: a reply was drafted. Silence and a holding reply, whose words
        no model wrote, are neither dangerous nor safe."""
        return "danger" in self.values

    @property
    def ready(self) -> bool:
        """Whether it can be sent as it is."""
        return self.values.get("ready") == "send_ready"

    @property
    def dangers(self) -> tuple[str, ...]:
        """What is dangerous in it."""
        said = str(self.values.get("danger", "none"))
        return () if said == "none" else tuple(said.split(", "))


@dataclass
class ByFunction(Evaluator[Scored, Scored, None]):
    """A scorer as pydantic-evals knows it."""

    scorer: str

    def get_default_evaluation_name(self) -> str:
        """The scorer's name."""
        return self.scorer

    def evaluate(self, ctx: EvaluatorContext[Scored, Scored, None]) -> Any:
        """What the scorer says; nothing where it has nothing to say, or nothing was drafted."""
        if ctx.output.draft.is_missing:
            return {}
        value = SCORERS[self.scorer](ctx.output)
        return {} if value is None else {self.scorer: value}


@dataclass
class ByJudge(Evaluator[Scored, Scored, None]):
    """A judge as pydantic-evals knows it: true where it finds no failure."""

    judge: FailureJudge

    def get_default_evaluation_name(self) -> str:
        """The judge's name."""
        return self.judge.name

    async def evaluate(self, ctx: EvaluatorContext[Scored, Scored, None]) -> Any:
        """The judge's verdict; nothing where there is no reply, or nothing to ask of it."""
        scene = ctx.output.scene
        if scene is None or not self.judge.applies(scene.context):
            return {}
        found = await self.judge.finding(scene.context)
        seen = f"{found.words or found.evidence}: {found.reason}" if found else None
        return {self.judge.name: EvaluationReason(found is None, seen)}


async def score(
    rows: Sequence[EvalCase],
    drafts: Sequence[EvalDraft],
    services: Services,
    *,
    scorers: Sequence[str] = (),
    judges: Sequence[FailureJudge] = (),
    settings: Settings,
) -> list[CaseScore]:
    """One score for each case, in order; drafting services of any model will do."""
    scored = [await _scored(row, draft, services) for row, draft in zip(rows, drafts, strict=True)]
    names = dict.fromkeys((*ALWAYS, *scorers)) if scorers else SCORERS
    dataset: Dataset[Scored, Scored, None] = Dataset(
        name="drafts",
        cases=[Case(name=one.case.id, inputs=one) for one in scored],
        evaluators=[*map(ByFunction, names), *map(ByJudge, judges)],
    )
    report = await dataset.evaluate(lambda one: one, progress=False, max_concurrency=1)
    said = {case.name: case for case in report.cases}
    return [_case_score(one, said[one.case.id], settings) for one in scored]


async def _scored(row: EvalCase, draft: EvalDraft, services: Services) -> Scored:
    reply = None if draft.is_missing else draft.reply
    scene = await scene_of(services, row, reply) if reply else None
    return Scored(row, draft, scene)


def _case_score(
    one: Scored, said: ReportCase[Scored, Scored, None], settings: Settings
) -> CaseScore:
    values: dict[str, bool | float | str] = {}
    reasons: dict[str, str] = {}
    parts: Sequence[Mapping[str, Any]] = (said.assertions, said.scores, said.labels)
    for part in parts:
        values |= {name: result.value for name, result in part.items()}
        reasons |= {name: result.reason for name, result in part.items() if result.reason}
    return CaseScore(
        case_id=one.case.id,
        brand=one.case.brand,
        language=one.case.language,
        kind=one.case.kind.value,
        traits=one.case.traits,
        eligible=is_eligible(one.case, settings),
        values=values,
        missing=tuple(str(item) for item in one.missing),
        broken=tuple(str(item) for item in one.broken),
        failed=tuple(sorted(failure.name for failure in said.evaluator_failures)),
        reasons=reasons,
    )


def with_judges_of(score: CaseScore, before: CaseScore) -> CaseScore:
    """A score with the verdicts that judges gave on the same draft before: none is asked again."""
    values = {name: said for name, said in before.values.items() if name.startswith(PREFIX)}
    failed = [name for name in before.failed if name.startswith(PREFIX)]
    return score.model_copy(
        update={
            "values": {**score.values, **values},
            "failed": (*score.failed, *failed),
            "reasons": {**before.reasons, **score.reasons},
        }
    )


def is_eligible(row: EvalCase, settings: Settings) -> bool:
    """Whether a drafted answer is due: not to spam, and not where the model is never asked."""
    if row.move is MoveKind.NO_REPLY:
        return False
    brand = brand_of(row.brand)
    language = brand.answer_language(row.language)
    profile = profile_for(settings, row.case, brand)
    return profile.refusal(language, row.move, row.sensitivities) is None
