"""Labelled pairs: a reply before and after a person's edit, and what kinds of edit it was.

Rows with an odd number were looked at while the rules were made; the even ones only measure.
"""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from service.domain.edits import EditKind
from service.domain.thread import Case, Complaint

PAIRS = Path(__file__).with_name("pairs.jsonl")
Split = Literal["dev", "test"]


class EditPair(BaseModel):
    """One edit."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str = Field(pattern=r"^[a-z]{2}-\d{2}$")
    language: Literal["en", "pl", "es", "de"]
    complaint: str = Field(min_length=3)
    before: str
    after: str
    kinds: tuple[EditKind, ...] = Field(min_length=1)

    @property
    def split(self) -> Split:
        """What the row is for."""
        return "dev" if int(self.id[-2:]) % 2 else "test"

    @property
    def case(self) -> Case:
        """The case that was answered."""
        return Case(id=self.id, complaint=Complaint(text=self.complaint))


@cache
def pairs() -> tuple[EditPair, ...]:
    """Every pair."""
    lines = PAIRS.read_text(encoding="utf-8").splitlines()
    return tuple(EditPair.model_validate_json(line) for line in lines if line.strip())
