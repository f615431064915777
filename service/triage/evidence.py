"""What speaks for and against hostility in one sentence, as named marks. Pure.

Each mark is one way in which people express contempt (or speak against it); the same marks serve
every language, because only the lexicon knows the words.
"""

from collections.abc import Iterator, Sequence

from service.triage.tagging import Clause

FAR, NEAR = 9, 5
_NEGATES = 4
_CARRIES = ("they", "second")
_BOUND = ("second", "intens", "copula", "they", "implicit")


Found = dict[str, tuple[int, ...]]


def evidence(clause: Clause, *, after_target: bool) -> Found:
    """Each mark that is there, with the places of its words in the clause."""
    targets = _targets(clause, after_target=after_target)
    named = clause.at("group") or _slurs(clause)
    found: Found = {
        "group": clause.at("group"),
        "slur": _slurs(clause),
        "bound_slur": tuple(_bound_slurs(clause)),
        "carried": () if named else targets,
        **_attacks(clause, targets),
        **_threats(clause, targets),
        **_contrasts(clause, targets),
    }
    return {mark: places for mark, places in found.items() if places}


def _targets(clause: Clause, *, after_target: bool) -> tuple[int, ...]:
    """Who is spoken of; a pronoun stands for the group of the sentence before."""
    named = {*clause.at("group"), *_slurs(clause)}
    named |= set(_bound_slurs(clause))
    if not named and after_target:
        named = {n for tag in _CARRIES for n in clause.at(tag)}
    return tuple(sorted(named))


def _slurs(clause: Clause) -> tuple[int, ...]:
    """Words that are nothing but slurs."""
    soft = clause.at("softslur")
    return tuple(n for n in clause.at("slur") if n not in soft)


def _bound_slurs(clause: Clause) -> Iterator[int]:
    """A word with a harmless other meaning counts where it is aimed at somebody."""
    for n in clause.at("softslur"):
        before = clause.words[max(0, n - 4) : n]
        if any(tag in word.tags for word in before for tag in _BOUND):
            yield n


def _attacks(clause: Clause, targets: Sequence[int]) -> Found:
    return {
        "dehuman": _said_of(clause, "dehuman", targets),
        "derog": _said_of(clause, "derog", targets),
        "emote": tuple(_felt(clause, targets)),
        "insulted": _said_of(clause, "insult", targets),
        "repel": _near(clause.at("repel"), targets, FAR),
        "implicit": _said_of(clause, "implicit", targets),
        "cursed": tuple(n for n in clause.at("intens") if _follows(n, targets, 2)),
        "denied": _denied(clause, targets),
        "unwanted": _near(clause.at("getout"), targets, 12),
    }


def _felt(clause: Clause, targets: Sequence[int]) -> Iterator[int]:
    """Contempt that the writer owns to; `no contempt for` is none, `no respect for` is."""
    for n in clause.at("hatefirst"):
        before = clause.words[max(0, n - 3) : n]
        denied = any("neg" in w.tags and "hatefirst" not in w.tags for w in before)
        if not denied and _follows(n, targets, NEAR):
            yield n


def _threats(clause: Clause, targets: Sequence[int]) -> Found:
    killed = _said_of(clause, "kill", targets)
    expelled = _said_of(clause, "expel", targets)
    return {
        "killed": killed,
        "kill_wish": tuple(n for n in killed if _wished(clause, n)),
        "expelled": expelled,
        "expel_wish": tuple(n for n in expelled if _wished(clause, n)),
        "willkill": _near(clause.at("willkill"), targets, FAR),
    }


def _contrasts(clause: Clause, targets: Sequence[int]) -> Found:
    hostile = [n for tag in ("dehuman", "derog", "kill", "hate", "expel") for n in clause.at(tag)]
    attacks = {*hostile, *clause.at("implicit"), *clause.at("getout"), *targets}
    outside = tuple(n for n in clause.at("condemn") if not clause.quoted(n))
    reports = tuple(n for n in clause.at("report") if not clause.quoted(n))
    return {
        "negated": tuple(n for n in hostile if _negated(clause, n) and _near((n,), targets, FAR)),
        "positive": tuple(n for n in clause.at("positive") if not _negated(clause, n)),
        "condemn": outside,
        "report": reports,
        "countered": reports if reports and outside else (),
        "quoted": tuple(n for n in attacks if clause.quoted(n)),
        "stated": tuple(n for n in hostile if not clause.quoted(n)),
        "who": tuple(n for n in clause.at("who") if _follows(n, targets, FAR)),
        "kin": tuple(n for n in clause.at("kin") if _follows(n, targets, 4)),
        "own": tuple(n for n in clause.at("first") if _follows(n, targets, 4)),
        "hate_noun": tuple(n for n in clause.at("hate") if n not in clause.at("hatefirst")),
        "profession": clause.at("profession"),
        "trade": clause.at("business"),
    }


def _said_of(clause: Clause, tag: str, targets: Sequence[int]) -> tuple[int, ...]:
    """Words of a tag that stand close to a target and are not negated."""
    close = _near(clause.at(tag), targets, FAR)
    return tuple(n for n in close if not _negated(clause, n))


def _near(places: Sequence[int], targets: Sequence[int], reach: int) -> tuple[int, ...]:
    return tuple(n for n in places if any(abs(n - t) <= reach for t in targets))


def _follows(place: int, targets: Sequence[int], reach: int) -> bool:
    return any(0 <= t - place <= reach for t in targets)


def _negated(clause: Clause, place: int) -> bool:
    before = clause.words[max(0, place - _NEGATES) : place]
    if any("neg" in word.tags for word in before):
        return True
    # `No immigrant deserves to be called that`: the group itself carries the no.
    nobody = (n for n in clause.at("neg") if 0 < place - n <= FAR)
    return any(n + 1 in clause.at("group") for n in nobody)


def _denied(clause: Clause, targets: Sequence[int]) -> tuple[int, ...]:
    """Something that everybody is owed, negated: `deserve no respect`, `are not human`."""
    near = _near(clause.at("value"), targets, 12)
    hostile = {*clause.at("dehuman"), *clause.at("derog"), *clause.at("kill"), *clause.at("expel")}
    return tuple(
        n
        for n in near
        if _negated(clause, n)
        and n not in targets
        and not any(abs(n - h) <= 3 for h in hostile if h != n)
    )


def _wished(clause: Clause, place: int) -> bool:
    """Asked for, threatened or deserved, and no report of what happened."""
    before = clause.words[max(0, place - 7) : place]
    if any("modal" in word.tags for word in before):
        return True
    return place <= 1 or "willkill" in clause.words[place].tags
