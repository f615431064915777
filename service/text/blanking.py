"""A text without its facts, or without what points to one person."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from service.text.personal_data import PersonalData, find_personal_data
from service.text.sentences import Sentence
from service.text.specifics import SpecificKind, find_specifics

BLANK = "…"
_SEVERAL = re.compile(r"…(?:\s*…)+")
_WORDS_BETWEEN = 3
"""`W-33812, phone: 07700 900412`: so many words and signs may stand between two details."""
_KEPT = frozenset({SpecificKind.COUNT, SpecificKind.NUMBER})


def blank_specifics(text: str) -> str:
    """The text with amounts, dates, durations and references replaced by an ellipsis.

    A past reply shows how to say things, never what is true here.
    """
    pieces: list[str] = []
    reached = 0
    for specific in find_specifics(text):
        if specific.kind in _KEPT or specific.start < reached:
            continue
        pieces += [text[reached : specific.start], BLANK]
        reached = specific.end
    return _SEVERAL.sub(BLANK, "".join([*pieces, text[reached:]]))


def blank_details(text: str, parts: Iterable[Sentence]) -> list[str]:
    """Parts of a text with somebody's details replaced by an ellipsis: names and numbers that stand
    side by side. One that stands alone belongs to what is told."""
    details = _details(text)
    return [_without(part, details) for part in parts]


def _details(text: str) -> list[PersonalData]:
    found = find_personal_data(text)
    joined = [
        len(text[one.end : other.start].split()) <= _WORDS_BETWEEN for one, other in pairwise(found)
    ]
    sides = zip(found, [False, *joined], [*joined, False], strict=True) if found else ()
    return [one for one, before, behind in sides if before or behind]


def _without(part: Sentence, details: Sequence[PersonalData]) -> str:
    """A piece that reaches beyond the part is cut off where the part ends."""
    pieces: list[str] = []
    reached = 0
    for one in details:
        start, end = max(one.start - part.start, 0), min(one.end, part.end) - part.start
        if start < end:
            pieces += [part.text[reached:start], BLANK]
            reached = end
    return "".join([*pieces, part.text[reached:]])
