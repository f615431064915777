"""A post that a listening tool found, and what became of a feed of them."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from service.domain.base import Frozen, Sent, Text, UtcTime
from service.domain.thread import MAX_CHARS, Author, Case, Channel, Complaint, Message


def _as_words(value: object) -> object:
    """Some tools send ids as numbers."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _none_is_none_said(value: object) -> object:
    return () if value is None else value


Id = Annotated[Text, BeforeValidator(_as_words), Field(min_length=1, max_length=200)]


class MentionEvent(StrEnum):
    """What happened to a post."""

    POSTED = "posted"
    EDITED = "edited"
    DELETED = "deleted"


class Mention(Sent):
    """A post as a listening tool tells of it; `brand` says that it is known to be the brand's."""

    external_id: Id
    channel: Channel = Channel.OTHER
    text: Text = Field(default="", max_length=MAX_CHARS)
    author_name: Text | None = None
    author_handle: Text | None = None
    author_followers: int | None = Field(default=None, ge=0)
    posted_at: UtcTime | None = None
    url: Text | None = None
    conversation_id: Id | None = None
    in_reply_to: Id | None = None
    author: Author = Author.CUSTOMER
    event: MentionEvent = MentionEvent.POSTED
    revised_at: UtcTime | None = None
    brand: str | None = None
    mentions: Annotated[tuple[Text, ...], BeforeValidator(_none_is_none_said)] = ()
    """The handles that it tags."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.event is not MentionEvent.DELETED and not self.text.strip():
            raise ValueError("text is empty: send the post's words")
        return self

    def case(self, thread_id: str | None) -> Case:
        """The post as a complaint to be answered."""
        return Case(
            id=self.external_id,
            channel=self.channel,
            thread_id=thread_id,
            complaint=Complaint(
                text=self.text,
                author_name=self.author_name,
                author_handle=self.author_handle,
                author_followers=self.author_followers,
                posted_at=self.posted_at,
                url=self.url,
                external_id=self.external_id,
            ),
        )

    def message(self, author: Author) -> Message:
        """The post as a message that nobody has to answer."""
        return Message(
            author=author,
            text=self.text,
            posted_at=self.posted_at,
            external_id=self.external_id,
        )


class BadLine(Frozen):
    """A line that could not be taken, and why."""

    line: int
    error: str


class MentionTally(Frozen):
    """What became of a feed.

    `received` counts posts, bad ones too; `ours` and `not_ours` the posts that are, or aren't, a
    brand's. `stored`, `repeated`, `edited` and `deleted` count by brand: a post that names two
    brands goes to both. `kept_aside`: deletions of posts that have not come yet.
    """

    received: int = 0
    ours: int = 0
    stored: int = 0
    repeated: int = 0
    edited: int = 0
    deleted: int = 0
    kept_aside: int = 0
    not_ours: int = 0
    bad_count: int = 0
    bad: tuple[BadLine, ...] = ()
    """The first hundred."""
