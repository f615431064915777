"""What a check reports: findings with a span, a reason and a suggestion, and one verdict."""

from enum import StrEnum

from service.domain.base import Frozen
from service.domain.triage import Span


class Severity(StrEnum):
    """How grave a finding is; `off` silences the check."""

    OFF = "off"
    INFO = "info"
    WARN = "warn"
    BLOCK = "block"


class Verdict(StrEnum):
    """What a report says in one word: its gravest finding, where info never counts."""

    PASS = "pass"  # noqa: S105 (a verdict, no secret)
    WARN = "warn"
    BLOCK = "block"


class Finding(Frozen):
    """What a check found: where, why in a support lead's words, and what to do instead."""

    check: str
    severity: Severity
    message: str
    span: Span
    suggestion: str
    evidence: str | None = None


class Citation(Frozen):
    """A sentence of the reply and the policy passage that carries it."""

    sentence: str
    policy_id: str
    policy_version: str


class CheckReport(Frozen):
    """All findings on one reply."""

    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    checks_run: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()

    @property
    def blocks(self) -> tuple[Finding, ...]:
        """The findings that must not be posted."""
        return tuple(f for f in self.findings if f.severity is Severity.BLOCK)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings that a light edit mends."""
        return tuple(f for f in self.findings if f.severity is Severity.WARN)


CHECK_IDS = frozenset(
    {
        *("defensive", "blames_customer", "non_apology", "sarcasm_or_emotional", "canned"),
        *("ignores_issue", "ungrounded_specific", "contradicts_policy", "ungrounded_promise"),
        *("promise_without_date", "asks_private_data_publicly", "exposes_personal_data"),
        *("off_platform_move", "unlisted_link", "wrong_language", "too_long"),
        *("hate_or_profanity", "admits_legal_liability", "obeys_injection", "speaks_as_customer"),
        *("placeholder_left", "mentions_deletion", "missing_boundary", "ai_tell", "corporate_we"),
        *("missing_apology", "missing_next_step", "missing_thanks"),
    }
)
"""Every id that the contract knows; the registry of the guards says which ones run."""


def verdict_of(findings: tuple[Finding, ...]) -> Verdict:
    """The gravest finding as a verdict."""
    severities = {finding.severity for finding in findings}
    if Severity.BLOCK in severities:
        return Verdict.BLOCK
    return Verdict.WARN if Severity.WARN in severities else Verdict.PASS
