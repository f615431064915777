"""Which kind of answer is due, with the reason in words, and by when. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from service.domain.brand import Brand, EscalationRule
from service.domain.thread import Author, Case
from service.domain.triage import DeadlineClass, Kind, Move, MoveKind, Sensitivity
from service.triage.office_hours import due_at
from service.triage.turns import waiting_since

URGENT = frozenset(
    {
        Sensitivity.SAFETY,
        Sensitivity.HEALTH,
        Sensitivity.DATA_BREACH,
        Sensitivity.DISCRIMINATION,
        Sensitivity.LEGAL_THREAT,
        Sensitivity.PRESS,
    }
)


_HIDE = {
    Kind.HATE: "; the post itself: hide it or report it to the platform, with the reason on "
    "record, and don't delete it"
}


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What was read out of a complaint, before anything is concluded."""

    kind: Kind
    sensitivities: tuple[Sensitivity, ...]
    needs_personal_data: bool
    upset: bool
    escalation: EscalationRule | None


def choose_move(case: Case, brand: Brand, reading: Reading) -> Move:
    """The first rule that applies, gravest first."""
    if reading.kind is Kind.SPAM:
        return Move(kind=MoveKind.NO_REPLY, reason="spam: nobody waits for an answer")
    if case.resolved is not None:
        return Move(
            kind=MoveKind.CLOSING_UPDATE,
            reason="solved elsewhere: say so where it began",
        )
    if case.due is not None and not _chases(case):
        return Move(
            kind=MoveKind.FOLLOW_UP,
            reason="a promise is due and nobody has asked: say where it stands",
        )
    if reading.escalation is not None:
        return _escalate(reading.escalation, reading.kind)
    if reading.kind in (Kind.ABUSE, Kind.HATE, Kind.MIXED):
        return _boundary(reading.kind, brand)
    if not case.is_public:
        return Move(kind=MoveKind.PRIVATE_REPLY, reason="the thread is private")
    return _public(case, brand, reading)


def _chases(case: Case) -> bool:
    """Whether the customer has written again since the message that the case is about."""
    places = [n for n, message in enumerate(case.thread) if case.is_complaint(message)]
    later = case.thread[places[-1] + 1 :] if places else ()
    return any(message.author is Author.CUSTOMER for message in later)


def _escalate(rule: EscalationRule, kind: Kind) -> Move:
    why = rule.sensitivity.value.replace("_", " ") if rule.sensitivity else rule.words
    return Move(
        kind=MoveKind.ESCALATE,
        reason=f"{rule.owner} takes over what is about {why}; this draft is for them"
        + _HIDE.get(kind, ""),
        owner=rule.owner,
    )


def _boundary(kind: Kind, brand: Brand) -> Move:
    """The terms are named only where the brand has written some."""
    said = (
        "name the community terms" if brand.community_guidelines.strip() else "say that it won't do"
    )
    reason = f"abusive language: {said}, calmly"
    if kind is Kind.MIXED:
        reason += ", and still answer the real complaint inside"
    reason += _HIDE.get(kind, "")
    return Move(kind=MoveKind.BOUNDARY_STATEMENT, reason=reason)


def _public(case: Case, brand: Brand, reading: Reading) -> Move:
    turns = _turns(case)
    if reading.kind is Kind.COMPLAINT and turns >= brand.max_public_turns:
        # Two who go back and forth before everybody help nobody.
        tried = f"{turns} public answers have not solved it"
        return _aside(
            case,
            brand,
            f"{tried}: the rest goes to the same platform's private channel",
            f"{tried}: this channel has no private way, so say who takes it over and by when",
        )
    if not reading.needs_personal_data:
        return Move(kind=MoveKind.PUBLIC_REPLY, reason="all of it can be said in public")
    return _aside(
        case,
        brand,
        "answer in public; the fix needs personal data, so that part goes to the same platform's "
        "private channel",
        "the fix needs personal data, and this channel has no private way: answer what can be said "
        "and point to a listed page",
    )


def _aside(case: Case, brand: Brand, reason: str, no_way: str) -> Move:
    """To the same platform's private channel, or with the reason `no_way` where it has none."""
    if brand.contact.private_way(case.channel) is None:
        return Move(kind=MoveKind.PUBLIC_REPLY, reason=no_way)
    return Move(kind=MoveKind.PUBLIC_THEN_PRIVATE, reason=reason)


def _turns(case: Case) -> int:
    """How often the brand has answered this customer in public already; an answer in three posts
    is one, and what it says to others or unasked is none."""
    authors = [message.author for message in case.thread]
    return sum(pair == (Author.CUSTOMER, Author.BRAND) for pair in pairwise(authors))


def deadline_class(reading: Reading) -> DeadlineClass:
    """How soon: the sensitive first, praise last."""
    if URGENT.intersection(reading.sensitivities):
        return DeadlineClass.URGENT
    if reading.kind in (Kind.COMPLIMENT, Kind.SPAM):
        return DeadlineClass.LOW
    upset = reading.upset or Sensitivity.VULNERABLE in reading.sensitivities
    return DeadlineClass.URGENT if upset else DeadlineClass.NORMAL


def deadline_at(
    case: Case,
    brand: Brand,
    wanted: DeadlineClass,
    now: datetime,
    *,
    came_at: datetime | None = None,
) -> datetime:
    """When the answer is due, in the hours in which somebody answers.

    It is counted from the first of the customer's posts that nobody has answered: who asks again
    does not go to the end of the line.
    """
    if case.due is not None:
        return case.due.due_at
    # That it was solved is news of today, however old the post is.
    asked = now if case.resolved else waiting_since(case) or came_at or now
    return due_at(brand, case.channel, wanted, asked=asked, now=now)


def escalation_by_sensitivity(
    brand: Brand, sensitivities: Sequence[Sensitivity]
) -> EscalationRule | None:
    """The brand's first rule for what was found."""
    rules = (rule for rule in brand.escalation if rule.sensitivity in sensitivities)
    return next((rule for rule in rules if rule.sensitivity), None)
