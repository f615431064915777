"""What to look for: the points raised, the conversation they stand in, and the day that counts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from service.domain.thread import Case, Channel
from service.domain.triage import Kind, Triage
from service.text.instructions import find_instructions

MOST_CHARS = 700
"""More of a conversation than this says nothing new about which rule applies."""
_LEAST_WORDS = 4
_JOINED = {
    language: re.compile(rf",?\s(?:{words})\s")
    for language, words in {
        "en": "and|but|plus",
        "pl": "i|oraz|a|ale",
        "es": "y|e|pero",
        "de": "und|aber",
    }.items()
}


@dataclass(frozen=True, kw_only=True)
class Query:
    """A search. Each point is searched for alone, `told` is all of it with what came before.

    `language`, `channel` and `kind` choose among past replies that are alike; None of `policy` or
    `past_replies` leaves the number of rows to the settings.
    """

    points: tuple[str, ...]
    language: str
    today: date
    told: str = ""
    channel: Channel | None = None
    kind: Kind | None = None
    cut_off: bool = True
    policy: int | None = None
    past_replies: int | None = None

    @property
    def whole(self) -> str:
        """All of it as one search."""
        return self.told or whole_of(self.points)

    @property
    def troubles(self) -> tuple[str, ...]:
        """The single troubles, where there are several: points, cut at "and" and its like."""
        joined = _JOINED.get(self.language)
        parts = [part for point in self.points for part in _clauses(point, joined)]
        return tuple(dict.fromkeys(parts)) if len(parts) > 1 else ()


def _clauses(point: str, joined: re.Pattern[str] | None) -> list[str]:
    """The parts of a point that could stand alone; the point as it is where one couldn't."""
    parts = joined.split(point) if joined else [point]
    return parts if all(len(part.split()) >= _LEAST_WORDS for part in parts) else [point]


def _own_words(text: str) -> str:
    """A complaint without the orders planted in it: they must not choose the evidence."""
    kept, start = [], 0
    for order in sorted(find_instructions(text), key=lambda span: span.start or 0):
        kept.append(text[start : order.start])
        start = max(start, order.end or 0)
    return " ".join(" ".join((*kept, text[start:])).split())


def whole_of(messages: Iterable[str]) -> str:
    """A conversation as one text: its end, for what is asked now stands there."""
    return " ".join(messages)[-MOST_CHARS:].strip()


def query_for(case: Case, triage: Triage, *, language: str, today: date) -> Query:
    """What a draft of this case looks for."""
    points = tuple(issue.text for issue in triage.issues)
    now = _own_words(case.complaint.text) or " ".join(points)
    earlier = (message.text for message in case.others if message.text != case.complaint.text)
    return Query(
        points=points,
        told=whole_of((*earlier, now)),
        language=language,
        channel=case.channel,
        kind=triage.kind,
        today=today,
    )
