"""Copies of recent replies, and replies that could stand under any complaint."""

import time

import pytest

from service.domain.checks import Severity
from service.domain.triage import MoveKind
from service.guards.canned import find_canned, fingerprint
from tests.guards.factories import context

OLD = (
    "Hi Anna, I'm so sorry your lamp arrived with a cracked shade. That should never have left our "
    "warehouse. Send me a direct message and I'll write back by 18:00 on Tuesday. Tom"
)
OTHERS = (
    "Sorry about the wobbly table at number nine, Marek. I had it swapped this morning. Ola",
    "Ten minutes on hold and then cut off would annoy me too. I've asked the phone team why.",
)


def severity(reply: str, *recent: str, language: str = "en") -> Severity | None:
    """The severity of the first finding, None without one."""
    hits = list(find_canned(context(reply, recent=recent, language=language)))
    return hits[0].severity if hits else None


@pytest.mark.parametrize(
    "swap",
    [
        {"Anna": "Benedict", "Tom": "Ola"},
        {"Anna": "Ben", "18:00 on Tuesday": "9:30 on Friday"},
        {"I'm so sorry": "I'm really sorry", "Anna": "Jo"},
    ],
)
def test_a_copy_with_names_and_times_swapped_blocks(swap: dict[str, str]) -> None:
    reply = OLD
    for was, now in swap.items():
        reply = reply.replace(was, now)
    (hit, *_) = find_canned(context(reply, recent=(*OTHERS, OLD)))
    assert hit.severity is Severity.BLOCK
    assert (hit.start, hit.end) == (0, len(reply))
    assert hit.evidence == OLD[:200]


def test_the_same_build_with_another_middle_warns() -> None:
    reply = (
        "Hi Ben, I'm so sorry your kettle came without its lid. That should never have left our "
        "warehouse. Send me a direct message and I'll write back by 10:00 on Friday. Tom"
    )
    assert severity(reply, OLD) is Severity.WARN


def test_the_same_matter_in_new_words_passes() -> None:
    reply = (
        "A crack right through the shade, and on your first evening with it: sorry, Ben. If you "
        "message me a photo I can tell you by noon tomorrow what happens next. Tom"
    )
    assert severity(reply, OLD, *OTHERS) is None


def test_a_short_reply_copies_nobody() -> None:
    assert severity("Glad the lamp works, Anna!", "Glad the lamp works, Ben!") is None


def test_published_terms_may_be_said_again() -> None:
    terms = (
        "Insults are not accepted on our pages, please read the community terms. The lamp first."
    )
    (hit,) = find_canned(context(terms, recent=(terms,), move=MoveKind.BOUNDARY_STATEMENT))
    assert hit.severity is Severity.WARN


@pytest.mark.parametrize(
    ("language", "reply"),
    [
        ("en", "We're sorry to hear about your experience. Please send us a DM so we can help."),
        ("en", "Thank you for your feedback! We take this very seriously and will look into it."),
        ("pl", "Dzień dobry, przykro nam z powodu tej sytuacji. Prosimy o kontakt w wiadomości."),
        ("es", "Hola, lamentamos las molestias. Escríbenos por mensaje directo para ayudarte."),
        ("de", "Hallo, das tut uns leid. Bitte schicke uns eine Nachricht, wir kümmern uns gern."),
    ],
)
def test_a_text_for_any_complaint_warns(language: str, reply: str) -> None:
    assert severity(reply, language=language) is Severity.WARN


@pytest.mark.parametrize(
    ("language", "reply"),
    [
        ("en", "Sorry about the broken lamp. I'm looking into it now."),
        ("en", "A lamp should not come in pieces. DM me a photo?"),
        ("en", "I'll be back here by 18:00 tomorrow with what the depot says."),
        ("pl", "Przykro mi z powodu lampy, sprawdzę to jeszcze dzisiaj."),
        ("es", "Siento lo de la lámpara, lo miro hoy mismo."),
        ("de", "Das mit der Lampe tut mir leid, ich prüfe das heute noch."),
    ],
)
def test_short_but_about_this_case_passes(language: str, reply: str) -> None:
    complaint = {
        "pl": "Lampa przyszła rozbita.", "es": "La lámpara llegó rota.",
        "de": "Die Lampe kam zerbrochen an.",
    }.get(language, "My lamp arrived broken and nobody answers.")  # fmt: skip
    assert not list(find_canned(context(reply, language=language, complaint=complaint)))


def test_ten_thousand_recent_replies_are_compared_in_no_time() -> None:
    recent = tuple(f"{OLD} {chr(97 + number % 26) * 3} case {number}" for number in range(10_000))
    for text in recent[:200]:
        fingerprint(text)
    asked = context(OTHERS[0] + " " + OTHERS[1], recent=recent)
    list(find_canned(asked))
    begun = time.perf_counter()
    list(find_canned(asked))
    assert time.perf_counter() - begun < 0.1  # 20 ms on an idle machine
