"""How much of a reply people changed. Pure.

Counted in words and signs, not in characters: the letters of two replies that have nothing in
common still meet by chance. Of 75 pairs of unrelated past replies the median differs by .90 in
words and by .73 in characters, so that "written anew" would read as "three quarters kept".
"""

import re

from rapidfuzz.distance import Levenshtein

_PIECE = re.compile(r"\w+|[^\w\s]")


def edit_share(proposed: str | None, approved: str) -> float:
    """0: used as it was; 1: nothing of it is left, or nothing had been proposed."""
    old, new = (_PIECE.findall(text) for text in (proposed or "", approved))
    return round(Levenshtein.normalized_distance(old, new), 4)
