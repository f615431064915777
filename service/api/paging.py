"""Cursors: where a page ended, as a word that clients hand back unread."""

import base64
import binascii
from datetime import datetime

from service.domain.base import as_utc
from service.domain.draft import Draft
from service.errors import InvalidInput


def cursor_after(draft: Draft) -> str:
    """The cursor that begins after this draft."""
    place = f"{draft.created_at.isoformat()} {draft.id}"
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def place_of(cursor: str | None) -> tuple[datetime, str] | None:
    """Where a page begins; InvalidInput for a word that we never gave."""
    if cursor is None:
        return None
    try:
        place = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        created_at, _, draft_id = place.partition(" ")
        return as_utc(datetime.fromisoformat(created_at)), draft_id
    except (binascii.Error, ValueError) as exc:
        raise InvalidInput("cursor: hand back next_cursor just as it came") from exc
