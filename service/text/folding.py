"""Lower case without accents, one character for one, so that places in the text stay true."""

import unicodedata
from functools import lru_cache

_ALIKE = {
    "’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'",
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
    "–": "-", "—": "-", "‑": "-", "−": "-",
    "ł": "l", "Ł": "l", "\u00a0": " ", "\u202f": " ", "\u2009": " ",
}  # fmt: skip


def _plain(char: str) -> str:
    decomposed = unicodedata.normalize("NFKD", char)
    base = "".join(part for part in decomposed if not unicodedata.combining(part)).lower()
    lowered = char.lower()
    fallback = lowered if len(lowered) == 1 else char
    return base if len(base) == 1 else fallback


class _Table(dict[int, str]):
    """What each character becomes, worked out when first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        self[code] = plain = _ALIKE.get(char) or _plain(char)
        return plain


_TABLE = _Table()


@lru_cache(maxsize=128)
def fold(text: str) -> str:
    """The text in lower case without accents and with plain quotes; of the same length."""
    return text.translate(_TABLE)
