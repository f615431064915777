"""Runs on disk: what was drafted by which variant, found again by name or by its newest."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from evals.drafting.cache import digest, write_whole
from evals.drafting.cases import EvalCase, Split
from evals.drafting.drafts import EvalDraft
from evals.drafting.generation import brand_hash, code_hash, shaping
from evals.drafting.judge_agreement import AgreementStore, JudgedBy
from evals.drafting.scoring import CaseScore
from evals.drafting.suite import Variant
from evals.errors import EvalError
from service.domain.base import Frozen, UtcTime
from service.settings import Settings

SCHEMA_VERSION = 1


class EvalRun(Frozen):
    """One variant over the cases of a suite, with its scores.

    `fingerprint`: what was drafted from what; `cases_sha256`: which cases, to the letter, with what
    their brands know; `scored_by`: which code scored them. Two runs compare only over the same
    cases, scored by the same code.
    """

    schema_version: int = SCHEMA_VERSION
    id: str
    suite: str
    variant: str
    split: Split
    made_at: UtcTime
    settings: Variant
    code: str
    cases_sha256: str
    fingerprint: str
    model: str
    prompt: str
    asked: int = 0
    kept: int = 0
    drafts: tuple[EvalDraft, ...]
    scores: tuple[CaseScore, ...] = ()
    scored_by: str = ""
    judges: tuple[JudgedBy, ...] = ()


def new_run(
    *,
    suite: str,
    name: str,
    variant: Variant,
    settings: Settings,
    split: Split,
    rows: Sequence[EvalCase],
    drafts: Sequence[EvalDraft],
    asked: int,
    kept: int,
) -> EvalRun:
    """A run of what was just drafted."""
    now = datetime.now(UTC)
    hashed = cases_hash(rows)
    given = shaping(variant.settings(settings))
    prompts = sorted({draft.prompt for draft in drafts if draft.prompt})
    models = sorted({draft.model for draft in drafts if draft.model})
    fingerprint = digest(code_hash(), hashed, given, variant.guarded, prompts, models)
    return EvalRun(
        id=f"{suite}-{name}-{now:%Y%m%d-%H%M%S}-{fingerprint[:6]}",
        suite=suite,
        variant=name,
        split=split,
        made_at=now,
        settings=variant,
        code=code_hash(),
        cases_sha256=hashed,
        fingerprint=fingerprint[:16],
        model=", ".join(models),
        prompt=", ".join(prompts),
        asked=asked,
        kept=kept,
        drafts=tuple(drafts),
    )


def cases_hash(rows: Sequence[EvalCase]) -> str:
    """A hash of the cases as they stand, and of what their brands know."""
    brands = sorted({row.brand for row in rows})
    known = [brand_hash(brand_id) for brand_id in brands]
    return digest([row.model_dump(mode="json") for row in rows], known)[:16]


def require_same_cases(run: EvalRun, rows: Sequence[EvalCase]) -> None:
    """Refuse cases that are no longer those of the run."""
    if cases_hash(rows) != run.cases_sha256:
        raise EvalError(
            f"the cases of {run.id}, or what their brands know, have changed since: run the suite "
            "again"
        )


class RunStore:
    """The folder of runs, one file each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, run: EvalRun) -> Path:
        """Keep a run, all at once."""
        path = self._folder / f"{run.id}.json"
        write_whole(path, run.model_dump_json(indent=1))
        return path

    def ids(self) -> list[str]:
        """All runs, oldest first."""
        found = [path.stem for path in self._folder.glob("*.json") if path.name[0] != "."]
        return sorted(found, key=lambda run_id: (run_id.split("-")[-3:-1], run_id))

    def load(self, name: str) -> EvalRun:
        """A run by its id, the beginning of it (the newest such), or by its file's path; its judges
        with the agreement that is known by now."""
        try:
            run = EvalRun.model_validate(json.loads(self._path(name).read_text(encoding="utf-8")))
            judges = tuple(map(AgreementStore(self._folder).known, run.judges))
            return run.model_copy(update={"judges": judges})
        except (OSError, ValueError, ValidationError) as exc:
            raise EvalError(
                f"run {name} can't be read: it is broken, or of a newer Amends"
            ) from exc

    def _path(self, name: str) -> Path:
        if name.endswith(".json") and Path(name).is_file():
            return Path(name)
        fitting = [run_id for run_id in self.ids() if run_id.startswith(name)]
        if not fitting:
            there = ", ".join(self.ids()[-5:]) or "none yet"
            raise EvalError(f"there is no run {name}; the newest are: {there}")
        return self._folder / f"{fitting[-1]}.json"
