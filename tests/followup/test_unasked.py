"""What is written unasked: every variant we ship passes our own checks."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from service.domain.brand import Brand
from service.domain.thread import Case
from service.domain.triage import DeadlineClass, Issue, Kind, Move, MoveKind, Span, Triage
from service.followup.unasked import unasked_replies
from service.guards.guard import Guard
from tests.guards.factories import LAMPWICK, context

NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
COMPLAINTS = {
    "en": "My lamp came broken and nobody answers.",
    "pl": "Lampa przyszła rozbita i nikt nie odpowiada.",
    "es": "La lámpara llegó rota y nadie contesta.",
    "de": "Die Lampe kam zerbrochen an und keiner antwortet.",
}
PROGRESS = {
    "en": "The new lamp left our workshop on Monday and the courier has it.",
    "pl": "Nowa lampa wyjechała z warsztatu w poniedziałek i ma ją kurier.",
    "es": "La lámpara nueva salió del taller el lunes y la tiene el mensajero.",
    "de": "Die neue Lampe hat die Werkstatt am Montag verlassen und ist beim Kurier.",
}
SORRY = ("sorry", "przepraszam", "siento", "perdona", "leid", "entschuldigung")
EXCUSES = ("unfortunately", "because", "niestety", "desgraciadamente", "leider", "weil", "busy")


def written(
    language: str, move: MoveKind, brand: Brand = LAMPWICK, thread_id: str = "t1", **fields: Any
) -> list[str]:
    """Every variant for this thread."""
    return [reply.text for reply in replies(language, move, brand, thread_id, **fields)]


def replies(
    language: str, move: MoveKind, brand: Brand = LAMPWICK, thread_id: str = "t1", **fields: Any
) -> list[Any]:
    said = COMPLAINTS[language]
    span = Span(start=0, end=len(said), text=said)
    triage = Triage(
        kind=Kind.COMPLAINT,
        language=language,
        issues=(Issue(text=said, span=span),),
        move=Move(kind=move, reason=""),
        deadline_class=DeadlineClass.NORMAL,
    )
    case = Case.model_validate(
        {"channel": "facebook", "thread_id": thread_id, "complaint": said, **fields}
    )
    return unasked_replies(brand, case, triage, language=language, now=NOW)


def due(language: str, *, late: bool, progress: bool, private: bool = False) -> dict[str, Any]:
    fact = {"text": PROGRESS[language], "private": private}
    when = NOW + timedelta(hours=-2 if late else 2)
    return {"what": "I'll write here.", "due_at": when, "progress": fact if progress else None}


@pytest.mark.parametrize(
    ("language", "late", "progress"), list(product(COMPLAINTS, (True, False), (True, False)))
)
async def test_every_follow_up_passes_our_checks(language: str, late: bool, progress: bool) -> None:
    told = due(language, late=late, progress=progress)
    guard = Guard(LAMPWICK)
    variants = replies(language, MoveKind.FOLLOW_UP, due=told)
    assert len(variants) == 6
    for reply in variants:
        known = [PROGRESS[language]] if progress else []
        report = await guard.check(
            context(
                reply.text,
                complaint=COMPLAINTS[language],
                language=language,
                channel="facebook",
                known=known,
                move=MoveKind.FOLLOW_UP,
            )
        )
        found = {finding.check: finding.message for finding in report.findings}
        assert set(found) <= {"canned"}, (reply.text, found)
        assert (PROGRESS[language] in reply.text) == progress
        assert bool(reply.commitments) != progress
        assert any(word in reply.text.lower() for word in SORRY) == late
        assert not any(word in reply.text.lower() for word in EXCUSES)


@pytest.mark.parametrize(("language", "told"), list(product(COMPLAINTS, (True, False))))
async def test_every_closing_update_passes_our_checks(language: str, told: bool) -> None:
    resolved = {"text": PROGRESS[language], "private": not told}
    guard = Guard(LAMPWICK)
    variants = replies(language, MoveKind.CLOSING_UPDATE, resolved=resolved)
    assert len(variants) == 6
    for reply in variants:
        report = await guard.check(
            context(
                reply.text,
                complaint=COMPLAINTS[language],
                language=language,
                channel="facebook",
                resolved=Case.model_validate({"complaint": "x", "resolved": resolved}).resolved,
                move=MoveKind.CLOSING_UPDATE,
            )
        )
        found = {finding.check: finding.message for finding in report.findings}
        assert set(found) <= {"canned"}, (reply.text, found)
        assert (PROGRESS[language] in reply.text) == told
        assert not reply.commitments


def test_a_promise_made_again_is_a_sentence_with_its_time() -> None:
    told = due("en", late=False, progress=False)
    (promise,) = replies("en", MoveKind.FOLLOW_UP, due=told)[0].commitments
    assert "18:00 the next working day" in promise.what
    assert promise.due_at.isoformat()[:16] == "2026-11-23T17:00"  # 18:00 in Warsaw


def test_what_may_not_be_said_is_left_out() -> None:
    private = due("en", late=False, progress=True, private=True)
    foreign = {**due("pl", late=False, progress=True)}
    for told in (private, foreign):
        for text in written("en", MoveKind.FOLLOW_UP, due=told):
            assert PROGRESS["en"] not in text
            assert PROGRESS["pl"] not in text
            assert "18:00" in text


def test_threads_take_turns_and_a_rerun_says_the_same() -> None:
    told = due("en", late=True, progress=False)
    firsts = [
        written("en", MoveKind.FOLLOW_UP, thread_id=f"t{number}", due=told)[0]
        for number in range(12)
    ]
    again = written("en", MoveKind.FOLLOW_UP, thread_id="t0", due=told)[0]
    assert len(set(firsts)) >= 5
    assert again == firsts[0]


def test_a_language_nobody_wrote_for_has_none() -> None:
    told = due("en", late=True, progress=False)
    case = Case.model_validate({"complaint": "Lamppu on rikki.", "due": told})
    triage = Triage(
        kind=Kind.COMPLAINT,
        language="fi",
        move=Move(kind=MoveKind.FOLLOW_UP, reason=""),
        deadline_class=DeadlineClass.NORMAL,
    )
    assert unasked_replies(LAMPWICK, case, triage, language="fi", now=NOW) == []
