"""What a brand knows: policy is the authority for facts, past replies are style only."""

from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import Field, field_validator, model_validator

from service.domain.base import Frozen, Lenient, Text
from service.domain.thread import Channel


class PolicyStatus(StrEnum):
    """Whether a passage is in force."""

    ACTIVE = "active"
    SUPERSEDED = "superseded"


def _as_version(value: object) -> object:
    return str(value) if isinstance(value, int | float) else value


class PolicyPassage(Lenient):
    """A versioned piece of brand policy: the authority for facts and promises."""

    id: str = Field(min_length=1, max_length=200)
    version: str = "1"
    title: Text = ""
    text: Text = Field(min_length=1, max_length=50_000)
    language: str = "en"
    status: PolicyStatus = PolicyStatus.ACTIVE
    valid_from: date | None = None
    valid_to: date | None = None

    _version_is_text = field_validator("version", mode="before")(_as_version)

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("valid_to is before valid_from")
        return self

    def in_force(self, today: date) -> bool:
        """Whether the passage may be used on that day."""
        if self.status is not PolicyStatus.ACTIVE:
            return False
        return (self.valid_from or today) <= today <= (self.valid_to or today)


class PastReply(Lenient):
    """A complaint with the reply a human approved as a good example; never a source of facts."""

    id: str = Field(min_length=1, max_length=200)
    complaint: Text = Field(min_length=1, max_length=50_000)
    reply: Text = Field(min_length=1, max_length=50_000)
    language: str = "en"
    channel: Channel = Channel.OTHER


class Scores(Frozen):
    """How a passage was found: each part as measured, None where it did not find it."""

    vector: float | None = None
    text: float | None = None
    relevant: bool = True


class FoundPassage(Frozen):
    """One row of a policy search: the passage however it was chunked, best part first."""

    id: str
    version: str
    title: str
    text: str
    language: str
    score: float
    excerpt: str
    scores: Scores


class FoundReply(Frozen):
    """One row of a past reply search."""

    id: str
    complaint: str
    reply: str
    language: str
    channel: Channel
    score: float
    scores: Scores


class Evidence(Frozen):
    """What a draft may rest on: passages for facts, past replies for style."""

    policy: tuple[FoundPassage, ...] = ()
    past_replies: tuple[FoundReply, ...] = ()
