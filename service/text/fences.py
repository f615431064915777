"""Fences around words that strangers wrote, which nothing inside can close."""

import re
import unicodedata
from collections.abc import Iterator

# Zero-width, bidirectional and tag characters hide instructions from the person who reviews.
_KEPT_CONTROLS = frozenset("\n\t")
_HIDDEN_CATEGORIES = frozenset({"Cf", "Cc", "Co", "Cs", "Cn"})
# Letters, marks and a symbol by their category, and yet there is nothing to see.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
_EMOJI_JOINER = "\u200d"
_SELECTOR = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_SELECTABLE = ("So", "Sm", "Sk", "Po", "Pd", "Nd")
_FLAG_START, _FLAG_END = "\U0001f3f4", "\U000e007f"
_FLAG = re.compile(f"{_FLAG_START}[\U000e0061-\U000e007a]{{2,8}}{_FLAG_END}")
_PLAIN = re.compile(r"[\t\n -~\u00a1-\u00ac\u00ae-\u02ff]*")


def visible(text: str) -> str:
    """The text without characters that a reader cannot see; joined emoji and flags stay whole."""
    if _PLAIN.fullmatch(text):
        return text
    return "".join(text[place] for place in visible_places(text))


def visible_places(text: str) -> Iterator[int]:
    """The places of the characters that a reader can see."""
    flags = {n for match in _FLAG.finditer(text) for n in range(*match.span())}
    return (n for n, char in enumerate(text) if n in flags or _is_seen(text, n, char))


def _is_seen(text: str, place: int, char: str) -> bool:
    if char in _KEPT_CONTROLS:
        return True
    if _SELECTOR.match(char):
        return _selects(text, place)
    if char == _EMOJI_JOINER:
        return _between_symbols(text, place)
    return char not in _BLANK and unicodedata.category(char) not in _HIDDEN_CATEGORIES


def _selects(text: str, place: int) -> bool:
    """One selector behind a sign has a meaning; behind a letter or in a run it hides bytes."""
    before = text[place - 1 : place] if place else ""
    if not before or before in _BLANK:
        return False
    ideograph = text[place] >= "\U000e0100"
    return unicodedata.category(before) in (("Lo",) if ideograph else _SELECTABLE)


def _between_symbols(text: str, place: int) -> bool:
    before, after = text[max(0, place - 1) : place], text[place + 1 : place + 2]
    kinds = [unicodedata.category(char) for char in (before, after) if char]
    return len(kinds) == 2 and all(kind in ("So", "Sk", "Mn") for kind in kinds)


def escape(text: str) -> str:
    """Visible text in which no markup and no chat template token survives."""
    return visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def fence(label: str, text: str) -> str:
    """The text between `<label>` and `</label>`, unable to close its own fence."""
    return f"<{label}>\n{escape(text).strip()}\n</{label}>"
