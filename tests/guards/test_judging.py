"""The third tier as the guard uses it: it adds, and never takes away."""

from collections.abc import Collection, Iterable

import pytest

from service.domain.brand import Brand
from service.domain.checks import Severity, Verdict
from service.guards.context import Check, CheckContext, Hit
from service.guards.guard import Guard
from service.guards.judging import JudgedFinding, Judgement
from service.guards.pool import GuardPool
from service.guards.registry import CHECKS
from tests.guards.factories import LAMPWICK, context

REPLY = "I'm sorry about the lamp. Our records show that it left us whole. I'll write by 18:00."
ARGUES = "Our records show that it left us whole."


def found(check: str, words: str | None = ARGUES) -> JudgedFinding:
    return JudgedFinding(check=check, words=words, reason="It argues.", suggestion="Leave it out.")


class FixedJudge:
    """Gives one judgement, or raises, and keeps what it was asked."""

    def __init__(self, given: Judgement | Exception) -> None:
        self.given = given
        self.asked: list[tuple[str, ...]] = []

    async def judge(self, context: CheckContext, checks: Collection[str]) -> Judgement:
        self.asked.append(tuple(checks))
        if isinstance(self.given, Exception):
            raise self.given
        return self.given


def says(*findings: JudgedFinding, complete: bool = True) -> FixedJudge:
    return FixedJudge(Judgement(findings, complete=complete))


def finds(*hits: Hit, severity: Severity = Severity.BLOCK) -> Check:
    def find(_context: CheckContext) -> Iterable[Hit]:
        return hits

    return Check(severity, find)


CLEAN = {
    "defensive": finds(),
    "canned": finds(severity=Severity.WARN),
    "missing_thanks": finds(severity=Severity.INFO),
    "ignores_issue": finds(severity=Severity.WARN),
}


def brand(**checks: object) -> Brand:
    return Brand.model_validate({**LAMPWICK.model_dump(), "checks": checks})


async def test_its_findings_are_added_and_at_most_warn() -> None:
    judge = says(found("defensive"), found("missing_thanks", None))
    report = await Guard(LAMPWICK, CLEAN, judge=judge).check(context(REPLY))
    argues, thanks = report.findings
    assert report.verdict is Verdict.WARN
    assert (argues.check, argues.severity, argues.message) == (
        "defensive",
        Severity.WARN,
        "It argues.",
    )
    assert REPLY[argues.span.start : argues.span.end] == argues.span.text == ARGUES
    assert (thanks.severity, thanks.span.text) == (Severity.INFO, None)
    assert report.checks_run == (*CLEAN, "judge")


@pytest.mark.parametrize(("severity", "verdict"), [("block", "block"), ("info", "pass")])
async def test_the_brands_own_severity_holds_for_the_judge_too(severity: str, verdict: str) -> None:
    own = brand(defensive=severity)
    report = await Guard(own, CLEAN, judge=says(found("defensive"))).check(context(REPLY))
    assert (report.findings[0].severity.value, report.verdict.value) == (severity, verdict)


async def test_options_alone_are_no_word_on_severity() -> None:
    own = brand(defensive={"options": {"at": 0.5}})
    report = await Guard(own, CLEAN, judge=says(found("defensive"))).check(context(REPLY))
    assert report.findings[0].severity is Severity.WARN


async def test_a_check_that_the_brand_has_off_is_neither_asked_nor_reported() -> None:
    judge = says(found("defensive"))
    report = await Guard(brand(defensive="off"), CLEAN, judge=judge).check(context(REPLY))
    assert judge.asked == [("canned", "missing_thanks", "ignores_issue")]
    assert report.findings == ()


async def test_a_local_block_stands_and_no_judge_is_asked() -> None:
    judge = says()
    blocks = {**CLEAN, "defensive": finds(Hit("m", "s", 0, 3))}
    report = await Guard(LAMPWICK, blocks, judge=judge).check(context(REPLY))
    assert (report.verdict, judge.asked) == (Verdict.BLOCK, [])
    assert "judge" not in report.checks_run


async def test_a_local_warning_stays_when_the_judge_sees_nothing() -> None:
    warns = {**CLEAN, "canned": finds(Hit("m", "s", 0, 3), severity=Severity.WARN)}
    judge = says()
    report = await Guard(LAMPWICK, warns, judge=judge).check(context(REPLY))
    assert ([f.check for f in report.findings], len(judge.asked)) == (["canned"], 1)


async def test_what_a_local_check_has_said_is_not_said_twice() -> None:
    start = REPLY.index("records")
    local = {
        "defensive": finds(Hit("local", "s", start, start + 7), severity=Severity.WARN),
        "ignores_issue": finds(Hit("local", "s"), severity=Severity.WARN),
    }
    judge = says(found("defensive"), found("ignores_issue", None), found("defensive", "I'm sorry"))
    report = await Guard(LAMPWICK, local, judge=judge).check(context(REPLY))
    told = [(f.check, f.message, f.span.text) for f in report.findings]
    assert sorted(told, key=str) == [
        ("defensive", "It argues.", "I'm sorry"),
        ("defensive", "local", "records"),
        ("ignores_issue", "local", None),
    ]


@pytest.mark.parametrize("words", ["Our records prove it.", "our records show", "", " ", None])
async def test_words_that_are_not_in_the_reply_are_dropped(words: str | None) -> None:
    judge = says(found("defensive", words), found("unheard_of"))
    report = await Guard(LAMPWICK, CLEAN, judge=judge).check(context(REPLY))
    assert (report.verdict, report.findings) == (Verdict.PASS, ())


async def test_a_judge_that_fails_leaves_the_local_report() -> None:
    guard = Guard(LAMPWICK, CLEAN, judge=FixedJudge(ValueError("customer text")))
    report = await guard.check(context(REPLY))
    assert (report.verdict, report.findings, report.checks_run) == (
        Verdict.PASS,
        (),
        tuple(CLEAN),
    )


async def test_a_judge_that_answered_in_part_adds_that_part_and_is_not_named() -> None:
    judge = says(found("defensive"), complete=False)
    report = await Guard(LAMPWICK, CLEAN, judge=judge).check(context(REPLY))
    assert (len(report.findings), report.checks_run) == (1, tuple(CLEAN))


async def test_a_text_of_the_brands_own_can_go_unjudged() -> None:
    judge = says(found("defensive"))
    report = await Guard(LAMPWICK, CLEAN, judge=judge).check(context(REPLY), judged=False)
    assert (report.findings, judge.asked, report.checks_run) == ((), [], tuple(CLEAN))


async def test_the_pools_guards_share_its_judge() -> None:
    judge = says()
    only = brand(**dict.fromkeys(set(CHECKS) - {"too_long"}, "off"))
    report = await (await GuardPool(judge=judge).of(only)).check(context(REPLY))
    assert report.checks_run == ("too_long", "judge")
    assert judge.asked == [("too_long",)]
