"""The first sentence of a reply in the customer's own words, turned to "you".

Two readers, blind to who wrote what, graded first sentences for 58 complaints: of the bundled
model's 12% were good and 66% told the story wrongly, of the customer's own words, turned round by
a first version of this, 36% and 24%. Of 23 whole replies each signed 16 with these words and 7 with
the model's.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from service.domain.triage import Issue
from service.text.persons import turned_round
from service.text.sayings import sayings, turned
from service.text.wordlists import pattern_list

_FILE = Path(__file__).with_name("retelling.yaml")
_SURELY, _AT_LEAST = 0.5, 0.1
"""A point that weighs less tells something on the side. Where only a question weighs more, the best
of the others is what it is about."""
_LEAST_WORDS, _MOST_WORDS = 4, 30
_MOST_CHARS = 190
_ENDS = " .!?…,;:-"
_PERSONS = frozenset({"you", "we", "your", "our"})
_ADDRESS = re.compile(r"^(?:@\w+[,:]?\s+)+")


def retold(issues: Sequence[Issue], complaint: str, *, language: str, most: int = 2) -> str | None:
    """One sentence that names the one or two (`most`) weightiest points and is sorry for them.

    None where no point can be said back: questions, wishes, irony, insults, and languages that
    nobody wrote the words for.
    """
    if not sayings(_FILE, "phrase", language):
        return None
    fit = [one for one in issues if one.weight >= _AT_LEAST and _is_fit(one.text)]
    fit.sort(key=lambda one: -one.weight)
    sure = [one for one in fit if one.weight >= _SURELY] or fit[:1]
    chosen = sorted(sure[:most], key=lambda one: one.span.start or 0)
    points = [turned_round(_with_subject(_bare(one.text))) for one in chosen]
    if sum(map(len, points)) <= _MOST_CHARS:
        return _sorry(points, complaint, language) if points else None
    return retold(sure[:1], complaint, language=language, most=1) if len(points) > 1 else None


def plainly_sorry(complaint: str, *, language: str) -> str | None:
    """One sentence that is sorry and tells nothing; None in a language nobody wrote it in."""
    variants = turned(sayings(_FILE, "plain", language), complaint)
    return variants[0] if variants else None


def _sorry(points: Sequence[str], complaint: str, language: str) -> str:
    form = "clause" if all(map(_is_clause, points)) else "phrase"
    several = len(points) > 1
    variant = turned(sayings(_FILE, f"{form}s" if several else form, language), complaint)[0]
    inside = [_lowered(point, complaint) for point in points]
    if variant.startswith("{one}"):
        inside[0] = inside[0][0].upper() + inside[0][1:]
    return variant.format(one=inside[0], two=inside[-1])


def _bare(point: str) -> str:
    """Without the words that lead to it."""
    bare = _ADDRESS.sub("", point.strip().strip(_ENDS).replace("’", "'"))
    signs = "".join(filter(_is_sign, bare))
    return _pattern("lead").sub("", bare.strip(signs + _ENDS))


@cache
def _pattern(key: str) -> re.Pattern[str]:
    """Whether a point begins so, or, of `unfit`, holds it."""
    return re.compile("|".join(f"(?:{one})" for one in pattern_list(_FILE, key)), re.IGNORECASE)


def _with_subject(point: str) -> str:
    """ "Waited an hour" leaves out who did: the customer, where nobody else can be meant."""
    if _pattern("own_deed").match(point):
        return f"I {_lowered_start(point)}"
    if _pattern("own_wait").match(point):
        return f"I've {_lowered_start(point)}"
    return point


def _lowered_start(point: str) -> str:
    return point[0].lower() + point[1:]


def _is_fit(point: str) -> bool:
    bare = _bare(point)
    sayable = _LEAST_WORDS <= len(bare.split()) <= _MOST_WORDS and not any(map(_is_sign, bare))
    mark = "?" if point.rstrip().endswith("?") else ""
    return sayable and not _pattern("unfit").search(bare + mark)


def _is_sign(char: str) -> bool:
    return unicodedata.category(char) in ("So", "Sk", "Cs", "Co", "Cn")


def _is_clause(point: str) -> bool:
    return bool(_pattern("subject").match(point))


def _lowered(point: str, complaint: str) -> str:
    """In the middle of a sentence; what the complaint has a capital for there is a name."""
    first = point.split()[0]
    shouted = first.isupper() and len(first) > 1
    named = first.lower() not in _PERSONS and re.search(rf"[a-z,] {re.escape(first)}\b", complaint)
    return point if shouted or named else _lowered_start(point)
