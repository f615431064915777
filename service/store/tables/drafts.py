"""Threads, and the drafts that answer them."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
)

from service.domain.draft import DraftStatus
from service.domain.thread import Author
from service.store.tables.shared import at_time, metadata, one_of, own_id

UNREAD_RANK = 3
"""Before its triage a draft ranks as the common run of complaints do."""
WAITING = (
    DraftStatus.PENDING_REVIEW,
    DraftStatus.BLOCKED,
    DraftStatus.FAILED,
    DraftStatus.STALE,
    DraftStatus.ESCALATED,
)
"""Where a draft waits for a person."""


def waits(status: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a draft waits, spelt out as in the partial index, which is not used otherwise."""
    return status.in_(bindparam("waiting", WAITING, expanding=True, literal_execute=True))


threads = Table(
    "threads",
    metadata,
    Column("brand_id", String(64), ForeignKey("brands.id"), primary_key=True),
    Column("id", String(200), primary_key=True),
    Column("channel", String(32), nullable=False),
    Column("is_public", Boolean, nullable=False),
    Column("revision", Integer, nullable=False),
    at_time("resolved_at", nullable=True),
    Column("resolved_by", String(200)),
    at_time("closed_at", nullable=True),
    at_time(),
    at_time("updated_at"),
    Index("ix_threads_resolved", "brand_id", "resolved_at"),
)


def _thread_key() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["brand_id", "thread_id"], ["threads.brand_id", "threads.id"])


messages = Table(
    "messages",
    metadata,
    own_id(),
    Column("brand_id", String(64), nullable=False),
    Column("thread_id", String(200), nullable=False),
    Column("position", Integer, nullable=False),
    Column("author", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("external_id", String(200)),
    Column("in_reply_to", String(200)),
    Column("details", JSON, nullable=False),
    at_time("posted_at", nullable=True),
    at_time(),
    _thread_key(),
    UniqueConstraint("brand_id", "thread_id", "position"),
    one_of("author", Author),
    Index("ix_messages_external", "brand_id", "external_id"),
    Index("ix_messages_replies", "brand_id", "in_reply_to"),
    Index(
        "ix_messages_said",
        *("brand_id", "thread_id", "author", "posted_at", "created_at", "position"),
    ),
)

# Deletions that came before their posts; `scope` is a brand, or * where it may be any.
early_deletions = Table(
    "early_deletions",
    metadata,
    Column("scope", String(64), primary_key=True),
    Column("external_id", String(200), primary_key=True),
    at_time("at"),
    Index("ix_early_deletions_at", "at"),
)

known_facts = Table(
    "known_facts",
    metadata,
    own_id(),
    Column("brand_id", String(64), nullable=False),
    Column("thread_id", String(200), nullable=False),
    Column("text", Text, nullable=False),
    Column("private", Boolean, nullable=False),
    Column("resolves", Boolean, nullable=False),
    at_time(),
    _thread_key(),
    Index("ix_known_facts_thread", "brand_id", "thread_id"),
)

drafts = Table(
    "drafts",
    metadata,
    own_id(),
    Column("brand_id", String(64), nullable=False),
    Column("thread_id", String(200), nullable=False),
    Column("case_id", String(200)),
    Column("status", String(32), nullable=False),
    Column("version", Integer, nullable=False),
    Column("thread_revision", Integer, nullable=False),
    Column("request", JSON, nullable=False),
    Column("content", JSON),
    at_time("deadline_at", nullable=True),
    Column("kind", String(16)),
    Column("language", String(8)),
    Column("rank", Integer, nullable=False, default=UNREAD_RANK),
    Column("assignee", String(200)),
    at_time("asked_at", nullable=True),
    at_time("decided_at", nullable=True),
    Column("edit_share", Float),
    Column("unasked", Boolean, nullable=False, default=False),
    Column("sentiment", String(16)),
    Column("deadline_class", String(8)),
    Column("came_as", String(16)),
    Column("prompt", String(200)),
    Column("model", String(200)),
    Column("edited_by", String(200)),
    Column("decided_by", String(200)),
    Column("stale_reason", String(400)),
    Column("lease_owner", String(64)),
    at_time("lease_until", nullable=True),
    Column("fence", Integer, nullable=False),
    Column("claims", Integer, nullable=False),
    at_time(),
    at_time("updated_at"),
    _thread_key(),
    one_of("status", DraftStatus),
    Index("ix_drafts_listing", "brand_id", "created_at", "id"),
    Index("ix_drafts_work", "status", "lease_until"),
    Index(
        "ix_drafts_thread",
        *("brand_id", "thread_id", "asked_at", "created_at", "id", "unasked", "status"),
        "decided_at",
    ),
    # All that reports ask: of rows that hold long texts, nothing else is read.
    Index(
        "ix_drafts_asked",
        *("brand_id", "asked_at", "thread_id", "id", "created_at", "unasked", "status"),
        *("kind", "language", "sentiment", "deadline_class", "deadline_at", "came_as"),
        *("prompt", "model", "edit_share", "edited_by"),
    ),
    Index("ix_drafts_answered", "brand_id", "decided_at"),
)
_ORDER = (drafts.c.rank, drafts.c.deadline_at, drafts.c.id)
_FILTERS = (drafts.c.status, drafts.c.assignee, drafts.c.kind, drafts.c.language)
# The queue of a brand, and of all; with the filters in them no draft is read that is not shown.
for _name, _columns in (
    ("ix_drafts_waiting", (drafts.c.brand_id, *_ORDER, *_FILTERS)),
    ("ix_drafts_waiting_all", (*_ORDER, drafts.c.brand_id, *_FILTERS)),
):
    Index(
        _name,
        *_columns,
        sqlite_where=waits(drafts.c.status),
        postgresql_where=waits(drafts.c.status),
    )

draft_versions = Table(
    "draft_versions",
    metadata,
    Column("draft_id", String(64), ForeignKey("drafts.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("content", JSON, nullable=False),
    Column("snapshot", JSON),
    Column("created_by", String(200), nullable=False),
    at_time(),
)

attempts = Table(
    "attempts",
    metadata,
    Column("draft_id", String(64), ForeignKey("drafts.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("attempt", JSON, nullable=False),
)
