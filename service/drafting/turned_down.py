"""What a person turned down: a redraft is held against it, so that another text comes.

Where none can be made the same text is held again and says so: a holding reply would be worse.
"""

from collections.abc import Sequence

from service.domain.checks import CheckReport, Finding, Severity, verdict_of
from service.domain.review import Rejection
from service.domain.thread import Case
from service.domain.triage import Span
from service.guards.canned import alike
from service.text.folding import fold
from service.text.sentences import split_sentences

_SAME = 0.85
"""Share of common text: two words changed are the same text, another sentence makes another."""
_AGAIN = "This is the very text that a person turned down"
_WRITE_ANOTHER = "Write another one, with another beginning."
_NO_OTHER = "No other could be made: edit it, or write your own."


def is_again(text: str, rejections: Sequence[Rejection]) -> bool:
    """Whether it is what was turned down, or what that began with."""
    told = [rejection.reply for rejection in rejections]
    told += [split_sentences(reply)[0].text for reply in told if split_sentences(reply)]
    if fold(text) in map(fold, told):
        return True
    return bool(told) and float(alike(text, tuple(told)).max()) >= _SAME


def held_against(
    report: CheckReport, text: str, rejections: Sequence[Rejection], severity: Severity
) -> CheckReport:
    """The report with a finding more where a person turned this very text down."""
    if not is_again(text, rejections):
        return report
    blocks = severity is Severity.BLOCK
    finding = Finding(
        check="canned",
        severity=severity,
        message=f"{_AGAIN}.",
        span=Span(start=None, end=None, text=None),
        suggestion=_WRITE_ANOTHER if blocks else _NO_OTHER,
    )
    return _with(report, (*report.findings, finding))


def says_again(finding: Finding) -> bool:
    """Whether all that is wrong is that the text was turned down before."""
    return finding.message.startswith(_AGAIN)


def allowed(report: CheckReport) -> CheckReport:
    """As `report` where no other text could be made: that it is the same warns a person only."""
    change = {"severity": Severity.WARN, "suggestion": _NO_OTHER}
    found = (one.model_copy(update=change) if says_again(one) else one for one in report.findings)
    return _with(report, tuple(found))


def with_reasons(case: Case, rejections: Sequence[Rejection]) -> Case:
    """The case as a model is asked that understands why a person turned its draft down."""
    reasons = [one.reason.strip() for one in rejections if one.reason and one.reason.strip()]
    if not reasons:
        return case
    told = f"An earlier draft was turned down, so write another one. The reason: {reasons[0]}"
    instruction = f"{case.options.instruction or ''} {told}".strip()
    options = case.options.model_copy(update={"instruction": instruction})
    return case.model_copy(update={"options": options})


def _with(report: CheckReport, findings: tuple[Finding, ...]) -> CheckReport:
    return report.model_copy(update={"findings": findings, "verdict": verdict_of(findings)})
