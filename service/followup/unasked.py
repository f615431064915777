"""What the brand writes unasked, in words that people wrote: follow-ups and closing updates."""

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from service.domain.brand import Brand
from service.domain.thread import Case
from service.domain.triage import MoveKind, Triage
from service.drafting.holding import HoldingReply, answer_window
from service.drafting.promises import find_promises
from service.drafting.retelling import retold
from service.drafting.vouched import sayable
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
    if triage.move.kind is MoveKind.CLOSING_UPDATE:
        resolution = sayable(case.resolved, brand, language)
        variants = _closings(case, triage, language, told=resolution is not None)
        return [_reply(variant, {"resolution": resolution}, brand, now) for variant in variants]
    progress = sayable(case.due.progress if case.due else None, brand, language)
    late = case.due is not None and case.due.due_at <= now
    body = "told" if progress else "still_open"
    variants = _joined("late" if late else "in_time", body, language, case)
    told = {"window": answer_window(brand, triage, now).words(language), "progress": progress}
    return [_reply(variant, told, brand, now) for variant in variants]


def _closings(case: Case, triage: Triage, language: str, *, told: bool) -> list[str]:
    """Sorry for what went wrong, first in the customer's words, then in ours that tell nothing."""
    closings = _turned("solved_so" if told else "solved", language, case)
    said_back = retold(triage.issues, case.complaint.text, language=language, most=1)
    pairs = zip(closings, _turned("sorry", language, case), strict=False)
    ours = [closing.replace("{sorry}", sorry) for closing, sorry in pairs]
    return [*(one.replace("{sorry}", said_back) for one in closings if said_back), *ours]


def _reply(
    variant: str, told: Mapping[str, str | None], brand: Brand, now: datetime
) -> HoldingReply:
    """The words filled in; the sentence that names a time is a promise."""
    text = _SLOT.sub(lambda slot: told[slot.group(1)] or "", variant).strip()
    if "{window}" not in variant:
        return HoldingReply(text, ())
    return HoldingReply(text, find_promises(text, now=now, calendar=brand.calendar))


def _joined(opening: str, body: str, language: str, case: Case) -> list[str]:
    pairs = zip(_turned(opening, language, case), _turned(body, language, case), strict=False)
    return [f"{first} {second}" for first, second in pairs]


def _turned(name: str, language: str, case: Case) -> list[str]:
    """The variants from this thread's turn on."""
    return turned(sayings(_FILE, name, language), f"{name} {case.thread_id or case.complaint.text}")
