"""Complaints with the passages that an answer needs: their shape and their loading.

A row names a brand's passages by id. `relevant` is empty where no rule applies; `lookalikes` are
passages that a careless reader would bring. `cases/` is measured (`sources.yaml` says which brand
is tuned on and which is only measured), `train/` holds other brands, made for training alone. The
rows of `<brand>.plain.jsonl` say what happened in a sentence or two, as most customers do, those of
`<brand>.short.jsonl` in a few everyday words; all others are hard.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from evals.brands import TRADES, fault_of_name, policy_of
from evals.errors import EvalError, faults
from service.domain.knowledge import PolicyPassage, PolicyStatus
from service.domain.thread import Case, Complaint, Message

HERE = Path(__file__).parent
Split = Literal["dev", "test", "hard", "plain_dev", "plain", "short_dev"]
_PLAIN: dict[Split, tuple[Split, ...]] = {
    "plain_dev": ("dev",),
    "plain": ("test", "hard"),
    "short_dev": ("dev",),
}
"""Everyday complaints to the brands of these splits, by authors of their own."""


def _there(brand: str) -> str:
    fault = fault_of_name(brand)
    if fault and not (TRADES / f"{brand}.policies.jsonl").exists():
        raise ValueError(fault)
    return brand


class RetrievalCase(BaseModel):
    """A complaint and what it needs."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    brand: Annotated[str, AfterValidator(_there)]
    language: Literal["en", "pl", "es", "de"]
    thread: tuple[Message, ...] = ()
    complaint: str = Field(min_length=3)
    relevant: tuple[str, ...] = ()
    lookalikes: tuple[str, ...] = ()
    why: str = ""

    def case(self) -> Case:
        """As the product is asked."""
        return Case(
            id=self.id,
            brand=self.brand,
            thread=self.thread,
            complaint=Complaint(text=self.complaint),
        )


def read_rows(path: Path) -> Iterator[RetrievalCase]:
    """The rows of one file; EvalError names the line and what is wrong with it."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return (_row(path.name, n, line) for n, line in enumerate(lines, start=1) if line.strip())


def _row(name: str, number: int, line: str) -> RetrievalCase:
    try:
        return RetrievalCase.model_validate_json(line)
    except ValidationError as exc:
        raise EvalError(f"{name}, line {number}: {faults(exc)}") from exc


@cache
def brands(split: Split) -> tuple[str, ...]:
    """The brands of a split."""
    listed = yaml.safe_load((HERE / "sources.yaml").read_text(encoding="utf-8"))
    meant = _PLAIN.get(split, (split,))
    return tuple(brand for brand, its in listed.items() if its in meant)


@cache
def cases(split: Split) -> tuple[RetrievalCase, ...]:
    """All cases of a split."""
    ending = f"{split.split('_')[0]}.jsonl" if split in _PLAIN else "jsonl"
    return tuple(
        row for brand in brands(split) for row in read_rows(HERE / "cases" / f"{brand}.{ending}")
    )


def corpora(only: str | None = None) -> tuple[str, ...]:
    """The names of the brands made for training, or of those of one of its `rounds.yaml`."""
    if only is not None:
        rounds = yaml.safe_load((TRADES / "rounds.yaml").read_text(encoding="utf-8"))
        return tuple(rounds[only])
    return tuple(sorted(path.name.split(".")[0] for path in TRADES.glob("*.cases.jsonl")))


@cache
def training_cases(corpus: str) -> tuple[RetrievalCase, ...]:
    """The cases of a brand made for training: hard, plain and short ones."""
    said = ("cases", "plain", "short")
    return tuple(row for one in said for row in read_rows(TRADES / f"{corpus}.{one}.jsonl"))


def active_policy(brand: str) -> tuple[PolicyPassage, ...]:
    """The passages in force of a measured brand."""
    return tuple(p for p in policy_of(brand) if p.status is PolicyStatus.ACTIVE)
