"""Whether a brand's words answer somebody in danger, and whether the customer waits still. Pure.

A few words of sympathy answer nothing. What says nothing by itself (sorry, thanks, "we will look
into it", "please DM us") is struck out of the brand's words; they answer where the rest holds one
of: a time or a figure, a number, address or link to reach somebody by, a question, a step, or
simply many words. It errs to the side of no answer: a danger that stays open a while too long is
read by a person too many, one that is closed too soon by nobody.
"""

import re
from pathlib import Path

from service.text.folding import fold
from service.text.personal_data import PersonalKind, find_personal_data
from service.text.sentences import split_sentences
from service.text.specifics import SpecificKind, find_specifics
from service.text.urls import links_in
from service.text.wordlists import patterns

_FILE = Path(__file__).with_name("answering.yaml")
_MANY_WORDS = 25
"""Said of the matter itself, and no brush-off that we don't know yet."""
_FEW_WORDS = 10
_NO_FIGURE = frozenset({SpecificKind.NUMBER, SpecificKind.REFERENCE})
"""`One of us` counts nothing, and a case number answers nothing."""
_REACHED = frozenset({PersonalKind.PHONE, PersonalKind.EMAIL, PersonalKind.ADDRESS})
_ASKS = re.compile(r"\w+\W+\w+[^.!\n]*\?")


def answers(text: str) -> bool:
    """Whether the brand's words hold an answer."""
    if _words("step").search(fold(text)) or _can_be_reached(text):
        return True
    rest = _without_empty_words(text)
    figures = (one for one in find_specifics(rest) if one.kind not in _NO_FIGURE)
    return any(figures) or bool(_ASKS.search(rest)) or len(rest.split()) >= _MANY_WORDS


def chases(text: str) -> bool:
    """Whether the customer says that nobody has come, rung or answered."""
    return _words("chases").search(fold(text)) is not None


def settles(text: str) -> bool:
    """Whether the customer says that it is over."""
    return any(_is_settled(sentence.text) for sentence in split_sentences(text))


def left_open(text: str) -> str:
    """The customer's words without the sentences that say that it is over."""
    return " ".join(one.text for one in split_sentences(text) if not _is_settled(one.text))


def _is_settled(sentence: str) -> bool:
    """Said outright: in a few words, not asked, and with no if or but."""
    folded = fold(sentence)
    long = len(sentence.split()) > _FEW_WORDS
    doubted = "?" in sentence or _words("unsettled").search(folded)
    return not long and not doubted and _words("settled").search(folded) is not None


def _can_be_reached(text: str) -> bool:
    ways = (one for one in find_personal_data(text) if one.kind in _REACHED)
    return any(ways) or any(links_in(text))


def _without_empty_words(text: str) -> str:
    return _words("empty").sub(" ", fold(text))


def _words(name: str) -> re.Pattern[str]:
    return patterns(_FILE)[name]
