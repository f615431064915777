"""A drafting suite: which cases, drafted how, scored by what, held to which gates."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field, model_validator

from evals.brands import brand_ids
from evals.drafting.cases import EvalCase, Split, cases
from evals.errors import EvalError
from evals.suite_files import read_suite
from service.domain.base import Frozen
from service.domain.thread import Case
from service.domain.triage import Kind, MoveKind
from service.prompting.judge_prompts import judged_checks
from service.settings import LlmSettings, Settings

REFERENCE = "reference"
"""The model that answers with the case's own reference: what a person wrote, scored likewise."""


class Chosen(Frozen):
    """Which cases of a split; what is left out doesn't narrow."""

    split: Split = "dev"
    brands: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    moves: tuple[MoveKind, ...] = ()
    traits: tuple[str, ...] = Field(default=(), description="a case with any of these")
    ids: tuple[str, ...] = ()
    limit: int | None = Field(default=None, ge=1, description="so many, spread over the brands")

    def rows(self, split: Split | None = None) -> tuple[EvalCase, ...]:
        """The cases, in a fixed order."""
        rows = cases(split or self.split)
        self._refuse_unknown(rows)
        found = [row for row in rows if self._fits(row)]
        if not found:
            raise EvalError("no case fits the suite's `cases`: widen what it chooses")
        return tuple(_spread(found, self.limit))

    def _refuse_unknown(self, rows: Sequence[EvalCase]) -> None:
        """A misspelt name would leave its cases out in silence."""
        known = {
            "ids": {row.id for row in rows},
            "traits": {trait for row in rows for trait in row.traits},
            "languages": {row.language for row in rows},
        }
        for field, names in known.items():
            if unknown := set(getattr(self, field)) - names:
                listed = ", ".join(sorted(unknown))
                raise EvalError(f"cases.{field}: no case of the split has {listed}")

    def _fits(self, row: EvalCase) -> bool:
        return (
            row.brand in (self.brands or (row.brand,))
            and row.language in (self.languages or (row.language,))
            and row.kind in (self.kinds or (row.kind,))
            and row.move in (self.moves or (row.move,))
            and row.id in (self.ids or (row.id,))
            and (not self.traits or bool(set(self.traits) & set(row.traits)))
        )


def _spread(rows: list[EvalCase], limit: int | None) -> list[EvalCase]:
    """The first of each brand, the second of each, and so on."""
    if limit is None or limit >= len(rows):
        return rows
    seen: dict[str, int] = {}
    turns = []
    for place, row in enumerate(rows):
        seen[row.brand] = seen.get(row.brand, 0) + 1
        turns.append((seen[row.brand], place))
    chosen = sorted(place for _, place in sorted(turns)[:limit])
    return [rows[place] for place in chosen]


class Variant(Frozen):
    """One way of drafting; what is left out is as in production."""

    model: str | None = Field(default=None, description="a litellm name, `bundled` or `reference`")
    prompt: str | None = Field(default=None, description="name or name@version")
    candidates: int | None = Field(default=None, ge=1, le=8)
    revisions: int | None = Field(default=None, ge=0, le=4)
    policy: int | None = Field(default=None, ge=0, le=20, description="passages per draft")
    past_replies: int | None = Field(default=None, ge=0, le=10)
    temperature: float | None = Field(default=None, ge=0, le=2)
    guarded: bool = Field(
        default=True, description="false: the model's first text stands, whatever the checks say"
    )

    def settings(self, base: Settings) -> Settings:
        """Production's settings with this variant's; its prompt is the `case`'s."""
        llm = {
            "candidates": self.candidates,
            "temperature": self.temperature,
        }
        drafting = {"revisions": self.revisions}
        retrieval = {"policy": self.policy, "past_replies": self.past_replies}
        return base.model_copy(
            update={
                "llm": alone(self.model, base.llm).model_copy(update=_given(llm)),
                "drafting": base.drafting.model_copy(update=_given(drafting)),
                "retrieval": base.retrieval.model_copy(update=_given(retrieval)),
            }
        )

    def case(self, case: Case) -> Case:
        """The case with this variant's prompt, which so goes before what the brand pins."""
        if self.prompt is None:
            return case
        options = case.options.model_copy(update={"prompt": self.prompt})
        return case.model_copy(update={"options": options})


def alone(name: str | None, llm: LlmSettings) -> LlmSettings:
    """The settings' model or another in its place, and no fallback, which would answer in its name.

    Address and key go along only to the same provider.
    """
    changed: dict[str, object] = {"model": name or llm.model, "fallbacks": ()}
    if name is not None and _provider(name) != _provider(llm.model):
        changed |= {"api_base": None, "api_key": None}
    return llm.model_copy(update=changed)


def _provider(model: str) -> str:
    return model.partition("@")[0].partition("/")[0]


def _given(values: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}


Named = Annotated[str, Field(pattern=r"^\w[\w.-]*$")]
"""A suite or a variant: runs are files that are called after both."""


class DraftingSuite(Frozen):
    """A suite's file: `evals/suites/NAME.yaml`."""

    suite: Named
    kind: Literal["drafting"]
    description: str = ""
    cases: Chosen = Chosen()
    variants: dict[Named, Variant] = Field(min_length=1)
    scorers: tuple[str, ...] = Field(
        default=(), description="none named: all; `ready` and `danger` always"
    )
    judges: tuple[str, ...] = Field(
        default=(), description="failures that a model judges each draft on, one call each"
    )
    judge_model: str | None = Field(
        default=None, min_length=1, description="who judges: a litellm name or `bundled`"
    )
    gates: dict[str, float] = Field(
        default={}, description="lower bounds by figure; a name ending in `at most` is an upper one"
    )
    concurrency: int = Field(default=1, ge=1, le=64, description="drafts at the same time")
    per_minute: int | None = Field(default=None, ge=1, description="model calls a minute at most")

    @model_validator(mode="after")
    def _names_known_scorers(self) -> "DraftingSuite":
        from evals.drafting.scorers import SCORERS

        if unknown := set(self.scorers) - set(SCORERS):
            raise ValueError(
                f"scorers: {', '.join(sorted(unknown))} unknown; there are {', '.join(SCORERS)}"
            )
        if unknown := set(self.cases.brands) - set(brand_ids()):
            raise ValueError(f"cases.brands: {', '.join(sorted(unknown))} unknown")
        return self

    @model_validator(mode="after")
    def _names_judges_with_a_model(self) -> "DraftingSuite":
        if unknown := set(self.judges) - set(judged_checks()):
            raise ValueError(
                f"judges: {', '.join(sorted(unknown))} unknown; there are "
                f"{', '.join(judged_checks())}"
            )
        if self.judges and self.judge_model in (None, REFERENCE):
            raise ValueError("judges: name the model that judges as judge_model")
        return self


def load_suite(name: str) -> DraftingSuite:
    """A suite by its name or by its file's path; EvalError says what is wrong with it."""
    return read_suite(name, DraftingSuite)
