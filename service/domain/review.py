"""What a human does with a draft, and who may do it."""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from service.domain.base import Frozen, Text, UtcTime
from service.domain.draft import Draft, DraftContent, Snapshot
from service.domain.edits import EditKind
from service.domain.thread import MAX_REPLY_CHARS


class Role(StrEnum):
    """What a key may do; each role may do all that the one before it may."""

    AGENT = "agent"
    REVIEWER = "reviewer"
    LEAD = "lead"
    ADMIN = "admin"

    def may_act_as(self, needed: "Role") -> bool:
        """Whether this role includes the needed one."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(needed)


class DecisionKind(StrEnum):
    """What a human did with a draft."""

    APPROVE = "approve"
    EDIT = "edit"
    REJECT = "reject"
    ESCALATE = "escalate"
    IGNORE = "ignore"


class Override(Frozen):
    """A blocking finding that a human takes on, with the reason."""

    check: str
    reason: Text = Field(min_length=3, max_length=1000)


class DecisionRequest(Frozen):
    """A decision as it is asked for."""

    decision: DecisionKind
    by: str = Field(min_length=1, max_length=200)
    text: Text | None = Field(default=None, max_length=MAX_REPLY_CHARS)
    reason: Text | None = Field(default=None, max_length=2000)
    owner: Text | None = Field(default=None, min_length=1, max_length=200)
    """Who keeps the promises of an approved reply, or takes over an escalated draft."""
    expected_version: int = Field(ge=1)
    override: tuple[Override, ...] = ()
    approve: bool = False

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.decision is DecisionKind.EDIT and not (self.text or "").strip():
            raise ValueError("an edit needs the new text")
        if self.decision is not DecisionKind.EDIT and self.text is not None:
            raise ValueError("only an edit carries a text")
        if self.approve and self.decision is not DecisionKind.EDIT:
            raise ValueError("`approve: true` goes with an edit")
        approves = self.approve or self.decision is DecisionKind.APPROVE
        if self.override and not approves:
            raise ValueError("`override` goes with an approval: nothing else takes findings on")
        if self.owner is not None and not approves and self.decision is not DecisionKind.ESCALATE:
            raise ValueError("`owner` goes with an approval or an escalation")
        return self


class Decision(Frozen):
    """A decision as it was taken."""

    draft_id: str
    draft_version: int
    decision: DecisionKind
    by: str
    reason: str | None = None
    override: tuple[Override, ...] = ()
    decided_at: UtcTime
    edit_kinds: tuple[EditKind, ...] = ()
    """What kind of edit it was; kept with the version of the draft that the edit made."""


class Rejection(Frozen):
    """A text that a person turned down, and why."""

    reply: str
    reason: str | None


class DecidedDraft(Frozen):
    """A draft that a person decided on: what the machine proposed, and what became of it."""

    draft: Draft
    snapshot: Snapshot
    proposed: DraftContent
    decision: Decision


class Caller(Frozen):
    """Who is asking: a name for the audit, a role, and the only brand they may touch (or all)."""

    name: str
    role: Role
    brand_id: str | None = None


LOCAL_ADMIN = Caller(name="local", role=Role.ADMIN)
"""The person at this machine's command line."""
