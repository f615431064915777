"""What a brand knows: policy is the authority for facts, past replies are style only."""

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from service.domain.base import Frozen, Lenient, Text
from service.domain.thread import Channel
from service.domain.triage import Kind, Span


class PolicyStatus(StrEnum):
    """Whether a passage is in force."""

    ACTIVE = "active"
    SUPERSEDED = "superseded"


MOST_ASKS = 12
"""More questions than that for one passage make it an answer to everything."""


def _as_version(value: object) -> object:
    return str(value) if isinstance(value, int | float) else value


def _asked(value: object) -> object:
    """Each question once and without its margins; null means none."""
    if value is None:
        return ()
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        return value
    return tuple(dict.fromkeys(" ".join(one.split()) for one in value if one.strip()))


def as_language(value: object) -> object:
    """A language's two letters, however a tool writes it: `EN`, `de-DE`."""
    return re.split(r"[-_]", value.strip())[0].lower() if isinstance(value, str) else value


Asks = Annotated[
    tuple[Annotated[Text, Field(min_length=1, max_length=300)], ...],
    BeforeValidator(_asked),
    Field(max_length=MOST_ASKS),
]
"""Questions that lead to a passage, as customers put them."""


class PolicyPassage(Lenient):
    """A versioned piece of brand policy: the authority for facts and promises."""

    id: str = Field(min_length=1, max_length=200)
    version: str = Field(default="1", max_length=64)
    title: Text = ""
    text: Text = Field(min_length=1, max_length=50_000)
    language: str = "en"
    status: PolicyStatus = PolicyStatus.ACTIVE
    valid_from: date | None = None
    valid_to: date | None = None
    asks: Asks = Field(
        default=(),
        description="questions that lead to this passage, as customers put them, in any language; "
        "they are searched and never cited",
    )

    _version_is_text = field_validator("version", mode="before")(_as_version)
    _language_is_plain = field_validator("language", mode="before")(as_language)

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
    kind: Kind | None = None

    _language_is_plain = field_validator("language", mode="before")(as_language)


class Scores(Frozen):
    """How a passage was found: each part as measured, None where it did not find it.

    `vector` is the cosine with the nearest point raised, `trained` that with the conversation as
    the trained complaint encoder reads it, `text` BM25, `reranked` a reranker's, which decides
    nothing but the order. `cut` says why it is no evidence, `source` what matched: the passage's
    own text, or a question that leads to it. `matched` are the shared words, with their places in
    the excerpt (in a past reply: its complaint).
    """

    vector: float | None = None
    trained: float | None = None
    text: float | None = None
    reranked: float | None = None
    relevant: bool = True
    cut: str | None = None
    source: Literal["text", "asks"] = "text"
    matched: tuple[Span, ...] = ()


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


class CutPassage(Frozen):
    """A passage that came close and is no evidence; its `scores` say why, its text stays behind."""

    id: str
    version: str
    title: str
    score: float
    scores: Scores


class FoundReply(Frozen):
    """One row of a past reply search."""

    id: str
    complaint: str
    reply: str
    language: str
    channel: Channel
    kind: Kind | None = None
    score: float
    scores: Scores


class Evidence(Frozen):
    """What a draft may rest on: passages for facts, past replies for style.

    `cut` are the passages that came next, so that whoever reviews sees what was passed over.
    """

    policy: tuple[FoundPassage, ...] = ()
    past_replies: tuple[FoundReply, ...] = ()
    cut: tuple[CutPassage, ...] = ()
