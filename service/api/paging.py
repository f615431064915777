"""Cursors: where a page ended, as a word that clients hand back unread."""

import base64
import binascii
from datetime import datetime

from service.domain.base import as_utc
from service.domain.draft import Draft
from service.errors import InvalidInput

_BETWEEN = "\x1f"


def cursor_of(*parts: str) -> str:
    """The cursor that begins after the row with these sorting values."""
    return base64.urlsafe_b64encode(_BETWEEN.join(parts).encode()).decode().rstrip("=")


def parts_of(cursor: str | None, count: int) -> tuple[str, ...] | None:
    """The values that a cursor was made of; InvalidInput for a word that we never gave."""
    if cursor is None:
        return None
    try:
        place = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError) as exc:
        raise odd_cursor() from exc
    parts = tuple(place.split(_BETWEEN))
    if len(parts) != count:
        raise odd_cursor()
    return parts


def cursor_after(draft: Draft) -> str:
    """The cursor that begins after this draft."""
    return cursor_of(draft.created_at.isoformat(), draft.id)


def place_of(cursor: str | None) -> tuple[datetime, str] | None:
    """Where a page of drafts begins."""
    parts = parts_of(cursor, 2)
    if parts is None:
        return None
    try:
        return as_utc(datetime.fromisoformat(parts[0])), parts[1]
    except ValueError as exc:
        raise odd_cursor() from exc


def odd_cursor() -> InvalidInput:
    """For a cursor that we never gave."""
    return InvalidInput("cursor: hand back next_cursor just as it came")
