"""What is known about a complaint before anything is drafted."""

from enum import StrEnum

from pydantic import Field

from service.domain.base import Frozen, UtcTime
from service.domain.thread import Author


class Kind(StrEnum):
    """What a customer message is."""

    COMPLAINT = "complaint"
    COMPLIMENT = "compliment"
    QUESTION = "question"
    MIXED = "mixed"
    ABUSE = "abuse"
    HATE = "hate"
    SPAM = "spam"


class Sensitivity(StrEnum):
    """What makes a complaint one for careful hands."""

    SAFETY = "safety"
    LEGAL_THREAT = "legal_threat"
    DISCRIMINATION = "discrimination"
    HEALTH = "health"
    DATA_BREACH = "data_breach"
    VULNERABLE = "vulnerable"
    PRESS = "press"


DANGERS = frozenset({Sensitivity.SAFETY, Sensitivity.HEALTH})
"""Somebody may come to harm while nobody answers."""


class Sentiment(StrEnum):
    """How the customer speaks of the brand."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


class MoveKind(StrEnum):
    """What kind of answer is due."""

    PUBLIC_REPLY = "public_reply"
    PUBLIC_THEN_PRIVATE = "public_then_private"
    PRIVATE_REPLY = "private_reply"
    BOUNDARY_STATEMENT = "boundary_statement"
    CLOSING_UPDATE = "closing_update"
    FOLLOW_UP = "follow_up"
    ESCALATE = "escalate"
    NO_REPLY = "no_reply"


class DeadlineClass(StrEnum):
    """How soon an answer is due."""

    URGENT = "urgent"
    NORMAL = "normal"
    LOW = "low"


class Span(Frozen):
    """A stretch of text in Unicode code points; what is missing has no place, only a text."""

    start: int | None
    end: int | None
    text: str | None


class Issue(Frozen):
    """One distinct point that the customer raised, with its place in the complaint.

    `weight`, 0 to 1: how surely it asks for an answer. For our own use, in no body.
    """

    text: str
    span: Span
    weight: float = Field(default=1.0, exclude=True)


class Move(Frozen):
    """The kind of answer that is due, with the reason in words."""

    kind: MoveKind
    reason: str
    owner: str | None = None


class Triage(Frozen):
    """What is known about a complaint before drafting; made without any language model."""

    kind: Kind
    language: str
    sensitivities: tuple[Sensitivity, ...] = ()
    issues: tuple[Issue, ...] = ()
    sentiment: Sentiment = Sentiment.NEUTRAL
    upset: bool = False
    """In distress or in a fury, beyond plain annoyance."""
    chases: bool = False
    """They asked before, here or elsewhere, and were not answered."""
    answered_by: Author | None = None
    """Who else has answered this message in the thread already, if anybody."""
    injection_suspected: bool = False
    needs_personal_data: bool = False
    move: Move
    deadline_class: DeadlineClass
    deadline_at: UtcTime | None = None

    @property
    def rank(self) -> int:
        """Whom a good lead answers first: 0 danger to a person, 1 what is sensitive otherwise,
        2 the upset and those who ask again, 3 the rest, 4 praise."""
        if self.deadline_class is DeadlineClass.LOW:
            return 4
        if self.sensitivities:
            return 0 if DANGERS.intersection(self.sensitivities) else 1
        return 2 if self.upset or self.chases else 3
