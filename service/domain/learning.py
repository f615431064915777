"""What people taught: style notes and good examples. Nothing of it counts before one accepts it."""

from enum import StrEnum

from pydantic import Field

from service.domain.base import Frozen, Text, UtcTime
from service.domain.edits import EditKind
from service.domain.knowledge import PastReply
from service.domain.thread import Channel
from service.domain.triage import Kind


class StyleNoteStatus(StrEnum):
    """Where a style note stands; only an accepted one that has not expired reaches a prompt."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    RETIRED = "retired"


class StyleNote(Frozen):
    """One line about how a brand's people write, for the replies that its scope fits."""

    id: str
    brand_id: str
    edit_kind: EditKind
    text: Text = Field(min_length=1, max_length=200)
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
