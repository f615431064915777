"""What may follow what: a pure table, and the only one."""

from service.domain.draft import DraftStatus
from service.domain.review import DecisionKind
from service.errors import TransitionRefused

_OPEN = frozenset({DraftStatus.PENDING_REVIEW, DraftStatus.BLOCKED})

AFTER: dict[DecisionKind, DraftStatus] = {
    DecisionKind.APPROVE: DraftStatus.APPROVED,
    DecisionKind.REJECT: DraftStatus.REJECTED,
    DecisionKind.ESCALATE: DraftStatus.ESCALATED,
    DecisionKind.IGNORE: DraftStatus.IGNORED,
}
"""Where a decision leads; an edit leads to `pending_review` or `blocked`, as its checks say."""


def require_open(draft_id: str, status: DraftStatus, decision: DecisionKind) -> None:
    """Only a draft that waits for a human can be decided on."""
    if status not in _OPEN:
        raise TransitionRefused(
            f"draft {draft_id} is {status.value}: {decision.value} needs a draft "
            "that is pending_review or blocked"
        )
