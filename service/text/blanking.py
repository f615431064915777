"""A past reply without its facts: it shows how to say things, never what is true here."""

import re

from service.text.specifics import SpecificKind, find_specifics

BLANK = "…"
_SEVERAL = re.compile(r"…(?:\s*…)+")
_KEPT = frozenset({SpecificKind.COUNT, SpecificKind.NUMBER})


def blank_specifics(text: str) -> str:
    """The text with amounts, dates, durations and references replaced by an ellipsis."""
    pieces: list[str] = []
    reached = 0
    for specific in find_specifics(text):
        if specific.kind in _KEPT or specific.start < reached:
            continue
        pieces += [text[reached : specific.start], BLANK]
        reached = specific.end
    return _SEVERAL.sub(BLANK, "".join([*pieces, text[reached:]]))
