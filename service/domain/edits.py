"""What a person changed in a reply before signing it: one taxonomy for production and evals."""

from enum import StrEnum

from service.domain.base import Frozen
from service.domain.triage import Span


class EditKind(StrEnum):
    """Why a reply was not yet the one to sign. Several may hold of one edit.

    `tone`: warmth, apology, thanks; blame, excuses, irony. `fact`: a figure, cause, rule or state
    of things, added, corrected or taken out. `missed_issue`: a point of the customer's that is now
    spoken to. `length`: shortened or drawn out, nothing else of weight. `language`: another one.
    `promise`: what happens next, or by when. `private_data`: personal data, or a request for it.
    `voice`: who speaks and how (we or I, formal or familiar, set phrases). `other`: none of these.
    """

    TONE = "tone"
    FACT = "fact"
    MISSED_ISSUE = "missed_issue"
    LENGTH = "length"
    LANGUAGE = "language"
    PROMISE = "promise"
    PRIVATE_DATA = "private_data"
    VOICE = "voice"
    GREETING_OR_SIGNATURE = "greeting_or_signature"
    TYPO = "typo"
    OTHER = "other"


class EditFinding(Frozen):
    """One change: the words that went, the words that came, and the place of these in the new text.

    Words that were only taken out have no place, and `after` is empty.
    """

    kind: EditKind
    before: str = ""
    after: str = ""
    span: Span = Span(start=None, end=None, text=None)


def kinds_of(findings: tuple[EditFinding, ...]) -> tuple[EditKind, ...]:
    """Each kind once, in the order of the taxonomy."""
    found = {finding.kind for finding in findings}
    return tuple(kind for kind in EditKind if kind in found)
