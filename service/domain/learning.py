"""What people taught: style notes and good examples. Nothing of it counts before one accepts it."""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from service.domain.base import Frozen, Text, UtcTime
from service.domain.edits import EditFinding, EditKind
from service.domain.knowledge import PastReply
from service.domain.thread import Channel
from service.domain.triage import Kind

NOTE_CHARS = 200


class StyleSign(StrEnum):
    """What edits have in common: the same thing done to reply after reply.

    Its kind of edit and the words of its note stand in `service.review.style_signs`.
    """

    THANK = "thank"
    APOLOGY_FIRST = "apology_first"
    NO_EXCUSE = "no_excuse"
    NO_EXCLAMATION = "no_exclamation"
    SHORTER = "shorter"
    LONGER = "longer"
    SAY_BY_WHEN = "say_by_when"
    ONE_PERSON = "one_person"
    FAMILIAR = "familiar"
    FORMAL = "formal"
    SHORT_FORMS = "short_forms"
    GREET = "greet"
    NAME_FIRST = "name_first"
    NO_GREETING = "no_greeting"
    SIGN = "sign"
    NO_SIGNATURE = "no_signature"


class StyleNoteStatus(StrEnum):
    """Where a style note stands; only an accepted one that has not expired reaches a prompt."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    RETIRED = "retired"


class Scope(Frozen):
    """Which replies a note is for; None holds for all."""

    language: str | None = Field(default=None, pattern=r"^[a-z]{2}$")
    channel: Channel | None = None
    kind: Kind | None = None

    @property
    def depth(self) -> int:
        """How much it names: the more, the narrower."""
        return sum(part is not None for part in (self.language, self.channel, self.kind))

    def holds(self, other: "Scope") -> bool:
        """Whether all that the other scope is for is in this one too."""
        pairs = (
            (self.language, other.language),
            (self.channel, other.channel),
            (self.kind, other.kind),
        )
        return all(mine is None or mine == theirs for mine, theirs in pairs)


class StyleNote(Frozen):
    """One line about how a brand's people write, for the replies that its scope fits."""

    id: str
    brand_id: str
    edit_kind: EditKind
    sign: StyleSign | None = None
    """What it was proposed for; None where a person wrote it."""
    text: Text = Field(min_length=1, max_length=NOTE_CHARS)
    language: str | None = None
    channel: Channel | None = None
    kind: Kind | None = None
    status: StyleNoteStatus = StyleNoteStatus.PROPOSED
    drafts: tuple[str, ...] = ()
    """The drafts whose edits led to it."""
    created_at: UtcTime
    decided_by: str | None = None
    decided_at: UtcTime | None = None
    expires_at: UtcTime | None = None

    @property
    def scope(self) -> Scope:
        """Which replies it is for."""
        return Scope(language=self.language, channel=self.channel, kind=self.kind)

    def counts(self, now: UtcTime) -> bool:
        """Whether it reaches prompts."""
        accepted = self.status is StyleNoteStatus.ACCEPTED
        return accepted and (self.expires_at is None or now < self.expires_at)


class ShownNote(Frozen):
    """A style note as a prompt showed it."""

    id: str
    text: str


class NewStyleNote(Scope):
    """A note that a lead writes; it counts at once."""

    text: Text = Field(min_length=1, max_length=NOTE_CHARS)
    by: str = Field(min_length=1, max_length=200)
    edit_kind: EditKind = EditKind.OTHER
    expires_at: UtcTime | None = None


class NoteDecisionKind(StrEnum):
    """What a lead does with a style note."""

    ACCEPT = "accept"
    DECLINE = "decline"
    RETIRE = "retire"


class NoteDecision(Frozen):
    """A decision on a style note; an acceptance may change its words and say how long it counts."""

    decision: NoteDecisionKind
    by: str = Field(min_length=1, max_length=200)
    text: Text | None = Field(default=None, min_length=1, max_length=NOTE_CHARS)
    expires_at: UtcTime | None = None

    @model_validator(mode="after")
    def _only_an_acceptance_changes_it(self) -> Self:
        changed = self.text is not None or self.expires_at is not None
        if changed and self.decision is not NoteDecisionKind.ACCEPT:
            raise ValueError("`text` and `expires_at` go with `accept` only")
        return self


class EditedReply(Frozen):
    """An approved reply that a person changed: what the machine proposed, and what went out."""

    draft_id: str
    thread_id: str
    language: str
    channel: Channel
    kind: Kind
    decided_at: UtcTime
    before: str
    after: str
    findings: tuple[EditFinding, ...] = ()
    customer: str | None = None
    signature: str = ""

    @property
    def scope(self) -> Scope:
        """The narrowest scope that it is in."""
        return Scope(language=self.language, channel=self.channel, kind=self.kind)


class NotesProposed(Frozen):
    """What the edits of a brand's people led to: notes, and how often each kind of edit was made.

    Kinds that no note can mend are counted too: wrong facts want policy, not style.
    """

    notes: tuple[StyleNote, ...]
    edits: dict[EditKind, int]


class ExampleStatus(StrEnum):
    """Where an example stands; an accepted one is a past reply of the brand."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class ExampleMark(Frozen):
    """An approved reply that somebody called a good example, with its personal data masked."""

    draft_id: str
    brand_id: str
    status: ExampleStatus = ExampleStatus.PROPOSED
    example: PastReply
    twin_of: str | None = None
    """The past reply that it is nearly the same as, if any."""
    marked_by: str
    decided_by: str | None = None
    decided_at: UtcTime | None = None
    created_at: UtcTime


class ExampleDecisionKind(StrEnum):
    """What the second look at an example ends with."""

    ACCEPT = "accept"
    DECLINE = "decline"


class ExampleDecision(Frozen):
    """A decision on an example; an acceptance may change its words."""

    decision: ExampleDecisionKind
    by: str = Field(min_length=1, max_length=200)
    complaint: Text | None = Field(default=None, min_length=1, max_length=20_000)
    reply: Text | None = Field(default=None, min_length=1, max_length=20_000)

    @model_validator(mode="after")
    def _only_an_acceptance_changes_it(self) -> Self:
        changed = self.complaint is not None or self.reply is not None
        if changed and self.decision is not ExampleDecisionKind.ACCEPT:
            raise ValueError("`complaint` and `reply` go with `accept` only")
        return self
