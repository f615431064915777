"""No text crashes a pattern check, and 20,000 characters of anything take it seconds at most."""
# ruff: noqa: E501

import time
from collections.abc import Callable, Iterable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evals.guards.patterns import PATTERN_CHECKS
from service.domain.thread import KnownFact
from service.domain.triage import MoveKind
from service.guards.context import CheckContext, Hit
from service.guards.registry import CHECKS
from service.text.language import warm_up
from tests.guards.factories import context

LENGTH = 20_000
TOO_LONG_S = 4
"""A pattern that backtracks needs minutes; an honest one .1 to .7 s, more on a slow machine."""
LANGUAGES = ("en", "pl", "es", "de")
_PIECES = (
    "😀🏽‍♀️", "🇵🇱", "שלום עולם ", "مرحبا ", "\u202e", "a\u200b", "\u200d", "<b>x</b>", "<div class='x'>",
    "<!-- -->", "&nbsp;", "**bold** ", "[a](http://a.b) ", "> quote\n", "# head\n", "| a | b |\n", "```",
    "fuсk ", "tidеwell.example ", "ｆｕｌｌ ", "e\u0301", "f*", "*", "k***a ", "a-", "a.", "1 ", "12…34 ",
    "[", "(", "{", "<", "%", "_", "x_", "X/", "?", "€?", "the ", "your ", "we ", "you ", "I've been ",
    "please send the ", "order number ", "flat ", "name ", "delete the ", "comment ", "it ", "i ", "nie ",
    "proszę o ", "numer ", "usunąć ", "opinię ", "por favor ", "la ", "borrar ", "reseña ", "ich ",
    "habe ", "die ", "Bewertung ", "Straße ", "Ab ", "Van der ", "0151 22 33 ", "@", "a@b", "://", "\n",
    "hello,", "thank you for ", "gracias por ", "talk to ", "not ", "insult ", "before ", "(check ",
)  # fmt: skip
_TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(_PIECES), max_size=60).map("".join),
    st.lists(st.sampled_from(_PIECES) | st.text(max_size=5), max_size=40).map("".join),
)


def _context(reply: str, complaint: str, language: str) -> CheckContext:
    return context(
        reply,
        complaint=complaint,
        language=language,
        channel="facebook",
        known=(KnownFact(text="Card 4929 8830, Jane Okafor, 14 Larkspur Close", private=True),),
        move=MoveKind.BOUNDARY_STATEMENT,
    )


def _run(find: Callable[[CheckContext], Iterable[Hit]], checked: CheckContext) -> None:
    for hit in find(checked):
        if hit.start is not None and hit.end is not None:
            assert 0 <= hit.start < hit.end <= len(checked.reply)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_TEXTS, st.sampled_from(LANGUAGES))
def test_no_text_crashes_a_pattern_check(reply: str, language: str) -> None:
    checked = _context(reply, reply if reply.replace("\x00", "").strip() else "x", language)
    for check in PATTERN_CHECKS:
        _run(CHECKS[check].find, checked)


def _slow(piece: str, language: str) -> list[str]:
    """The checks that need too long for this piece, again and again."""
    text = (piece * LENGTH)[:LENGTH]
    slow = []
    for check in PATTERN_CHECKS:
        checked = _context(
            text, "My lamp is broken, says Jane Okafor of 14 Larkspur Close.", language
        )
        begun = time.process_time()
        _run(CHECKS[check].find, checked)
        spent = time.process_time() - begun
        if spent > TOO_LONG_S:
            slow.append(f"{check}: {spent:.1f} s for {piece!r}")
    return slow


@pytest.fixture(autouse=True, scope="module")
def _models_are_loaded() -> None:
    warm_up()


@pytest.mark.parametrize("piece", _PIECES)
def test_twenty_thousand_characters_take_no_time_to_speak_of(piece: str) -> None:
    assert _slow(piece, LANGUAGES[len(piece) % 4]) == []


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.sampled_from(_PIECES), min_size=2, max_size=6).map("".join),
    st.sampled_from(LANGUAGES),
)
def test_mixtures_take_no_time_to_speak_of(piece: str, language: str) -> None:
    assert _slow(piece, language) == []
