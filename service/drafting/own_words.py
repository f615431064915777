"""What people wrote for when no model may write, or none could."""

from collections.abc import Sequence
from datetime import datetime

from service.domain.brand import Brand
from service.domain.thread import Case
from service.domain.triage import Triage
from service.drafting.holding import HoldingReply, holding_replies
from service.followup.unasked import UNASKED, unasked_replies
from service.triage.turns import open_before


def in_our_words(
    brand: Brand,
    case: Case,
    triage: Triage,
    *,
    language: str,
    recent: Sequence[str],
    now: datetime,
) -> list[HoldingReply]:
    """Follow-ups and closing updates whole, for the rest holding replies; whose turn it is first.

    `recent` are the brand's holding replies, newest first.
    """
    if triage.move.kind in UNASKED:
        return unasked_replies(brand, case, triage, language=language, now=now)
    told = " ".join((*open_before(case), case.complaint.text))
    return holding_replies(brand, triage, told, language=language, recent=recent, now=now)
