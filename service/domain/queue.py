"""What one may ask of the queue, and where a page of it ended."""

from datetime import datetime
from typing import Literal, NamedTuple

from service.domain.base import Frozen
from service.domain.thread import Channel
from service.domain.triage import Kind

WaitingStatus = Literal["pending_review", "blocked", "failed", "stale", "escalated"]
"""Where a draft waits for a person."""


class QueueFilter(Frozen):
    """Which drafts are asked for; what is absent asks for all."""

    brand_id: str | None = None
    assignee: str | None = None
    """A name, or `none` for what nobody has, or `left` for what people have who are gone."""
    kind: Kind | None = None
    language: str | None = None
    status: WaitingStatus | None = None
    overdue: bool | None = None


class Place(NamedTuple):
    """A draft's place in the queue: the order in which a good lead works."""

    rank: int
    deadline_at: datetime | None
    draft_id: str


class AskedPost(Frozen):
    """The post that a draft answers: where it stands, whose it is, and how it begins."""

    channel: Channel
    author: str | None = None
    words: str
