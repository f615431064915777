"""How a reply speaks: what must be stopped, and the good replies that look like it."""

import time
from collections.abc import Callable, Iterable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.guards import tone
from service.guards.context import CheckContext, Hit
from tests.guards.factories import context
from tests.guards.good_replies import GOOD
from tests.guards.tone_samples import BAD

Find = Callable[[CheckContext], Iterable[Hit]]
TONE: dict[str, Find] = {
    "defensive": tone.find_defensive,
    "blames_customer": tone.find_blames_customer,
    "non_apology": tone.find_non_apology,
    "sarcasm_or_emotional": tone.find_sarcasm_or_emotional,
    "hate_or_profanity": tone.find_hate_or_profanity,
    "ai_tell": tone.find_ai_tell,
    "corporate_we": tone.find_corporate_we,
    "admits_legal_liability": tone.find_admits_legal_liability,
}
# Irony without a marker and a tip without a tip's words: phrases alone cannot see them.
BEYOND_PHRASES = {
    "Glad to hear our parcels enjoy seeing the world before they reach you.",
    "As the confirmation said, the gate closes 30 minutes before, so leaving home earlier helps.",
}


def found(check: str, reply: str, language: str = "en", **case: str) -> list[str]:
    """The words that a check marks."""
    hits = TONE[check](context(reply, language=language, complaint=case.get("complaint", "Bad.")))
    return [reply[hit.start : hit.end] for hit in hits]


@pytest.mark.parametrize(("check", "language", "reply"), BAD)
def test_a_bad_reply_is_stopped_by_its_check(check: str, language: str, reply: str) -> None:
    assert bool(found(check, reply, language)) is (reply not in BEYOND_PHRASES)


@pytest.mark.parametrize(("language", "reply"), GOOD)
def test_a_good_reply_passes_every_check_of_tone(language: str, reply: str) -> None:
    stopped = {check: found(check, reply, language) for check in TONE}
    assert not any(stopped.values()), stopped


def test_the_span_is_the_phrase_itself_and_the_words_help() -> None:
    reply = "Sorry, Anna. Twenty minutes is hardly a long wait at all."
    (hit,) = tone.find_defensive(context(reply))
    assert reply[hit.start : hit.end] == "hardly a long"
    assert hit.message
    assert hit.suggestion


@pytest.mark.parametrize(
    ("check", "reply"),
    [
        ("defensive", "You wrote \"it's not our fault\" was the answer you got. I'm sorry, Ben."),
        ("non_apology", "“Sorry for any inconvenience” is no answer, and I'm sorry you got it."),
        ("admits_legal_liability", "You call it “negligence on our side”; I'll find out, Ben."),
        ("corporate_we", "“We at Lampwick are sorry” helps nobody. I'll ring you at four."),
    ],
)
def test_words_that_the_reply_quotes_are_not_its_own(check: str, reply: str) -> None:
    assert not found(check, reply)


def test_a_reply_that_a_model_wrapped_in_quotes_is_still_read() -> None:
    assert found("defensive", '"That\'s not our fault, the courier is to blame."')


def test_a_rule_may_answer_a_question_but_not_a_complaint() -> None:
    reply = "Our policy is strict: 30 days, unused, in the box."
    assert not found("defensive", reply, complaint="Can I return a lamp after six weeks?")
    assert found("defensive", reply, complaint="You refused my lamp! Six weeks, so what?!")


@pytest.mark.parametrize(
    "reply",
    [
        "f*cking late", "sh1t", "shiiiit", "f.u.c.k", "f u c k", "fu\u200bck", "$hit", "k***a",
        "kurwaaa", "pierdolę", "m1erda", "gilipollas", "Scheißtag", "fick dich", "a$$hole",
    ],
)  # fmt: skip
def test_a_foul_word_is_seen_through_its_disguise(reply: str) -> None:
    assert found("hate_or_profanity", f"Well, {reply} then.")


@pytest.mark.parametrize(
    ("language", "reply"),
    [
        ("en", "The Scunthorpe shop opens at ten. Assets, classes, cocktails and Mr Dickens too."),
        ("en", "Order LMP-4551, 455 pieces, model B17CH4, ends in ****1234."),
        ("en", "That kind of language isn't okay here, please leave it out."),
        ("en", "It is *as* bright **as** the old one."),
        ("en", "The **shade** is new. S.O.S. is not our style, i.e. we answer."),
        ("en", "Our fickle weather soaked the shiitake box from Arsenal Street."),
        ("pl", "Kurczak z Kurowa, bambusowy klosz i pedały do roweru."),
        ("es", "La lámpara negra del salón chino y el mono de trabajo."),
        ("de", "Der Fahrer nahm das Pack Ersatzlampen; ein Ass im Kofferpacken."),
        ("fr", "Désolé pour le retard, les retards sont longs."),
    ],
)
def test_innocent_words_stay(language: str, reply: str) -> None:
    assert not found("hate_or_profanity", reply, language)


def test_the_customers_slur_is_not_repeated_even_in_quotes() -> None:
    abuse = "Your call centre monkeys should go home."
    reply = "Calling my colleagues “monkeys” is not okay."
    assert found("hate_or_profanity", reply, complaint=abuse) == ["monkeys"]
    assert not found(
        "hate_or_profanity", "The toy monkeys ship today.", complaint="Where are they?"
    )


@pytest.mark.parametrize(
    ("language", "reply", "stopped"),
    [
        ("en", "I'm sorry about the shade. We take unused lamps back for 30 days.", False),
        ("en", "Sorry about the shade! Unused lamps go back for 30 days.", False),
        ("en", "I've told the on-call team.", False),
        ("en", "I'll look today.\nLampwick", True),
        ("pl", "Przekazałam to do zespołu technicznego.", False),
        ("pl", "W imieniu firmy przepraszam.", True),
        ("es", "Lo miro con el equipo técnico.", False),
        ("es", "Lo miro hoy. Equipo Lampwick", True),
        ("de", "Ich frage das Technik-Team.", False),
        ("de", "Wir bei Lampwick bedauern das. Ich melde mich.", True),
    ],
)
def test_a_person_speaks(language: str, reply: str, stopped: bool) -> None:
    assert bool(found("corporate_we", reply, language)) is stopped


_WORDS = st.sampled_from(
    ["sorry but our ", "you should have ", "we ", "not ", "f*", "*", "\u200b", "\u202eשלום ", "😀",
     '"', "„", "\n", "a", "is ", "very ", "the team ", "é" * 20, "'", "— ", "# "]
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.text(max_size=300), st.lists(_WORDS, max_size=80).map("".join)))
def test_no_text_crashes_a_check(reply: str) -> None:
    for check in TONE:
        for language in ("en", "pl", "es", "de"):
            assert all(words is not None for words in found(check, reply, language))


@pytest.mark.parametrize(
    "piece", ["we ", "sorry but our ", "a*", "is very ", "wir haben ", "no se "]
)
def test_twenty_thousand_characters_take_seconds_at_most(piece: str) -> None:
    reply = (piece * 20_000)[:20_000]
    begun = time.perf_counter()
    for check in TONE:
        for language in ("en", "pl", "es", "de"):
            found(check, reply, language)
    assert time.perf_counter() - begun < 20
