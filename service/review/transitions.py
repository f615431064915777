"""What may follow what: a pure table, and the only one."""

from service.domain.draft import OVERTAKEN, DraftStatus
from service.domain.review import DecisionKind
from service.errors import TransitionRefused

_OPEN = frozenset({DraftStatus.PENDING_REVIEW, DraftStatus.BLOCKED, DraftStatus.ESCALATED})

AFTER: dict[DecisionKind, DraftStatus] = {
    DecisionKind.APPROVE: DraftStatus.APPROVED,
    DecisionKind.REJECT: DraftStatus.REJECTED,
    DecisionKind.ESCALATE: DraftStatus.ESCALATED,
    DecisionKind.IGNORE: DraftStatus.IGNORED,
}
"""Where a decision leads; what is escalated waits on, for somebody else.

An edit leads to `pending_review` or `blocked`, as its checks say."""


def require_open(draft_id: str, status: DraftStatus, decision: DecisionKind) -> None:
    """Only a draft that waits for a human can be decided on; one overtaken only be ignored."""
    if status in _OPEN or (status in OVERTAKEN and decision is DecisionKind.IGNORE):
        return
    raise TransitionRefused(
        f"draft {draft_id} is {status.value}: {decision.value} needs a draft that is "
        f"pending_review, blocked or escalated{_way_on(draft_id, status)}"
    )


def _way_on(draft_id: str, status: DraftStatus) -> str:
    if status in OVERTAKEN:
        return f": redraft it (`amends redraft {draft_id}`) or ignore it"
    if status is DraftStatus.REJECTED:
        return f": redraft it (`amends redraft {draft_id}`)"
    if status is DraftStatus.SUPERSEDED:
        return f": nothing is left to answer with it (`amends show {draft_id}` says why)"
    return ""
