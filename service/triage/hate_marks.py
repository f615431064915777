"""A stretch of text as the numbers that the head reads: which marks it bears. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from service.triage.evidence import Found, evidence
from service.triage.tagging import Clause

ATTACKS = (
    *("dehuman", "derog", "insulted", "emote", "repel", "implicit", "cursed", "denied"),
    *("unwanted", "killed", "kill_wish", "expelled", "expel_wish", "willkill"),
)
_NAMED = ("group", "slur", "bound_slur")
_CONTRASTS = (
    *("negated", "positive", "condemn", "report", "countered", "quoted", "stated", "who"),
    *("kin", "own", "hate_noun", "profession", "trade"),
)
MARKS = (*_NAMED, "carried", *ATTACKS, *_CONTRASTS)
JOINT = (
    *("target", "hostile", "two", "three", "counted", "hostile_quoted", "hostile_report"),
    *("hostile_condemn", "hostile_positive", "asks", "second", "first", "hostile_asks"),
    *("second_slur", "only_positive", "slur_kin", "hostile_who", "quoted_stated"),
)
NAMES = (*MARKS, *JOINT)

Numbers = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Marked:
    """One sentence with the marks it bears and whether it names a target itself."""

    clause: Clause
    found: Found

    @property
    def names_target(self) -> bool:
        """Whether a group or a slur is there, not only a pronoun for it."""
        return any(mark in self.found for mark in _NAMED)


def marked_clauses(clauses: Sequence[Clause]) -> tuple[Marked, ...]:
    """Every sentence with its marks; `they` after a group stands for it."""
    marked: list[Marked] = []
    for position, clause in enumerate(clauses):
        before = marked[-1] if marked else None
        carried = before is not None and (before.names_target or "carried" in before.found)
        ahead = position + 1 < len(clauses) and _names_them(clauses[position + 1])
        marked.append(Marked(clause, evidence(clause, after_target=carried or ahead)))
    return tuple(marked)


def _names_them(clause: Clause) -> bool:
    """`They are awful. They are foreigners.` names its target too late."""
    return bool(clause.at("group") or clause.at("slur")) and bool(clause.at("they"))


def numbers(window: Iterable[Marked]) -> Numbers:
    """The marks of neighbouring sentences as 0 and 1, in the order of `NAMES`."""
    near = tuple(window)
    bears = {mark for marked in near for mark in marked.found}
    plain = {mark: mark in bears for mark in MARKS}
    second = any(marked.clause.at("second") for marked in near)
    first = any(marked.clause.at("first") for marked in near)
    asks = any(marked.clause.asks for marked in near)
    joint = _joint(plain, asks=asks, second=second, first=first)
    return np.array([*plain.values(), *(joint[name] for name in JOINT)], np.float32)


def _joint(on: Mapping[str, bool], *, asks: bool, second: bool, first: bool) -> dict[str, bool]:
    slur = on["slur"] or on["bound_slur"]
    count = sum(on[mark] for mark in (*ATTACKS, "slur", "bound_slur"))
    hostile = count > 0
    return {
        "target": on["group"] or slur,
        "hostile": hostile,
        "two": count > 1,
        "three": count > 2,
        "counted": hostile and on["countered"],
        "hostile_quoted": hostile and on["quoted"],
        "hostile_report": hostile and on["report"],
        "hostile_condemn": hostile and on["condemn"],
        "hostile_positive": hostile and on["positive"],
        "asks": asks,
        "second": second,
        "first": first,
        "hostile_asks": asks and hostile,
        "second_slur": second and on["slur"],
        "only_positive": on["positive"] and not hostile,
        "slur_kin": on["slur"] and on["kin"],
        "hostile_who": hostile and on["who"],
        "quoted_stated": on["quoted"] and on["stated"],
    }
