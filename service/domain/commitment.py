"""A promise made in an approved reply."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from service.domain.base import Frozen, Text, UtcTime

SHORTEST_NOTICE = timedelta(minutes=15)
_SHARE_OF_SPAN = 4


class CommitmentStatus(StrEnum):
    """What became of a promise."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    WITHDRAWN = "withdrawn"


class PlannedCommitment(Frozen):
    """A promise that a draft makes; it counts once the draft is approved."""

    what: Text
    owner: str | None = None
    due_at: UtcTime | None = None


class Commitment(Frozen):
    """A promise with its owner and due time."""

    id: str
    brand_id: str
    draft_id: str
    thread_id: str
    what: str
    owner: str
    due_at: UtcTime
    created_at: UtcTime
    promised_at: UtcTime
    """When it was promised for the time that counts now; later than `created_at` once moved."""
    status: CommitmentStatus = CommitmentStatus.OPEN
    note: str | None = None
    closed_by: str | None = None
    closed_at: UtcTime | None = None
    follow_up_draft_id: str | None = None
    """The draft that tells the customer where the promise stands."""
    wakes_at: UtcTime | None = None
    """When it is looked at next: for the reminder, then when it is due; null: no more."""
    version: int = 1


class CommitmentFilter(Frozen):
    """Which promises to list; None leaves a filter out. `now` tells what is overdue."""

    now: UtcTime
    brand_id: str | None = None
    status: CommitmentStatus | None = None
    owner: str | None = None
    overdue: bool | None = None
    due_before: UtcTime | None = None


class CommitmentShape(Frozen):
    """A promise as every edge shows it."""

    id: str
    brand: str
    draft_id: str
    thread_id: str
    what: str
    owner: str
    due_at: UtcTime
    created_at: UtcTime
    status: CommitmentStatus
    overdue: bool
    note: str | None
    closed_by: str | None
    closed_at: UtcTime | None
    follow_up_draft_id: str | None
    version: int

    @classmethod
    def of(cls, promise: Commitment, now: datetime) -> Self:
        """The promise as it stands now."""
        overdue = promise.status is CommitmentStatus.OPEN and promise.due_at <= now
        beside = {"brand_id", "promised_at", "wakes_at"}
        fields = {name: getattr(promise, name) for name in Commitment.model_fields.keys() - beside}
        return cls(brand=promise.brand_id, overdue=overdue, **fields)


class CommitmentChange(Frozen):
    """What a person does with a promise; the past is corrected with a note, never silently."""

    status: CommitmentStatus | None = None
    note: Text | None = Field(default=None, min_length=3, max_length=2000)
    owner: Text | None = Field(default=None, min_length=1, max_length=200)
    due_at: UtcTime | None = None
    by: Text | None = Field(default=None, min_length=1, max_length=200)
    """Who says so; the key's own name where nobody is named."""
    expected_version: int = Field(ge=1)

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        moves = self.owner is not None or self.due_at is not None
        if self.status is None and not moves:
            raise ValueError("give a new status, owner or due_at")
        if moves and self.status not in (None, CommitmentStatus.OPEN):
            raise ValueError("a promise that is closed gets no new owner or due_at")
        given_up = self.status in (CommitmentStatus.BROKEN, CommitmentStatus.WITHDRAWN)
        if (moves or given_up) and not (self.note or "").strip():
            raise ValueError("say why in `note`")
        return self


def reminder_at(*, made_at: datetime, due_at: datetime) -> datetime:
    """When to remind of a promise: a quarter of its span before it is due, 15 minutes at least."""
    notice = max((due_at - made_at) / _SHARE_OF_SPAN, SHORTEST_NOTICE)
    return max(due_at - notice, made_at)
