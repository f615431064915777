"""The tables, in SQLAlchemy Core; states are checked strings, times are UTC, shapes are JSON."""

from service.store.tables.drafts import (
    attempts,
    draft_versions,
    drafts,
    known_facts,
    messages,
    threads,
)
from service.store.tables.knowledge import (
    brands,
    finished_vectors,
    imports,
    past_replies,
    policy_passages,
    search_entries,
    word_indexes,
    word_places,
)
from service.store.tables.records import (
    SCOPE_LENGTH,
    api_keys,
    audit,
    commitments,
    decisions,
    idempotency_keys,
    outbox,
)
from service.store.tables.shared import metadata

__all__ = [
    "SCOPE_LENGTH",
    "api_keys",
    "attempts",
    "audit",
    "brands",
    "commitments",
    "decisions",
    "draft_versions",
    "drafts",
    "finished_vectors",
    "idempotency_keys",
    "imports",
    "known_facts",
    "messages",
    "metadata",
    "outbox",
    "past_replies",
    "policy_passages",
    "search_entries",
    "threads",
    "word_indexes",
    "word_places",
]
