"""Whether an edit only mends the spelling."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import cache

from service.review.edit_parts import WORDS, Change, in_words, squashed, words
from service.text.folding import fold
from service.text.wordlists import pattern_list

_DIGIT = re.compile(r"\d")
_SHORTEST, _LONG = 4, 8
# What a word takes on when it is bent rather than misspelt.
_ENDINGS = frozenset({"s", "n", "e", "es", "en", "ed", "d", "m", "r"})


def only_spelling(change: Change) -> bool:
    """Whether every word that differs is the same word, written right."""
    if squashed(change.before) == squashed(change.after):
        return True
    if not change.old or not change.new:
        return False
    pairs = list(_replaced(words(change.before), words(change.after)))
    return bool(pairs) and all(_same_word(old, new) for old, new in pairs)


def _replaced(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    """The words that differ, side by side; one that has no partner stands beside nothing."""
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        if b - a == d - c:
            yield from zip(old[a:b], new[c:d], strict=True)
        else:
            yield " ".join(old[a:b]), " ".join(new[c:d])


def _same_word(old: str, new: str) -> bool:
    if squashed(old) == squashed(new) or frozenset({old, new}) in _mistaken():
        return True
    if _DIGIT.search(old + new) or in_words("negations").fullmatch(old) or " " in old + new:
        return False
    longest = max(len(old), len(new))
    if min(len(old), len(new)) < _SHORTEST or _is_bent(old, new):
        return False
    return distance(old, new) <= (2 if longest >= _LONG else 1)


def _is_bent(old: str, new: str) -> bool:
    short, long = sorted((old, new), key=len)
    return long.startswith(short) and long.removeprefix(short) in _ENDINGS


@cache
def _mistaken() -> frozenset[frozenset[str]]:
    pairs = (fold(line).split() for line in pattern_list(WORDS, "mistaken"))
    return frozenset(frozenset(pair) for pair in pairs)


def distance(old: str, new: str) -> int:
    """Letters added, lost, changed or swapped with their neighbour between two words."""
    before: list[int] = []
    above = list(range(len(new) + 1))
    for i, a in enumerate(old, start=1):
        row = [i]
        for j, b in enumerate(new, start=1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b))
            if before and i > 1 and j > 1 and a == new[j - 2] and b == old[i - 2]:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, above = above, row
    return above[-1]
