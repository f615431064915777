"""Where a complaint comes from: channels, messages, and the case that every edge accepts."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Self

from pydantic import Field, field_validator, model_validator

from service.domain.base import Frozen, Lenient, Sent, Text, UtcTime

MAX_REPLY_CHARS = 20_000
READABLE_CHARS = 10_000
"""A complaint longer than this is stored whole but answered by a holding reply."""

MAX_CHARS = 200_000
"""No post is longer than this; what is, is refused."""


class Channel(StrEnum):
    """Where the thread lives."""

    X = "x"
    FACEBOOK = "facebook"
    INSTAGRAM = "instagram"
    GOOGLE_REVIEW = "google_review"
    APP_REVIEW = "app_review"
    HELPDESK = "helpdesk"
    EMAIL = "email"
    CHAT = "chat"
    OTHER = "other"


PRIVATE_CHANNELS = frozenset({Channel.HELPDESK, Channel.EMAIL, Channel.CHAT})


class Visibility(StrEnum):
    """Who can read a message or a reply."""

    PUBLIC = "public"
    PRIVATE = "private"


class Author(StrEnum):
    """The role of who wrote a message."""

    CUSTOMER = "customer"
    BRAND = "brand"
    OTHER = "other"


Identity = tuple[str | None, str | None]
"""Somebody's handle and name, as far as they are known."""


def same_customer(one: Identity, other: Identity) -> bool:
    """Whether two (handle, name) may be one person: by handles where both have one, else by names.

    Who has neither in common with the other may be anybody.
    """
    for mine, theirs in zip(one, other, strict=True):
        if mine and theirs:
            return _plain(mine) == _plain(theirs)
    return True


def _plain(name: str) -> str:
    return name.strip().lstrip("@").casefold()


class Message(Sent):
    """One message of a thread."""

    author: Author
    text: Text = Field(max_length=MAX_CHARS)
    posted_at: UtcTime | None = None
    external_id: Text | None = Field(default=None, max_length=200)


class ThreadMessage(Message):
    """A message of a thread as a person reads it: whose it is, and when it came."""

    author_name: Text | None = None
    author_handle: Text | None = None
    came_at: UtcTime = Field(description="when it was stored here; of an approved reply: approved")
    draft_id: str | None = Field(
        default=None, description="of an approved reply that no tool has sent back: its draft"
    )


class Complaint(Sent):
    """The customer message that is answered, also when it is praise or a question."""

    text: Text = Field(max_length=MAX_CHARS)
    author_name: Text | None = None
    author_handle: Text | None = None
    author_followers: int | None = Field(default=None, ge=0)
    posted_at: UtcTime | None = None
    url: str | None = None
    external_id: Text | None = Field(default=None, max_length=200)

    @property
    def customer(self) -> Identity:
        """Who wrote it."""
        return self.author_handle, self.author_name

    @field_validator("text")
    @classmethod
    def _says_something(cls, text: str) -> str:
        if not text.strip():
            raise ValueError("it is empty: send the customer's words")
        return text


class ThreadState(Lenient):
    """Where a thread stands: solved is what happened, closed is that it was said in public."""

    id: str
    brand_id: str
    channel: Channel
    is_public: bool
    revision: int
    resolved_at: UtcTime | None = None
    resolved_by: str | None = None
    closed_at: UtcTime | None = None


class Resolution(Frozen):
    """How a thread was solved, as somebody tells it."""

    what: Text = Field(min_length=3, max_length=READABLE_CHARS)
    private: bool = False
    by: Text = Field(min_length=1, max_length=200)


class News(Frozen):
    """What an agent found out about a thread."""

    text: Text = Field(min_length=3, max_length=READABLE_CHARS)
    private: bool = False
    by: Text | None = Field(default=None, min_length=1, max_length=200)
    """Who found it out; the key's own name where nobody is named."""


class KnownFact(Frozen):
    """A fact that the agent vouches for; a private one shapes the reply but is never in it."""

    text: Text = Field(min_length=1, max_length=READABLE_CHARS)
    private: bool = False


class DuePromise(Frozen):
    """A promise that is due: the brand writes unasked and says where it stands.

    `progress` is what became known since; a stored thread fills it with what was added after
    `made_at`.
    """

    what: Text = Field(min_length=1, max_length=1000)
    due_at: UtcTime
    made_at: UtcTime | None = None
    progress: KnownFact | None = None


class CaseOptions(Frozen):
    """How this one draft is to be made; what is absent comes from the settings."""

    prompt: str | None = None
    model: str | None = None
    candidates: int | None = Field(default=None, ge=1, le=8)
    language: str | None = Field(default=None, pattern=r"^[a-z]{2}$")
    max_chars: int | None = Field(default=None, ge=40, le=READABLE_CHARS)
    instruction: Text | None = Field(default=None, max_length=500)
    wait_s: float = Field(default=30.0, ge=0, le=300)


class Case(Sent):
    """A complaint with its thread: the one input type of API, CLI and evals."""

    id: Text | None = Field(default=None, max_length=200)
    brand: Text | None = None
    channel: Channel = Channel.OTHER
    visibility: Visibility | None = None
    thread_id: Text | None = Field(default=None, min_length=1, max_length=200)
    thread: tuple[Message, ...] = Field(default=(), max_length=500)
    complaint: Complaint
    known: tuple[KnownFact, ...] = Field(default=(), max_length=50)
    resolved: KnownFact | None = None
    due: DuePromise | None = None
    options: CaseOptions = CaseOptions()

    @field_validator("complaint", mode="before")
    @classmethod
    def _plain_text_is_a_complaint(cls, value: object) -> object:
        if isinstance(value, str):
            return {"text": value}
        if isinstance(value, Mapping | Complaint):
            return value
        raise ValueError("it must be the customer's words, or an object with them as its `text`")

    @model_validator(mode="after")
    def _thread_in_order(self) -> Self:
        times = [message.posted_at for message in self.thread if message.posted_at]
        if times != sorted(times):
            raise ValueError("thread is out of order: send the oldest message first")
        return self

    @property
    def is_public(self) -> bool:
        """Whether others read the thread: as said, else by the habit of the channel."""
        if self.visibility is not None:
            return self.visibility is Visibility.PUBLIC
        return self.channel not in PRIVATE_CHANNELS

    def is_complaint(self, message: Message) -> bool:
        """Whether a thread message is the complaint itself, by external id or equal text."""
        if message.external_id and self.complaint.external_id:
            return message.external_id == self.complaint.external_id
        same = message.text.strip() == self.complaint.text.strip()
        return same and message.author is Author.CUSTOMER

    @property
    def facts(self) -> tuple[KnownFact, ...]:
        """All that the brand vouches for: what is known, how it was solved, what it promised."""
        promised = KnownFact(text=self.due.what) if self.due else None
        progress = self.due.progress if self.due else None
        return (*self.known, *(one for one in (self.resolved, promised, progress) if one))

    @property
    def others(self) -> tuple[Message, ...]:
        """The thread without the complaint, oldest first."""
        return tuple(message for message in self.thread if not self.is_complaint(message))


class ReplyToCheck(Case):
    """A case with a reply to check; absent lists are retrieved, empty ones mean none."""

    reply: Text = Field(max_length=MAX_REPLY_CHARS)
    policy_ids: tuple[str, ...] | None = None
    recent_replies: tuple[Text, ...] | None = None

    @field_validator("reply")
    @classmethod
    def _has_words(cls, reply: str) -> str:
        if not reply.strip():
            raise ValueError("it is empty: send the text to check")
        return reply
