"""What is held when there is no draft: honest, in the customer's language, with a time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import cycle
from pathlib import Path

from service.domain.brand import Brand
from service.domain.commitment import PlannedCommitment
from service.domain.triage import DANGERS, Kind, MoveKind, Sensitivity, Triage
from service.drafting.promises import find_promises
from service.text.folding import fold
from service.text.sayings import sayings
from service.text.sentences import split_sentences
from service.text.windows import Window, promised_window
from service.text.wordlists import patterns

_FILE = Path(__file__).parent / "holding.yaml"
_DANGERS = Path(__file__).parent / "dangers.yaml"
_TERMS = re.compile(r"\[([^\]]*)\]")
_SWALLOWED = re.compile(r"swallow|polkn|\btrag[aoue]\w*|schluckt|verschluck")
_OURS = {
    Kind.COMPLIMENT: "compliment",
    Kind.QUESTION: "question",
    Kind.MIXED: "mixed",
    Kind.ABUSE: "abuse",
    Kind.HATE: "hate",
}
GRAVE = {
    Sensitivity.SAFETY: "safety",
    Sensitivity.HEALTH: "health",
    Sensitivity.LEGAL_THREAT: "legal",
}
"""What has held words of its own, the gravest first; the bundled model writes about none of it."""
_NO_HARM = frozenset({Kind.COMPLIMENT, Kind.HATE})
_WITHIN_HOURS = Window(hours=2)


@dataclass(frozen=True)
class HoldingReply:
    """A variant with its time filled in, and the promise that it makes."""

    text: str
    commitments: tuple[PlannedCommitment, ...]


def answer_window(brand: Brand, triage: Triage, now: datetime) -> Window:
    """The time that may be promised: the brand's own, and where somebody may come to harm hours."""
    usual = promised_window(brand.follow_up_windows).ahead(now, brand.calendar)
    if DANGERS.isdisjoint(triage.sensitivities):
        return usual
    return min(usual, _WITHIN_HOURS, key=lambda window: window.due(now, brand.calendar))


def holding_replies(
    brand: Brand,
    triage: Triage,
    told: str,
    *,
    language: str,
    recent: Sequence[str],
    now: datetime,
) -> list[HoldingReply]:
    """Every variant that can be used, the one said longest ago first; never the newest again.

    `told` is what the customer wrote, `recent` are the brand's holding replies, newest first.
    """
    window = answer_window(brand, triage, now)
    words = window.words(language)
    variants = _variants(brand, triage, told, language)
    filled = [_filled(one, words, window, brand, now) for one in variants]
    usable = [reply for reply in filled if reply is not None]
    rested = [reply for reply in usable if not recent or reply.text != recent[0]]
    return sorted(rested or usable, key=lambda reply: -_last_said(reply.text, recent))


def _variants(brand: Brand, triage: Triage, told: str, language: str) -> Sequence[str]:
    """A brand writes its own for complaints; what is grave, thanks or sets a limit is ours."""
    grave = next((key for found, key in GRAVE.items() if found in triage.sensitivities), None)
    if grave == GRAVE[Sensitivity.SAFETY] and _can_be_off(told, triage.language):
        grave = "switched_off"
    if grave is not None and triage.kind not in _NO_HARM:
        return _limited(sayings(_FILE, grave, language), triage, language)
    key = _OURS.get(triage.kind)
    if key is not None:
        return [_by_terms(variant, brand) for variant in sayings(_FILE, key, language)]
    return brand.holding_replies.get(language) or sayings(_FILE, "complaint", language)


def _by_terms(variant: str, brand: Brand) -> str:
    """Community terms are named only where the brand has written some."""
    return _TERMS.sub(r"\1" if brand.community_guidelines.strip() else "", variant)


def _can_be_off(told: str, language: str) -> bool:
    """Whether gas, smoke, fire or current is told of, in the customer's language where we know
    its words."""
    listed, folded = patterns(_DANGERS), fold(told)
    if _SWALLOWED.search(folded):
        return False  # a battery in a child is beyond switching off
    known = [listed[language]] if language in listed else listed.values()
    return any(pattern.search(folded) for pattern in known)


def _limited(variants: Sequence[str], triage: Triage, language: str) -> list[str]:
    """What to do comes first; where insults came with it, they are named last."""
    if triage.move.kind is not MoveKind.BOUNDARY_STATEMENT:
        return list(variants)
    limits = sayings(_FILE, "limit", language)
    return [f"{one} {limit}" for one, limit in zip(variants, cycle(limits), strict=False)]


def _filled(
    variant: str, words: str | None, window: Window, brand: Brand, now: datetime
) -> HoldingReply | None:
    if "{window}" not in variant:
        return HoldingReply(variant.strip(), ())
    if words is None:
        return None
    text = variant.strip().replace("{window}", words)
    found = find_promises(text, now=now, calendar=brand.calendar)
    return HoldingReply(text, found or (_as_planned(text, words, window, brand, now),))


def _as_planned(
    text: str, words: str, window: Window, brand: Brand, now: datetime
) -> PlannedCommitment:
    """A brand's own words may promise in a way that we can't read: the time is one all the same."""
    promised = next(one.text for one in split_sentences(text) if words in one.text)
    return PlannedCommitment(what=promised, due_at=window.due(now, brand.calendar))


def _last_said(text: str, recent: Sequence[str]) -> int:
    """How many replies ago this was said; never counts as longest ago."""
    return recent.index(text) if text in recent else len(recent)
