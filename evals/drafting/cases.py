"""The end-to-end cases: a complaint with what a good reply to it does, and where it comes from."""

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, ValidationError, model_validator

from evals.brands import fault_of_name, policy_of
from evals.drafting.items import Item, PolicyValue, row_faults
from evals.errors import EvalError
from service.domain.base import Frozen
from service.domain.thread import Author, Case
from service.domain.triage import Kind, MoveKind, Sensitivity

CASES = Path(__file__).parents[1] / "cases" / "drafting"
LOCK = CASES / "test.lock"
Split = Literal["dev", "test"]
BRANDS: Mapping[Split, tuple[str, ...]] = {
    "dev": ("tidewell", "halden", "corvane", "northmoor"),
    "test": ("pinewick", "ostravela", "quillon"),
}
"""Kept apart by brand and by author: what was tuned on one says nothing about the other."""
HARVESTED = "harvested.jsonl"
"""The file of dev for what `amends eval confirm` moves, of any brand that is not of the test."""


class CaseIssue(Frozen):
    """One point that the customer raises, in their own words and in ours."""

    id: str
    quote: str
    point: str


class Provenance(Frozen):
    """Who wrote a case, when, and from what."""

    author: str
    written: str
    source: str


class EvalCase(Frozen):
    """A case for the drafter with what is expected of the reply."""

    id: str
    case: Case
    language: str = Field(pattern=r"^[a-z]{2}$")
    kind: Kind
    move: MoveKind
    traits: tuple[str, ...] = Field(min_length=1)
    issues: tuple[CaseIssue, ...] = ()
    policy: tuple[str, ...] = ()
    must: tuple[Item, ...] = ()
    must_not: tuple[Item, ...] = ()
    reference: str = ""
    note: str = ""
    provenance: Provenance

    @property
    def brand(self) -> str:
        """The brand's id."""
        return self.case.brand or ""

    @property
    def sensitivities(self) -> tuple[Sensitivity, ...]:
        """Those that the traits name."""
        return tuple(one for one in Sensitivity if one.value in self.traits)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        customer = [m.text for m in self.case.thread if m.author is Author.CUSTOMER]
        said = "\n".join((*customer, self.case.complaint.text))
        for issue in self.issues:
            if issue.quote not in said:
                raise ValueError(f"issues: {issue.id!r} quotes words that the customer never wrote")
        self._refuse_unknown_names()
        return self

    def _refuse_unknown_names(self) -> None:
        """A misspelt name would make an item that is never true, or always."""
        if fault := fault_of_name(self.brand):
            raise ValueError(f"case.brand: {fault}")
        items = (*self.must, *self.must_not)
        cited = {item.passage for item in items if isinstance(item, PolicyValue) and item.passage}
        known = {passage.id for passage in policy_of(self.brand)}
        if unknown := (set(self.policy) | cited) - known:
            raise ValueError(f"policy: {self.brand} has no passage {', '.join(sorted(unknown))}")
        about = {item.about for item in items if not isinstance(item, PolicyValue) and item.about}
        if unknown := about - {issue.id for issue in self.issues}:
            raise ValueError(f"about: the case has no issue {', '.join(sorted(unknown))}")


def read_cases(path: Path) -> tuple[EvalCase, ...]:
    """The cases of a JSONL file; EvalError names the file, the line and what is wrong."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise EvalError(f"{path.name} can't be read: {type(exc).__name__}") from exc
    numbered = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    rows = tuple(_case(path.name, number, line) for number, line in numbered)
    _refuse_doubles(path.name, rows)
    return rows


def _case(name: str, number: int, line: str) -> EvalCase:
    try:
        return EvalCase.model_validate_json(line)
    except ValidationError as exc:
        raise EvalError(f"{name}, line {number}: {row_faults(exc)}") from exc


def _refuse_doubles(name: str, rows: Iterable[EvalCase]) -> None:
    seen: set[str] = set()
    for row in rows:
        if row.id in seen:
            raise EvalError(f"{name}: the id {row.id!r} stands there twice")
        seen.add(row.id)


@cache
def cases(split: Split, folder: Path = CASES) -> tuple[EvalCase, ...]:
    """All cases of a split; the test split is refused when it isn't the locked one."""
    if split == "test":
        require_locked()
    files = [folder / f"{brand}.jsonl" for brand in BRANDS[split]]
    if split == "dev" and (folder / HARVESTED).exists():
        files.append(folder / HARVESTED)
    return tuple(row for path in files for row in read_cases(path))


def hash_of_test() -> str:
    """The hash of the test split, file by file."""
    whole = hashlib.sha256()
    for brand in BRANDS["test"]:
        whole.update((CASES / f"{brand}.jsonl").read_bytes())
    return whole.hexdigest()


def require_locked() -> None:
    """Refuse a test split that differs from the locked one: figures would no longer compare."""
    locked = LOCK.read_text(encoding="utf-8").split()[0] if LOCK.is_file() else ""
    if hash_of_test() != locked:
        raise EvalError(
            f"the test cases differ from {LOCK.name}: restore them, or, where they were changed on "
            f"purpose, write {hash_of_test()} into it and measure everything anew"
        )
