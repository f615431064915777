"""Fences around words that strangers wrote, which nothing inside can close."""

import unicodedata

# Zero-width, bidirectional and tag characters hide instructions from the person who reviews.
_KEPT_CONTROLS = frozenset("\n\t")
_HIDDEN_CATEGORIES = frozenset({"Cf", "Cc", "Co", "Cs", "Cn"})
_EMOJI_JOINER = "\u200d"


def visible(text: str) -> str:
    """The text without characters that a reader cannot see; joined emoji stay whole."""
    return "".join(
        char
        for n, char in enumerate(text)
        if char in _KEPT_CONTROLS
        or unicodedata.category(char) not in _HIDDEN_CATEGORIES
        or (char == _EMOJI_JOINER and _between_symbols(text, n))
    )


def _between_symbols(text: str, place: int) -> bool:
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    kinds = [unicodedata.category(char) for char in (before, after) if char]
    return len(kinds) == 2 and all(kind in ("So", "Sk", "Mn") for kind in kinds)


def escape(text: str) -> str:
    """Visible text in which no markup and no chat template token survives."""
    return visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def fence(label: str, text: str) -> str:
    """The text between `<label>` and `</label>`, unable to close its own fence."""
    return f"<{label}>\n{escape(text).strip()}\n</{label}>"
