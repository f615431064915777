"""What is written once and kept, and what waits to go out."""

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from service.domain.commitment import CommitmentStatus
from service.domain.learning import ExampleStatus, StyleNoteStatus
from service.domain.review import DecisionKind, Role
from service.store.tables.shared import at_time, metadata, of_brand, one_of, own_id

SCOPE_LENGTH = 128

decisions = Table(
    "decisions",
    metadata,
    own_id(),
    Column("draft_id", String(64), ForeignKey("drafts.id"), nullable=False),
    Column("draft_version", Integer, nullable=False),
    Column("decision", String(16), nullable=False),
    Column("by", String(200), nullable=False),
    Column("reason", Text),
    Column("override", JSON, nullable=False),
    at_time("decided_at"),
    one_of("decision", DecisionKind),
    Index("ix_decisions_draft", "draft_id"),
)

commitments = Table(
    "commitments",
    metadata,
    own_id(),
    of_brand(),
    Column("draft_id", String(64), ForeignKey("drafts.id"), nullable=False),
    Column("thread_id", String(200), nullable=False),
    Column("what", Text, nullable=False),
    Column("owner", String(200), nullable=False),
    at_time("due_at"),
    Column("status", String(16), nullable=False),
    Column("note", Text),
    Column("closed_by", String(200)),
    at_time("closed_at", nullable=True),
    Column("follow_up_draft_id", String(64)),
    at_time("promised_at", nullable=True),
    at_time("wakes_at", nullable=True),
    Column("version", Integer, nullable=False),
    at_time(),
    one_of("status", CommitmentStatus),
    Index("ix_commitments_waking", "status", "wakes_at"),
    Index("ix_commitments_due", "brand_id", "status", "due_at"),
    Index("ix_commitments_thread", "brand_id", "thread_id"),
)

# What was said once about a draft or a commitment and is not said twice: warnings, breaches.
notices = Table(
    "notices",
    metadata,
    Column("subject", String(64), primary_key=True),
    Column("what", String(64), primary_key=True),
    of_brand(),
    at_time("at"),
)

hand_overs = Table(
    "hand_overs",
    metadata,
    own_id(),
    of_brand(),
    Column("draft_id", String(64), ForeignKey("drafts.id"), nullable=False),
    Column("from_person", String(200)),
    Column("to_person", String(200), nullable=False),
    Column("by", String(200), nullable=False),
    Column("note", Text),
    at_time("at"),
    Index("ix_hand_overs_draft", "draft_id"),
)

style_notes = Table(
    "style_notes",
    metadata,
    own_id(),
    of_brand(),
    Column("edit_kind", String(32), nullable=False),
    Column("sign", String(32)),
    Column("text", Text, nullable=False),
    Column("language", String(8)),
    Column("channel", String(32)),
    Column("kind", String(16)),
    Column("status", String(16), nullable=False),
    Column("drafts", JSON, nullable=False),
    Column("decided_by", String(200)),
    at_time("decided_at", nullable=True),
    at_time("expires_at", nullable=True),
    at_time(),
    one_of("status", StyleNoteStatus),
    Index("ix_style_notes_brand", "brand_id", "status"),
)

# An approved reply that somebody called a good example; a past reply once it was reviewed.
example_marks = Table(
    "example_marks",
    metadata,
    Column("draft_id", String(64), ForeignKey("drafts.id"), primary_key=True),
    of_brand(),
    Column("status", String(16), nullable=False),
    Column("example", JSON, nullable=False),
    Column("twin_of", String(200)),
    Column("marked_by", String(200), nullable=False),
    Column("decided_by", String(200)),
    at_time("decided_at", nullable=True),
    at_time(),
    one_of("status", ExampleStatus),
    Index("ix_example_marks_brand", "brand_id", "status"),
)

api_keys = Table(
    "api_keys",
    metadata,
    own_id(),
    Column("name", String(200), nullable=False),
    Column("role", String(16), nullable=False),
    Column("brand_id", String(64), ForeignKey("brands.id")),
    Column("key_hash", String(64), nullable=False, unique=True),
    at_time(),
    at_time("revoked_at", nullable=True),
    one_of("role", Role),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    at_time("at"),
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
    of_brand(),
    Column("topic", String(64), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("tries", Integer, nullable=False, default=0),
    at_time(),
    at_time("delivered_at", nullable=True),
    Index("ix_outbox_waiting", "delivered_at", "id"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("scope", String(SCOPE_LENGTH), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("body_hash", String(64), nullable=False),
    Column("subject", String(200), nullable=False),
    at_time(),
)
