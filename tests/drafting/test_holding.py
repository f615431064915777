"""Holding replies: every one we ship passes our own checks."""

import re
from datetime import UTC, datetime
from itertools import product

import pytest

from service.domain.triage import DeadlineClass, Kind, Move, MoveKind, Sensitivity, Triage
from service.drafting.holding import holding_replies
from service.guards.guard import Guard
from tests.guards.factories import LAMPWICK, context

NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
PRAISE = {
    "en": "Lovely lamp, and it came a day early!",
    "pl": "Piękna lampa i przyszła dzień wcześniej!",
    "es": "Preciosa la lámpara, ¡y llegó un día antes!",
    "de": "Tolle Lampe, und sogar einen Tag früher da!",
}
KINDS = (Kind.COMPLAINT, Kind.COMPLIMENT, Kind.QUESTION, Kind.MIXED)
COMPLAINTS = {
    "en": "My lamp came broken and nobody answers.",
    "pl": "Lampa przyszła rozbita i nikt nie odpowiada.",
    "es": "La lámpara llegó rota y nadie contesta.",
    "de": "Die Lampe kam zerbrochen an und keiner antwortet.",
}


def triage(kind: Kind, language: str) -> Triage:
    return Triage(
        kind=kind,
        language=language,
        move=Move(kind=MoveKind.PUBLIC_REPLY, reason=""),
        deadline_class=DeadlineClass.NORMAL,
    )


@pytest.mark.parametrize(("kind", "language"), list(product(KINDS, COMPLAINTS)))
async def test_what_we_ship_passes_our_own_checks(kind: Kind, language: str) -> None:
    guard = Guard(LAMPWICK)
    found = holding_replies(LAMPWICK, triage(kind, language), language=language, recent=(), now=NOW)
    assert len(found) >= 2
    for reply in found:
        said = (PRAISE if kind is Kind.COMPLIMENT else COMPLAINTS)[language]
        report = await guard.check(context(reply.text, complaint=said, language=language))
        # That it could stand under other complaints too is what makes it a holding reply.
        assert {finding.check for finding in report.findings} <= {"canned"}, reply.text
        assert ("18" in reply.text) == bool(reply.commitments)


def test_the_newest_is_not_said_again_and_the_oldest_comes_first() -> None:
    asked = triage(Kind.COMPLAINT, "en")
    one, two, three = (
        reply.text for reply in holding_replies(LAMPWICK, asked, language="en", recent=(), now=NOW)
    )
    again = holding_replies(LAMPWICK, asked, language="en", recent=(three, one), now=NOW)
    assert [reply.text for reply in again] == [two, one]


def test_a_language_nobody_wrote_for_has_none() -> None:
    assert not holding_replies(
        LAMPWICK, triage(Kind.COMPLAINT, "fi"), language="fi", recent=(), now=NOW
    )


OFF = {
    "en": "us(?:e|ing) it",
    "pl": "używać|włączaj",
    "es": "us(?:arlo|es)",
    "de": "benutzen|einschalten",
}


@pytest.mark.parametrize("language", COMPLAINTS)
async def test_what_may_hurt_somebody_is_to_be_switched_off(language: str) -> None:
    unsafe = triage(Kind.COMPLAINT, language).model_copy(
        update={"sensitivities": (Sensitivity.SAFETY,)}
    )
    guard = Guard(LAMPWICK)
    found = holding_replies(LAMPWICK, unsafe, language=language, recent=(), now=NOW)
    assert len(found) == 2
    for reply in found:
        assert re.search(OFF[language], reply.text)
        assert reply.commitments
        report = await guard.check(
            context(reply.text, complaint=COMPLAINTS[language], language=language)
        )
        assert {finding.check for finding in report.findings} <= {"canned"}, reply.text
