"""What is written unasked: every variant we ship passes our own checks."""

import re
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from service.domain.brand import Brand
from service.domain.thread import Case, KnownFact
from service.domain.triage import (
    DeadlineClass,
    Issue,
    Kind,
    Move,
    MoveKind,
    Sensitivity,
    Span,
    Triage,
)
from service.followup.unasked import unasked_replies
from tests.guards.factories import LAMPWICK
from tests.guards.written_ahead import COMPLAINTS, found_in

NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
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
    told = {"channel": "facebook", "thread_id": thread_id, "complaint": COMPLAINTS[language]}
    case = Case.model_validate({**told, **fields})
    return unasked_replies(brand, case, triage(language, move), language=language, now=NOW)


def triage(language: str, move: MoveKind, *sensitivities: Sensitivity) -> Triage:
    said = COMPLAINTS[language]
    span = Span(start=0, end=len(said), text=said)
    return Triage(
        kind=Kind.COMPLAINT,
        language=language,
        sensitivities=sensitivities,
        issues=(Issue(text=said, span=span),),
        move=Move(kind=move, reason=""),
        deadline_class=DeadlineClass.NORMAL,
    )


def due(language: str, *, late: bool, progress: bool, private: bool = False) -> dict[str, Any]:
    fact = {"text": PROGRESS[language], "private": private}
    when = NOW + timedelta(hours=-2 if late else 2)
    return {"what": "I'll write here.", "due_at": when, "progress": fact if progress else None}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "late", "progress"), list(product(COMPLAINTS, (True, False), (True, False)))
)
async def test_every_follow_up_passes_our_checks(language: str, late: bool, progress: bool) -> None:
    told = due(language, late=late, progress=progress)
    variants = replies(language, MoveKind.FOLLOW_UP, due=told)
    assert len(variants) == 3
    for reply in variants:
        found = await found_in(
            reply.text,
            triage(language, MoveKind.FOLLOW_UP),
            complaint=COMPLAINTS[language],
            channel="facebook",
            known=[PROGRESS[language]] if progress else [],
        )
        assert not found, (reply.text, found)
        assert (PROGRESS[language] in reply.text) == progress
        assert bool(reply.commitments) != progress
        assert any(word in reply.text.lower() for word in SORRY) == late
        assert not any(word in reply.text.lower() for word in EXCUSES)


EXCHANGED = {
    "en": "dryer exchanged",
    "pl": "suszarka wymieniona na nową",
    "es": "secadora cambiada por una nueva",
    "de": "trockner getauscht",
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "what"), list(product(COMPLAINTS, (PROGRESS, EXCHANGED, None)))
)
async def test_every_closing_update_passes_our_checks(
    language: str, what: dict[str, str] | None
) -> None:
    resolved = KnownFact(text=(what or PROGRESS)[language], private=what is None)
    variants = replies(language, MoveKind.CLOSING_UPDATE, resolved=resolved)
    assert len(variants) == (6 if language == "en" else 3)
    for reply in variants:
        found = await found_in(
            reply.text,
            triage(language, MoveKind.CLOSING_UPDATE),
            complaint=COMPLAINTS[language],
            channel="facebook",
            resolved=resolved,
        )
        assert not found, (reply.text, found)
        assert (resolved.text.lower() in reply.text.lower()) == (what is not None)
        assert not reply.commitments


@pytest.mark.parametrize("language", COMPLAINTS)
def test_nobody_reads_their_own_post_as_a_title_nor_good_cheer(language: str) -> None:
    resolved = {"text": PROGRESS[language]}
    texts = [
        *written(language, MoveKind.FOLLOW_UP, due=due(language, late=True, progress=True)),
        *written(language, MoveKind.CLOSING_UPDATE, resolved=resolved),
    ]
    for text in texts:
        assert COMPLAINTS[language].rstrip(".") not in text
        assert not re.search("good news|dobra wiadomość|buena noticia|gute nachricht", text.lower())


def test_a_closing_is_sorry_for_what_went_wrong_in_the_customers_words() -> None:
    first, *_, last = written(
        "en", MoveKind.CLOSING_UPDATE, resolved={"text": "x", "private": True}
    )
    assert "I'm sorry" in first
    assert "lamp" in first
    assert "lamp" not in last
    assert all("thank" in text.lower() for text in (first, last))


def test_who_was_in_danger_waits_hours_for_the_next_word_too() -> None:
    asked = Case.model_validate(
        {
            "complaint": COMPLAINTS["en"],
            "due": due("en", late=False, progress=False),
        }
    )
    unsafe = triage("en", MoveKind.FOLLOW_UP, Sensitivity.SAFETY)
    for reply in unasked_replies(LAMPWICK, asked, unsafe, language="en", now=NOW):
        assert "within two hours" in reply.text


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
    finnish = Triage(
        kind=Kind.COMPLAINT,
        language="fi",
        move=Move(kind=MoveKind.FOLLOW_UP, reason=""),
        deadline_class=DeadlineClass.NORMAL,
    )
    assert unasked_replies(LAMPWICK, case, finnish, language="fi", now=NOW) == []
