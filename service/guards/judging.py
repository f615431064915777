"""The optional third tier: a language model that is asked about what rules and training missed.

It runs after the local checks and can only add to them: what they block it is never asked about.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from service.domain.checks import Finding, Severity
from service.guards.context import CheckContext, Hit

JUDGE = "judge"
"""How `checks_run` names the judge."""


@dataclass(frozen=True, kw_only=True)
class JudgedFinding:
    """What a judge saw: the exact `words` of the reply, None for what the reply lacks."""

    check: str
    words: str | None
    reason: str
    suggestion: str
    evidence: str | None = None


@dataclass(frozen=True)
class Judgement:
    """A judge's findings; `complete` says that it answered all that it was asked."""

    findings: tuple[JudgedFinding, ...] = ()
    complete: bool = True


class Judge(Protocol):
    """Reads a reply with understanding, at the price of a model's time and certainty."""

    async def judge(self, context: CheckContext, checks: Collection[str]) -> Judgement:
        """What it finds of these checks; it may raise, which costs nothing but its findings."""
        ...


def judged_hits(
    judgement: Judgement,
    context: CheckContext,
    *,
    defaults: Mapping[str, Severity],
    local: Sequence[Finding],
) -> Iterator[tuple[str, Hit]]:
    """The judge's findings that hold, by check: real words of the reply, and new ones.

    `defaults` are the severities of the checks that the brand has on.
    """
    taken = [(finding.check, finding.span.start, finding.span.end) for finding in local]
    for found in judgement.findings:
        place = _place(found, context.reply)
        if found.check not in defaults or place is None or _is_taken(found.check, place, taken):
            continue
        taken.append((found.check, *place))
        yield found.check, _hit(found, place, defaults[found.check])


_Place = tuple[int | None, int | None]


def _place(found: JudgedFinding, reply: str) -> _Place | None:
    """Where the words stand; None where a judge made them up, or left out what it must show."""
    if found.words is None:
        lacking = found.check == "ignores_issue" or found.check.startswith("missing_")
        return (None, None) if lacking else None
    start = reply.find(found.words) if found.words.strip() else -1
    return None if start < 0 else (start, start + len(found.words))


def _is_taken(
    check: str, place: _Place, taken: Sequence[tuple[str, int | None, int | None]]
) -> bool:
    """Whether the same check has already spoken of this place."""
    return any(_overlap(place, (start, end)) for name, start, end in taken if name == check)


def _overlap(one: _Place, other: _Place) -> bool:
    (start, end), (begin, stop) = one, other
    if start is None or end is None or begin is None or stop is None:
        return start is None and begin is None
    return start < stop and begin < end


def _hit(found: JudgedFinding, place: _Place, default: Severity) -> Hit:
    """What only a judge saw holds up no reply, unless the brand's own setting says that it does."""
    return Hit(
        message=found.reason,
        suggestion=found.suggestion,
        start=place[0],
        end=place[1],
        severity=Severity.WARN if default is Severity.BLOCK else None,
        evidence=found.evidence,
    )
