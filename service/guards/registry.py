"""Every deterministic check: its id, its default severity and its function. CHECKS.md says what
each one means; a new check is one function and one line here."""

from service.domain.checks import Severity
from service.guards.boundary import find_missing_boundary
from service.guards.canned import find_canned
from service.guards.context import Check
from service.guards.form import mentions_deletion, placeholder_left, too_long
from service.guards.grounding import find_ungrounded_specifics
from service.guards.injection import obeys_injection
from service.guards.language import find_wrong_language
from service.guards.links import unlisted_link
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

_BLOCK, _WARN = Severity.BLOCK, Severity.WARN

CHECKS: dict[str, Check] = {
    # tone
    "defensive": Check(_BLOCK, find_defensive),
    "blames_customer": Check(_BLOCK, find_blames_customer),
    "non_apology": Check(_WARN, find_non_apology),
    "sarcasm_or_emotional": Check(_WARN, find_sarcasm_or_emotional),
    "hate_or_profanity": Check(_BLOCK, find_hate_or_profanity),
    "admits_legal_liability": Check(_BLOCK, find_admits_legal_liability),
    "ai_tell": Check(_WARN, find_ai_tell),
    "corporate_we": Check(_WARN, find_corporate_we),
    "canned": Check(_WARN, find_canned),
    # facts
    "ungrounded_specific": Check(_BLOCK, find_ungrounded_specifics),
    # privacy
    "asks_private_data_publicly": Check(_BLOCK, asks_private_data_publicly),
    "exposes_personal_data": Check(_BLOCK, exposes_personal_data),
    "off_platform_move": Check(_BLOCK, off_platform_move),
    # form
    "wrong_language": Check(_BLOCK, find_wrong_language),
    "too_long": Check(_WARN, too_long),
    "unlisted_link": Check(_BLOCK, unlisted_link),
    "placeholder_left": Check(_BLOCK, placeholder_left),
    "mentions_deletion": Check(_BLOCK, mentions_deletion),
    # whose voice
    "obeys_injection": Check(_BLOCK, obeys_injection),
    "speaks_as_customer": Check(_BLOCK, speaks_as_customer),
    "missing_boundary": Check(_BLOCK, find_missing_boundary),
}
"""The checks that need no model, in the order in which they run."""
