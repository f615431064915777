"""The registry lists what CHECKS.md promises."""

from service.domain.checks import CHECK_IDS, Severity
from service.guards.registry import CHECKS

BLOCK = {
    "defensive", "blames_customer", "ungrounded_specific", "contradicts_policy",
    "ungrounded_promise", "asks_private_data_publicly", "exposes_personal_data",
    "off_platform_move", "unlisted_link", "wrong_language", "hate_or_profanity",
    "admits_legal_liability", "obeys_injection", "speaks_as_customer", "placeholder_left",
    "mentions_deletion", "missing_boundary",
}  # fmt: skip
WARN = {
    "non_apology", "sarcasm_or_emotional", "canned", "too_long", "ai_tell", "corporate_we",
    "ignores_issue", "promise_without_date", "missing_apology", "missing_next_step",
}  # fmt: skip
INFO = {"missing_thanks"}


def test_every_check_of_the_contract_runs_with_its_severity() -> None:
    listed = {name: check.severity for name, check in CHECKS.items()}
    assert {name for name, grave in listed.items() if grave is Severity.BLOCK} == BLOCK
    assert {name for name, grave in listed.items() if grave is Severity.WARN} == WARN
    assert {name for name, grave in listed.items() if grave is Severity.INFO} == INFO
    assert set(listed) == CHECK_IDS


def test_a_check_is_a_function_with_one_line_of_words() -> None:
    assert all(check.find.__doc__ for check in CHECKS.values())
