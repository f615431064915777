"""Threats and insults against anybody, protected or not: staff, companies, single people. Pure."""

from collections.abc import Iterator

from service.triage.hate_marks import Marked
from service.triage.tagging import Clause

_BEFORE, _AFTER, _FAR = 4, 2, 6
_SHOUT = 3
"""`Idiots!` needs nobody to be named."""


def is_countered(marked: Marked) -> bool:
    """Somebody else's words, told in order to object to them."""
    return "countered" in marked.found or {"condemn", "quoted"} <= marked.found.keys()


def threats_in(marked: Marked) -> tuple[int, ...]:
    """Where violence is announced or wished on somebody."""
    if is_countered(marked):
        return ()
    clause = marked.clause
    return tuple(n for n in clause.at("willkill") if _is_meant(clause, n))


def insults_in(marked: Marked) -> tuple[int, ...]:
    """Where somebody is called names or told where to go."""
    clause = marked.clause
    if is_countered(marked):
        return ()
    told = (n for n in clause.at("abuseyou") if not clause.quoted(n))
    called = (n for n in clause.at("insult") if _is_meant(clause, n) and _is_aimed(clause, n))
    return tuple(sorted({*told, *called}))


def _is_meant(clause: Clause, place: int) -> bool:
    before = clause.words[max(0, place - 3) : place]
    return not clause.quoted(place) and not any("neg" in word.tags for word in before)


def _is_aimed(clause: Clause, place: int) -> bool:
    if _own(clause, place):
        return False
    if len(clause.words) <= _SHOUT:
        return True
    return any(_reached(clause, place))


def _reached(clause: Clause, place: int) -> Iterator[bool]:
    yield any(0 < place - you <= _BEFORE for you in clause.at("you"))
    yield any(0 < you - place <= _AFTER for you in clause.at("you"))
    named = [n for n in clause.at("staff") if 0 < place - n <= _FAR]
    yield any(any(n < c < place for c in clause.at("copula")) for n in named)


def _own(clause: Clause, place: int) -> bool:
    """`I'm an idiot`, `my idiot brother`."""
    return any(0 < place - n <= _AFTER for n in clause.at("first"))
