"""The tables, in SQLAlchemy Core; states are checked strings, times are UTC, shapes are JSON."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from service.domain.commitment import CommitmentStatus
from service.domain.draft import DraftStatus
from service.domain.knowledge import PolicyStatus
from service.domain.review import DecisionKind, Role
from service.domain.thread import Author
from service.store.columns import UtcDateTime, Vector, Word

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMES)


def _one_of(column: str, states: type[StrEnum]) -> CheckConstraint:
    listed = ", ".join(f"'{state.value}'" for state in states)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def _id() -> Column[str]:
    return Column("id", String(64), primary_key=True)


def _brand() -> Column[str]:
    return Column("brand_id", String(64), ForeignKey("brands.id"), nullable=False)


def _time(name: str = "created_at", *, nullable: bool = False) -> Column[datetime]:
    return Column(name, UtcDateTime, nullable=nullable)


brands = Table(
    "brands",
    metadata,
    _id(),
    Column("settings", JSON, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("knowledge_revision", Integer, nullable=False, default=0),
    _time(),
    _time("updated_at"),
)

policy_passages = Table(
    "policy_passages",
    metadata,
    Column("brand_id", String(64), ForeignKey("brands.id"), primary_key=True),
    Column("id", String(200), primary_key=True),
    Column("version", String(64), primary_key=True),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("status", String(16), nullable=False),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("asks", JSON),
    Column("content_hash", String(64), nullable=False),
    _one_of("status", PolicyStatus),
)

past_replies = Table(
    "past_replies",
    metadata,
    Column("brand_id", String(64), ForeignKey("brands.id"), primary_key=True),
    Column("id", String(200), primary_key=True),
    Column("complaint", Text, nullable=False),
    Column("reply", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("kind", String(32), nullable=True),
    Column("content_hash", String(64), nullable=False),
)

# One row per searchable piece; `ref` is a past reply's id or a passage's "id\nversion".
search_entries = Table(
    "search_entries",
    metadata,
    Column("id", Integer, primary_key=True),
    _brand(),
    Column("source", String(16), nullable=False),
    Column("ref", String(300), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("embedding_model", String(200), nullable=False),
    Column("vector", Vector, nullable=False),
    Index("ix_search_entries_source", "brand_id", "source"),
)

# What a brand's index of words holds in all: BM25 compares an entry with its own brand's.
word_indexes = Table(
    "word_indexes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("brand_id", String(64), ForeignKey("brands.id"), nullable=False, unique=True),
    Column("entries", Integer, nullable=False),
    Column("words", Integer, nullable=False),
)

# Where a word is: packed places, in rows of neighbouring entries, and how many there are.
word_places = Table(
    "word_places",
    metadata,
    Column("index_id", Integer, ForeignKey("word_indexes.id"), primary_key=True),
    Column("word", Word, primary_key=True),
    Column("block", Integer, primary_key=True),
    Column("entries", Integer, nullable=False),
    Column("places", LargeBinary, nullable=False),
)

# Vectors of an import or a re-index that is under way, so that a killed one can go on.
finished_vectors = Table(
    "finished_vectors",
    metadata,
    Column("embedding_model", String(200), primary_key=True),
    Column("text_hash", String(64), primary_key=True),
    Column("vector", LargeBinary, nullable=False),
    _time(),
)

# What each import did, so that a repeated request gets the first one's answer.
imports = Table(
    "imports",
    metadata,
    _id(),
    _brand(),
    Column("actor", String(200), nullable=False),
    Column("result", JSON, nullable=False),
    _time(),
)

threads = Table(
    "threads",
    metadata,
    Column("brand_id", String(64), ForeignKey("brands.id"), primary_key=True),
    Column("id", String(200), primary_key=True),
    Column("channel", String(32), nullable=False),
    Column("is_public", Boolean, nullable=False),
    Column("revision", Integer, nullable=False),
    _time(),
    _time("updated_at"),
)


def _thread_key() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["brand_id", "thread_id"], ["threads.brand_id", "threads.id"])


messages = Table(
    "messages",
    metadata,
    _id(),
    Column("brand_id", String(64), nullable=False),
    Column("thread_id", String(200), nullable=False),
    Column("position", Integer, nullable=False),
    Column("author", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("external_id", String(200)),
    Column("details", JSON, nullable=False),
    _time("posted_at", nullable=True),
    _time(),
    _thread_key(),
    UniqueConstraint("brand_id", "thread_id", "position"),
    _one_of("author", Author),
)

known_facts = Table(
    "known_facts",
    metadata,
    _id(),
    Column("brand_id", String(64), nullable=False),
    Column("thread_id", String(200), nullable=False),
    Column("text", Text, nullable=False),
    Column("private", Boolean, nullable=False),
    Column("resolves", Boolean, nullable=False),
    _time(),
    _thread_key(),
    Index("ix_known_facts_thread", "brand_id", "thread_id"),
)

drafts = Table(
    "drafts",
    metadata,
    _id(),
    Column("brand_id", String(64), nullable=False),
    Column("thread_id", String(200), nullable=False),
    Column("case_id", String(200)),
    Column("status", String(32), nullable=False),
    Column("version", Integer, nullable=False),
    Column("thread_revision", Integer, nullable=False),
    Column("request", JSON, nullable=False),
    Column("content", JSON),
    _time("deadline_at", nullable=True),
    Column("edited_by", String(200)),
    Column("decided_by", String(200)),
    Column("stale_reason", String(400)),
    Column("lease_owner", String(64)),
    _time("lease_until", nullable=True),
    Column("fence", Integer, nullable=False),
    Column("claims", Integer, nullable=False),
    _time(),
    _time("updated_at"),
    _thread_key(),
    _one_of("status", DraftStatus),
    Index("ix_drafts_listing", "brand_id", "created_at", "id"),
    Index("ix_drafts_work", "status", "lease_until"),
    Index("ix_drafts_thread", "brand_id", "thread_id"),
)

draft_versions = Table(
    "draft_versions",
    metadata,
    Column("draft_id", String(64), ForeignKey("drafts.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("content", JSON, nullable=False),
    Column("snapshot", JSON),
    Column("created_by", String(200), nullable=False),
    _time(),
)

attempts = Table(
    "attempts",
    metadata,
    Column("draft_id", String(64), ForeignKey("drafts.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("attempt", JSON, nullable=False),
)

decisions = Table(
    "decisions",
    metadata,
    _id(),
    Column("draft_id", String(64), ForeignKey("drafts.id"), nullable=False),
    Column("draft_version", Integer, nullable=False),
    Column("decision", String(16), nullable=False),
    Column("by", String(200), nullable=False),
    Column("reason", Text),
    Column("override", JSON, nullable=False),
    _time("decided_at"),
    _one_of("decision", DecisionKind),
    Index("ix_decisions_draft", "draft_id"),
)

commitments = Table(
    "commitments",
    metadata,
    _id(),
    _brand(),
    Column("draft_id", String(64), ForeignKey("drafts.id"), nullable=False),
    Column("thread_id", String(200), nullable=False),
    Column("what", Text, nullable=False),
    Column("owner", String(200), nullable=False),
    _time("due_at"),
    Column("status", String(16), nullable=False),
    _time(),
    _one_of("status", CommitmentStatus),
    Index("ix_commitments_due", "brand_id", "status", "due_at"),
)

api_keys = Table(
    "api_keys",
    metadata,
    _id(),
    Column("name", String(200), nullable=False),
    Column("role", String(16), nullable=False),
    Column("brand_id", String(64), ForeignKey("brands.id")),
    Column("key_hash", String(64), nullable=False, unique=True),
    _time(),
    _time("revoked_at", nullable=True),
    _one_of("role", Role),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    _time("at"),
    Column("actor", String(200), nullable=False),
    Column("action", String(64), nullable=False),
    Column("brand_id", String(64)),
    Column("subject", String(200), nullable=False),
    Column("details", JSON, nullable=False),
    Index("ix_audit_subject", "subject"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    _brand(),
    Column("topic", String(64), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("tries", Integer, nullable=False, default=0),
    _time(),
    _time("delivered_at", nullable=True),
    Index("ix_outbox_waiting", "delivered_at", "id"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("scope", String(128), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("body_hash", String(64), nullable=False),
    Column("subject", String(64), nullable=False),
    _time(),
)
