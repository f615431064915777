"""What brands know, and its searchable pieces."""

from sqlalchemy import (
    JSON,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from service.domain.knowledge import PolicyStatus
from service.store.columns import Vector, Word
from service.store.tables.shared import at_time, metadata, of_brand, one_of, own_id

brands = Table(
    "brands",
    metadata,
    own_id(),
    Column("settings", JSON, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("knowledge_revision", Integer, nullable=False, default=0),
    Column("indexed_under", String(200)),
    at_time(),
    at_time("updated_at"),
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
    one_of("status", PolicyStatus),
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

# One row per searchable piece and embedding model; `ref` is a past reply's id or a passage's
# "id\nversion". Searches see the rows of the model that the brand is `indexed_under`. `words_at` is
# the number under which a piece's words stand, where that is an earlier row's.
search_entries = Table(
    "search_entries",
    metadata,
    Column("id", Integer, primary_key=True),
    of_brand(),
    Column("source", String(16), nullable=False),
    Column("ref", String(300), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("embedding_model", String(200), nullable=False),
    Column("vector", Vector, nullable=False),
    Column("words_at", Integer),
    Index("ix_search_entries_group", "brand_id", "source", "embedding_model"),
    Index("ix_search_entries_words_at", "words_at"),
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
    at_time(),
)

# What each import did, so that a repeated request gets the first one's answer.
imports = Table(
    "imports",
    metadata,
    own_id(),
    of_brand(),
    Column("actor", String(200), nullable=False),
    Column("result", JSON, nullable=False),
    at_time(),
)
