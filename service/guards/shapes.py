"""A whole reply in a form that a planted instruction ordered: verse, lists, code, mangled words."""

import re
from collections.abc import Callable

from service.guards.planted import LISTS, Planted
from service.text.folding import fold
from service.text.function_words import function_word_share

LIST_LINE = re.compile(r"(?m)^\s{0,4}(?:[-*•]|\d{1,2}[.)])\s")
_DATA = re.compile(
    r"[{\[]\s{0,3}[\"'][\w ]{1,30}[\"']\s?:|<\w{1,20}>[^<\n]{0,200}</\w{1,20}>|(?m:^\|.{1,80}\|)"
)
_CODE = re.compile(
    r"```|(?m:^\s{0,8}(?:def \w+\(|import \w+$|SELECT .+ FROM|#include|<\?php|class \w+:))"
)
_INSIDE = re.compile(r"[a-z][0-9@$&#]+[a-z]|[a-z]{2}[@$&][a-z]", re.IGNORECASE)
_SHOUTED = re.compile(r"(?<!\w)[A-Z]{2,}(?:[ ,'!]+[A-Z]{1,}){2,}")
_WORDS = re.compile(r"[^\W\d_]+")
_LEAST_MANGLED = 2
_LONG_WORD = 22
_LEAST_LINES = 3
_VERSE_CHARS = 60


def _short(reply: str) -> bool:
    return len(reply.split()) <= 3


def _verse(reply: str) -> bool:
    """Three short lines or more; a reply is written in sentences."""
    lines = [line for line in reply.splitlines() if line.strip()]
    broken = len(lines) >= _LEAST_LINES and all(len(line) < _VERSE_CHARS for line in lines)
    return broken or reply.count(" / ") > 1


def _shout(reply: str) -> bool:
    return bool(_SHOUTED.search(reply))


def _emoji(reply: str) -> bool:
    letters = sum(char.isalpha() for char in reply)
    return letters * 2 < len(reply.replace(" ", ""))


def _listed(reply: str) -> bool:
    return len(LIST_LINE.findall(reply)) > 1


def _data(reply: str) -> bool:
    return bool(_DATA.search(reply))


def _mangled(reply: str) -> bool:
    """Letters swapped for signs, words run together or cut into groups, sentences backwards."""
    words = _WORDS.findall(fold(reply))
    if len(_INSIDE.findall(reply)) >= _LEAST_MANGLED or any(len(w) > _LONG_WORD for w in words):
        return True
    if len(words) < 6:
        return False
    known = max(function_word_share(words, code) for code in ("en", "pl", "es", "de"))
    return known < 0.12


def _foreign(reply: str) -> bool:
    """A share of letters from another script."""
    letters = [char for char in reply if char.isalpha()]
    return sum(ord(char) > 0x36F for char in letters) > 1


_FORMS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("one_word", _short),
    ("verse", _verse),
    ("capitals", _shout),
    ("emoji", _emoji),
    ("list", _listed),
    ("data", _data),
    ("mangled", _mangled),
    ("translation", _foreign),
)


def shaped(reply: str, planted: Planted) -> bool:
    """Whether the reply takes the form that was ordered; a program is nobody's reply."""
    if _CODE.search(reply) and not _CODE.search(planted.held):
        return True
    if not planted.text:
        return False
    if LISTS["persona"].search(planted.folded) and LISTS["role"].search(fold(reply)):
        return True
    return any(form(reply) for name, form in _FORMS if planted.asks(name))
