"""Which drafts may be drafted again, as a new version of the same draft."""

from service.domain.draft import REDRAFTED, Draft, DraftStatus
from service.errors import TransitionRefused
from service.store.answering import POST_DELETED, is_deleted
from service.store.session import Connection
from service.store.staling import NEWER, newer_to_come


async def require_redraftable(connection: Connection, draft: Draft) -> None:
    """It holds no reply that could go out, its post still stands, and nothing newer answers it."""
    if draft.status is DraftStatus.SUPERSEDED:
        raise TransitionRefused(f"draft {draft.id} answers nothing any more: {draft.stale_reason}")
    if draft.status not in REDRAFTED:
        raise TransitionRefused(
            f"draft {draft.id} is {draft.status.value}: only a failed, stale or rejected one is "
            "redrafted"
        )
    if await is_deleted(connection, draft.id):
        raise TransitionRefused(f"draft {draft.id} answers nothing: {POST_DELETED}")
    if newer := await newer_to_come(connection, draft):
        raise TransitionRefused(f"draft {draft.id} is not redrafted: {NEWER}{newer}")
