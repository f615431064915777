"""What is held when there is no draft: honest, in the customer's language, with a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from service.domain.brand import Brand
from service.domain.commitment import PlannedCommitment
from service.domain.triage import Kind, Sensitivity, Triage
from service.text.sayings import sayings
from service.text.windows import Window, promised_window

_FILE = Path(__file__).parent / "holding.yaml"
_OURS = {
    Kind.COMPLIMENT: "compliment",
    Kind.QUESTION: "question",
    Kind.MIXED: "abuse",
    Kind.ABUSE: "abuse",
    Kind.HATE: "abuse",
}


@dataclass(frozen=True)
class HoldingReply:
    """A variant with its time filled in, and the promise that it makes."""

    text: str
    commitments: tuple[PlannedCommitment, ...]


def holding_replies(
    brand: Brand, triage: Triage, *, language: str, recent: Sequence[str], now: datetime
) -> list[HoldingReply]:
    """Every variant that can be used, the one said longest ago first; never the newest again.

    `recent` are the brand's holding replies, newest first.
    """
    window = promised_window(brand.follow_up_windows)
    words = window.words(language)
    filled = [_filled(v, words, window, brand, now) for v in _variants(brand, triage, language)]
    usable = [reply for reply in filled if reply is not None]
    rested = [reply for reply in usable if not recent or reply.text != recent[0]]
    return sorted(rested or usable, key=lambda reply: -_last_said(reply.text, recent))


def _variants(brand: Brand, triage: Triage, language: str) -> Sequence[str]:
    """A brand writes its own for complaints; what thanks or sets a limit is ours."""
    key = _OURS.get(triage.kind)
    if Sensitivity.SAFETY in triage.sensitivities:
        key = "safety"
    if key is not None:
        return sayings(_FILE, key, language)
    return brand.holding_replies.get(language) or sayings(_FILE, "complaint", language)


def _filled(
    variant: str, words: str | None, window: Window, brand: Brand, now: datetime
) -> HoldingReply | None:
    if "{window}" not in variant:
        return HoldingReply(variant.strip(), ())
    if words is None:
        return None
    promise = PlannedCommitment(what="an answer here", due_at=window.due(now, brand.timezone))
    return HoldingReply(variant.strip().replace("{window}", words), (promise,))


def _last_said(text: str, recent: Sequence[str]) -> int:
    """How many replies ago this was said; never counts as longest ago."""
    return recent.index(text) if text in recent else len(recent)
