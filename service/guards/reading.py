"""What the trained reader says about a reply: which acts and faults each sentence is, and whether
what it claims is carried by the case. Checks look at it; `reader.py` makes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from service.domain.triage import Issue, Span


class Label(StrEnum):
    """What can be true of a sentence of a reply; `evals/guards/LABELS.md` gives the meanings."""

    DEFENSIVE = "defensive"
    BLAMES_CUSTOMER = "blames_customer"
    NON_APOLOGY = "non_apology"
    SARCASM_OR_EMOTIONAL = "sarcasm_or_emotional"
    ADMITS_LEGAL_LIABILITY = "admits_legal_liability"
    AI_TELL = "ai_tell"
    CANNED = "canned"
    SPEAKS_AS_CUSTOMER = "speaks_as_customer"
    MENTIONS_DELETION = "mentions_deletion"
    APOLOGY = "apology"
    THANKS = "thanks"
    PROMISE = "promise"
    DEED = "deed"
    CAUSE = "cause"
    RULE = "rule"
    NEXT_STEP = "next_step"
    ASKS_PRIVATE = "asks_private"
    BOUNDARY = "boundary"


class Stance(StrEnum):
    """How a sentence stands to what is known: carried by it, free of claims, or one of three
    ways of claiming what nothing carries."""

    GROUNDED = "grounded"
    FREE = "free"
    UNGROUNDED_SPECIFIC = "ungrounded_specific"
    UNGROUNDED_PROMISE = "ungrounded_promise"
    CONTRADICTS_POLICY = "contradicts_policy"


class SourceKind(StrEnum):
    """Where a fact can come from."""

    POLICY = "policy"
    KNOWN = "known"
    SAID = "said"
    TOLD = "told"
    WINDOW = "window"


@dataclass(frozen=True)
class Source:
    """A sentence that a reply may rest on; `passage` is the policy passage it stands in."""

    kind: SourceKind
    text: str
    passage: tuple[str, str] | None = None


@dataclass(frozen=True)
class SentenceReading:
    """One sentence: a share between 0 and 1 for each label and stance, and its nearest sources."""

    text: str
    span: Span
    labels: Mapping[Label, float]
    stances: Mapping[Stance, float] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()

    def share(self, label: Label) -> float:
        """How surely the label is true."""
        return self.labels.get(label, 0.0)

    def stance(self, stance: Stance) -> float:
        """How surely the sentence stands so; 0 where no claim was judged."""
        return self.stances.get(stance, 0.0)


@dataclass(frozen=True)
class IssueReading:
    """A point the customer raised, and the cosine of what in the reply comes nearest to it."""

    issue: Issue
    cosine: float


@dataclass(frozen=True)
class Reading:
    """A reply as read: its sentences in order, and how near it comes to each issue."""

    sentences: tuple[SentenceReading, ...] = ()
    issues: tuple[IssueReading, ...] = ()
