"""Every check: its id, its default severity and its function. CHECKS.md says what
each one means; a new check is one function and one line here."""

from service.domain.checks import Severity
from service.guards.boundary import find_missing_boundary
from service.guards.canned import find_canned
from service.guards.claims import find_promise_without_date
from service.guards.context import Check
from service.guards.form import mentions_deletion, placeholder_left, too_long
from service.guards.grounding import (
    find_contradictions,
    find_ungrounded_promises,
    find_ungrounded_specifics,
)
from service.guards.injection import obeys_injection
from service.guards.language import find_wrong_language
from service.guards.links import unlisted_link
from service.guards.missing import (
    find_ignored_issues,
    find_missing_apology,
    find_missing_next_step,
    find_missing_thanks,
)
from service.guards.placing import speaks_as_customer
from service.guards.privacy import (
    asks_private_data_publicly,
    exposes_personal_data,
    off_platform_move,
)
from service.guards.tone import (
    find_admits_legal_liability,
    find_ai_tell,
    find_blames_customer,
    find_corporate_we,
    find_defensive,
    find_hate_or_profanity,
    find_non_apology,
    find_sarcasm_or_emotional,
)

_BLOCK, _WARN, _INFO = Severity.BLOCK, Severity.WARN, Severity.INFO

CHECKS: dict[str, Check] = {
    # tone
    "defensive": Check(_BLOCK, find_defensive, 2, reads=True),
    "blames_customer": Check(_BLOCK, find_blames_customer, 2, reads=True),
    "non_apology": Check(_WARN, find_non_apology, 2, reads=True),
    "sarcasm_or_emotional": Check(_WARN, find_sarcasm_or_emotional, 2, reads=True),
    "hate_or_profanity": Check(_BLOCK, find_hate_or_profanity, 2),
    "admits_legal_liability": Check(_BLOCK, find_admits_legal_liability, 2, reads=True),
    "ai_tell": Check(_WARN, find_ai_tell, 2, reads=True),
    "corporate_we": Check(_WARN, find_corporate_we, 2),
    "canned": Check(_WARN, find_canned, 2, reads=True),
    # facts
    "ungrounded_specific": Check(_BLOCK, find_ungrounded_specifics, 4, reads=True),
    "contradicts_policy": Check(_BLOCK, find_contradictions, 2, reads=True),
    "ungrounded_promise": Check(_BLOCK, find_ungrounded_promises, 3, reads=True),
    "promise_without_date": Check(_WARN, find_promise_without_date, reads=True),
    # what is missing
    "ignores_issue": Check(_WARN, find_ignored_issues, reads=True),
    "missing_apology": Check(_WARN, find_missing_apology, reads=True),
    "missing_next_step": Check(_WARN, find_missing_next_step, reads=True),
    "missing_thanks": Check(_INFO, find_missing_thanks, reads=True),
    # privacy
    "asks_private_data_publicly": Check(_BLOCK, asks_private_data_publicly, 2),
    "exposes_personal_data": Check(_BLOCK, exposes_personal_data, 2),
    "off_platform_move": Check(_BLOCK, off_platform_move, 2),
    # form
    "wrong_language": Check(_BLOCK, find_wrong_language, 2),
    "too_long": Check(_WARN, too_long, 2),
    "unlisted_link": Check(_BLOCK, unlisted_link, 2),
    "placeholder_left": Check(_BLOCK, placeholder_left, 2),
    "mentions_deletion": Check(_BLOCK, mentions_deletion, 3, reads=True),
    # whose voice
    "obeys_injection": Check(_BLOCK, obeys_injection, 2),
    "speaks_as_customer": Check(_BLOCK, speaks_as_customer, 3, reads=True),
    "missing_boundary": Check(_BLOCK, find_missing_boundary, 2, reads=True),
}
"""The checks, in the order in which they run."""
