"""Why a draft no longer stands on the policy in force. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date

from service.domain.knowledge import PolicyPassage
from service.store.citing import CitedPassage

Stored = Mapping[tuple[str, str], PolicyPassage]


def outdated(cited: Iterable[CitedPassage], stored: Stored, today: date) -> str | None:
    """What happened to the passages that a draft cites, in words; None where nothing did."""
    found = [words for passage in cited if (words := _what_happened(passage, stored, today))]
    return "; ".join(found)[:400] or None


def _what_happened(cited: CitedPassage, stored: Stored, today: date) -> str | None:
    name = f"policy {cited.id}@{cited.version}, which the reply cites,"
    now = stored.get((cited.id, cited.version))
    if now is None:
        return f"{name} was removed"
    if not now.in_force(today):
        newer = [p for p in stored.values() if p.id == cited.id and p.in_force(today)]
        by = f" by version {newer[-1].version}" if newer else ""
        return f"{name} was superseded{by}" if by else f"{name} is no longer in force"
    if (now.title, now.text) != (cited.title, cited.text):
        return f"{name} was changed"
    return None
