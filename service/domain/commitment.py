"""A promise made in an approved reply."""

from enum import StrEnum

from service.domain.base import Frozen, Text, UtcTime


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
    status: CommitmentStatus = CommitmentStatus.OPEN
    note: str | None = None
    closed_by: str | None = None
    closed_at: UtcTime | None = None
    follow_up_draft_id: str | None = None
    """The draft that tells the customer where the promise stands."""
    version: int = 1
