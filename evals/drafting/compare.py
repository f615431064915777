"""Two runs side by side: what changed, whether it may be luck, and on which cases."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from evals.drafting.figures import Difference, difference, numeric
from evals.drafting.generation import scoring_hash
from evals.drafting.readiness import Readiness
from evals.drafting.runs import EvalRun
from evals.drafting.scoring import CaseScore
from evals.errors import EvalError

HEADLINES = ("send_ready", "danger-free")
"""What a change is judged by."""
Value = Callable[[CaseScore], float]


@dataclass(frozen=True)
class Changed:
    """A case that came out otherwise, with both texts."""

    case_id: str
    before: str
    after: str
    text_before: str
    text_after: str

    @property
    def better(self) -> bool:
        """Whether it came out better."""
        return Readiness(self.after).rank > Readiness(self.before).rank


@dataclass(frozen=True)
class Comparison:
    """Run B against run A, over the same cases."""

    a: EvalRun
    b: EvalRun

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """First the readiness over cases eligible in both, then the dangers over those that one of
        the runs drafted a reply to: one that the other run held was kept from harm. Then every
        scorer that says yes, no or a number for the same cases. What was not measured is in none
        of them."""
        both = [(x, y) for x, y in self._pairs if x.eligible and y.eligible]
        found = list(_difference("send_ready", both, lambda one: float(one.ready)))
        drafted = [(x, y) for x, y in self._pairs if x.is_drafted or y.is_drafted]
        found += _difference("danger-free", drafted, lambda one: float(not one.dangers))
        for name in self._comparable:
            said = [(x, y) for x, y in self._pairs if name in x.values and name in y.values]
            found += _difference(name, said, _valued(name))
        return tuple(found)

    @cached_property
    def changed(self) -> tuple[Changed, ...]:
        """The cases whose readiness changed, the worse ones first."""
        texts = [{draft.case_id: draft.reply or "" for draft in run.drafts} for run in self._runs]
        found = (
            Changed(
                x.case_id,
                str(x.values["ready"]),
                str(y.values["ready"]),
                texts[0][x.case_id],
                texts[1][x.case_id],
            )
            for x, y in self._pairs
            if x.values["ready"] != y.values["ready"]
        )
        return tuple(sorted(found, key=lambda one: (one.better, one.case_id)))

    @property
    def is_worse(self) -> bool:
        """Whether B is worse than luck explains, in what counts: fewer drafts ready, or more
        dangerous ones."""
        return any(one.change < 0 for one in self.sure)

    @property
    def moved(self) -> list[Difference]:
        """The two differences that count, and those where anything moved."""
        return [o for o in self.differences if o.name in HEADLINES or o.better or o.worse]

    @property
    def sure(self) -> list[Difference]:
        """Of the two that count, those that are more than luck explains."""
        return [one for one in self.differences if one.name in HEADLINES and one.is_sure]

    @property
    def _comparable(self) -> list[str]:
        """Scorers of numbers; a judge only where the same model judged by the same prompt."""
        one, other = ({j.name: (j.model, j.prompt_sha256) for j in r.judges} for r in self._runs)
        return [name for name in numeric(self.b.scores) if one.get(name) == other.get(name)]

    @property
    def _runs(self) -> tuple[EvalRun, EvalRun]:
        return self.a, self.b

    @property
    def left_out(self) -> int:
        """Cases that one of the runs has no draft or no score of."""
        return len(self.b.scores) - len(self._pairs)

    @cached_property
    def _pairs(self) -> list[tuple[CaseScore, CaseScore]]:
        before, after = (_measured(run) for run in self._runs)
        return [(before[case_id], after[case_id]) for case_id in after if case_id in before]


def compare(a: EvalRun, b: EvalRun) -> Comparison:
    """The comparison; EvalError for a run with itself, and for runs over unlike cases or scored
    by unlike code."""
    if a.id == b.id:
        raise EvalError(
            f"{a.id} would be compared with itself: name the run before and the one after"
        )
    if a.cases_sha256 != b.cases_sha256:
        raise EvalError(
            f"{a.id} and {b.id} were not made over the same cases: run one of them again"
        )
    require_scored_alike(a)
    require_scored_alike(b)
    return Comparison(a, b)


def require_scored_alike(run: EvalRun) -> None:
    """Refuse a run that other code scored: what changed might be the ruler."""
    if run.scored_by != scoring_hash():
        raise EvalError(
            f"{run.id} was scored by other code than this: "
            f"`amends eval report {run.id} --score-again`, then compare"
        )


def _measured(run: EvalRun) -> dict[str, CaseScore]:
    return {one.case_id: one for one in run.scores if one.is_measured}


def _valued(name: str) -> Value:
    return lambda one: float(one.values[name])


def _difference(
    name: str, pairs: Sequence[tuple[CaseScore, CaseScore]], value: Value
) -> Iterator[Difference]:
    if pairs:
        brands = [x.brand for x, _ in pairs]
        yield difference(name, [(value(x), value(y)) for x, y in pairs], brands)


def _markdown(found: Comparison) -> Iterator[str]:
    a, b = found.a, found.b
    yield f"**{b.suite}** ({b.split}, {len(b.scores)} cases): `{a.id}` → `{b.id}`"
    if found.left_out:
        yield f"left out: {found.left_out} cases that one of the runs did not draft or score"
    yield ""
    yield f"| figure | {a.variant} | {b.variant} | change [95%] | better / worse | p |"
    yield "|---|---|---|---|---|---|"
    for one in found.moved:
        change = f"{one.change:+.2f} [{one.low:+.2f}, {one.high:+.2f}]"
        yield (
            f"| {one.name} | {one.a:.2f} | {one.b:.2f} | {change} | {one.better} / {one.worse} "
            f"| {one.p:.3f} |"
        )


def lines(found: Comparison, texts: int) -> Iterator[str]:
    """The comparison as text: the table, then the cases that changed with both texts."""
    yield from _markdown(found)
    for one in found.changed[:texts]:
        yield ""
        word = "better" if one.better else "WORSE"
        yield f"{one.case_id} {word}: {one.before} -> {one.after}"
        yield f"  before: {one.text_before or '(no reply)'}"
        yield f"  after:  {one.text_after or '(no reply)'}"
