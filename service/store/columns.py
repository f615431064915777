"""Kinds of columns that both databases keep each in its own way."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
from sqlalchemy import DateTime, LargeBinary, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine


class UtcDateTime(TypeDecorator[datetime]):
    """SQLite loses time zones: every time goes in and comes out as UTC."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC without a zone."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Back to UTC with its zone."""
        return None if value is None else value.replace(tzinfo=UTC)


class Vector(TypeDecorator[bytes]):
    """float32 numbers as bytes; PostgreSQL keeps them as pgvector's halves, of any length."""

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """pgvector's type on PostgreSQL, plain bytes elsewhere."""
        if dialect.name != "postgresql":
            return dialect.type_descriptor(LargeBinary())
        from pgvector.sqlalchemy import HALFVEC

        return dialect.type_descriptor(HALFVEC())

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> Any:
        """Bytes to numbers where the database wants numbers."""
        if value is None or dialect.name != "postgresql":
            return value
        return np.frombuffer(value, np.float32)

    def process_result_value(self, value: Any, dialect: Dialect) -> bytes | None:
        """Numbers to bytes."""
        if value is None or dialect.name != "postgresql":
            return value  # type: ignore[no-any-return]
        return np.asarray(value, np.float32).tobytes()


WORD_LENGTH = 64
# Bytes decide about order, whatever the server's language: beginnings of words are ranges.
Word = String(WORD_LENGTH).with_variant(String(WORD_LENGTH, collation="C"), "postgresql")
