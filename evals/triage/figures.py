"""What triage is worth: shares of right readings, with their intervals."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from evals.guards.figures import Confusion, Share, Tallies, Tally
from evals.triage.judged import JudgedTriage
from service.domain.triage import MoveKind, Sensitivity
from service.triage.post_reader import Mark

Pairs = Counter[tuple[str, str]]


def figures(judged: Sequence[JudgedTriage]) -> dict[str, Share]:
    """Every figure by name."""
    due = [one for one in judged if one.due.move is MoveKind.ESCALATE]
    others = [one for one in judged if one.due.move is not MoveKind.ESCALATE]
    readable = [one for one in judged if one.readable]
    tally = _whole(sensitivities(judged))
    return {
        "kind": _share(one.triage.kind is one.due.kind for one in judged),
        "language": _share(one.triage.language == one.due.language for one in readable),
        "move": _share(one.triage.move.kind is one.due.move for one in judged),
        "escalations": _share(one.escalated for one in due),
        "needless escalations": _share(one.escalated for one in others),
        "issues recall": _sum(judged, lambda one: (len(one.found), len(one.due.issues))),
        "issues precision": _sum(
            labelled(judged), lambda one: (one.needed, len(one.triage.issues))
        ),
        "sensitivities recall": tally.recall,
        "sensitivities precision": tally.precision,
        **_marks(judged),
    }


def _marks(judged: Sequence[JudgedTriage]) -> dict[str, Share]:
    """What only posts are labelled with."""
    told = [one for one in judged if one.due.marks is not None]
    found = {"sentiment": _share(one.triage.sentiment is one.due.sentiment for one in told)}
    for mark in Mark:
        tally = Tally()
        for one in told:
            marked = mark in (one.due.marks or ())
            tally.add(marked, raised=bool(getattr(one.triage, mark.value)))
        found |= {f"{mark} recall": tally.recall, f"{mark} precision": tally.precision}
    return found


def labelled(judged: Sequence[JudgedTriage]) -> list[JudgedTriage]:
    """The rows that have issues."""
    return [one for one in judged if one.due.issues]


def sensitivities(judged: Sequence[JudgedTriage]) -> Tallies:
    """Each sensitivity: what the labels name against what triage raised."""
    tallies = Tallies()
    for one in judged:
        for name in Sensitivity:
            row = Confusion(name.value, one.due.language, one.due.id, "", one.due.text)
            tallies.add(
                row, marked=name in one.due.sensitivities, raised=name in one.triage.sensitivities
            )
    return tallies


def moves(judged: Sequence[JudgedTriage]) -> Pairs:
    """How often which move was due and which was chosen."""
    return Counter((one.due.move.value, one.triage.move.kind.value) for one in judged)


def kinds(judged: Sequence[JudgedTriage]) -> Pairs:
    """How often which kind it was and which was read."""
    return Counter((one.due.kind.value, one.triage.kind.value) for one in judged)


def headline(judged: Sequence[JudgedTriage]) -> dict[str, float | None]:
    """The figures that gates can name."""
    found = {name: share.value for name, share in figures(judged).items()}
    tallies = sensitivities(judged)
    for name in Sensitivity:
        found[f"{name.value} recall"] = tallies.total(name.value).recall.value
        found[f"{name.value} precision"] = tallies.total(name.value).precision.value
    return found


def _whole(tallies: Tallies) -> Tally:
    return sum((tallies.total(name.value) for name in Sensitivity), Tally())


def _share(hits: Iterable[bool]) -> Share:
    listed = list(hits)
    return Share(sum(listed), len(listed))


def _sum(judged: Iterable[JudgedTriage], part: Callable[[JudgedTriage], tuple[int, int]]) -> Share:
    parts = [part(one) for one in judged]
    return Share(sum(hits for hits, _ in parts), sum(count for _, count in parts))
