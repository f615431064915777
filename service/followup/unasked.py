"""What the brand writes unasked, in words that people wrote: follow-ups and closing updates."""

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from service.domain.brand import Brand
from service.domain.thread import Case, KnownFact
from service.domain.triage import MoveKind, Triage
from service.drafting.holding import HoldingReply, answer_window
from service.drafting.promises import find_promises
from service.text.language import is_other_language
from service.text.sayings import sayings, turned

UNASKED = frozenset({MoveKind.FOLLOW_UP, MoveKind.CLOSING_UPDATE})
_FILE = Path(__file__).with_name("unasked.yaml")
_SLOT = re.compile(r"\{(\w+)\}")


def unasked_replies(
    brand: Brand, case: Case, triage: Triage, *, language: str, now: datetime
) -> list[HoldingReply]:
    """Every way to write it, the one that is this thread's turn first.

    What nobody may say in public, or says in another language than the customer's, is left out. A
    language that nobody wrote for has none.
    """
    window = answer_window(brand, triage, now)
    told = {
        "window": window.words(language),
        "progress": _sayable(case.due.progress if case.due else None, brand, language),
        "resolution": _sayable(case.resolved, brand, language),
    }
    if triage.move.kind is MoveKind.CLOSING_UPDATE:
        variants = _turned("solved_so" if told["resolution"] else "solved", language, case)
    else:
        late = case.due is not None and case.due.due_at <= now
        body = "told" if told["progress"] else "still_open"
        variants = _joined("late" if late else "in_time", body, language, case)
    return [_reply(variant, told, brand, now) for variant in variants]


def _reply(
    variant: str, told: Mapping[str, str | None], brand: Brand, now: datetime
) -> HoldingReply:
    """The words filled in; the sentence that names a time is a promise."""
    text = _SLOT.sub(lambda slot: told[slot.group(1)] or "", variant).strip()
    if "{window}" not in variant:
        return HoldingReply(text, ())
    return HoldingReply(text, find_promises(text, now=now, calendar=brand.calendar))


def _sayable(fact: KnownFact | None, brand: Brand, language: str) -> str | None:
    """A public fact as it stands, as a sentence, where it is in the reply's language."""
    if fact is None or fact.private or is_other_language(fact.text, language, brand.languages):
        return None
    text = fact.text.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def _joined(opening: str, body: str, language: str, case: Case) -> list[str]:
    pairs = zip(_turned(opening, language, case), _turned(body, language, case), strict=False)
    return [f"{first} {second}" for first, second in pairs]


def _turned(name: str, language: str, case: Case) -> list[str]:
    """The variants from this thread's turn on."""
    return turned(sayings(_FILE, name, language), f"{name} {case.thread_id or case.complaint.text}")
