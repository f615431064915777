"""What a text says under its disguise: unseen characters, look-alike letters, encodings."""

import base64
import binascii
import codecs
import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote

from service.text.fences import visible_places
from service.text.folding import fold
from service.text.function_words import WORDS
from service.text.wordlists import HERE, patterns, read_list

_CYRILLIC = "АВЕЅІЈКМНОРСТУХаеіјорсухѕԁһӏԛԝɡ"
_GREEK = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορυχ"
_LOOK_ALIKE = str.maketrans(
    _CYRILLIC + _GREEK + "ı",
    "ABESIJKMHOPCTYXaeijopcyxsdhlqwg" + "ABEZHIKMNOPTYXaikvopux" + "i",
)
_WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
"""The wide signs of East Asian fonts, full stop and @ among them."""
_MARK = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
_LEET = str.maketrans("013457@$", "oieastas")
_LEET_WORD = re.compile(r"(?<!\S)(?=\w*[a-z]\w*[a-z])[\w@$]*[013457@$][\w@$]*", re.IGNORECASE)
_FOREIGN_LETTER = re.compile(r"[\u0370-\u052f]")
_WORD = re.compile(r"[^\W\d_]+")
_UNSEEN_RUN = re.compile(
    r"[\U000e0001-\U000e007f]{4,4000}|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{3,4000}"
    r"|[\u200b-\u200f\u2060-\u2064\ufeff\u180e]{8,4000}"
)
_FLAG = re.compile("\U0001f3f4[\U000e0061-\U000e007a]{2,8}\U000e007f")
_SPACED_OUT = re.compile(r"(?<!\S)(?:\w[ ._-]{1,2}){9,200}\w(?!\S)")
_BASE64 = re.compile(r"(?<![\w/=+.@:-])[A-Za-z0-9+/_-]{16,4000}={0,2}(?![\w/=+])")
_HEX = re.compile(r"(?<!\w)(?:(?:0x|\\x)?[0-9a-fA-F]{2}[ ,:]?){10,2000}(?!\w)")
_BINARY = re.compile(r"(?<!\w)(?:[01]{8}\s?){4,1000}(?!\w)")
_PERCENT = re.compile(r"(?:\w{0,12}%[0-9a-fA-F]{2}){5,500}\w{0,12}")
_ENTITIES = re.compile(r"(?:&#x?[0-9a-fA-F]{2,5};\s?){6,500}")
_ESCAPES = re.compile(r"(?:\\u[0-9a-fA-F]{4}){5,500}")
_LEAST_WORDS = 4
_LEAST_SHARE = 0.5


@dataclass(frozen=True)
class Seen:
    """The text as a reader sees it, with the place where each character stood."""

    text: str
    places: tuple[int, ...] | None
    """None where nothing was hidden and all places are their own."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """A stretch of what is seen as a stretch of what was written."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1


def seen(text: str) -> Seen:
    """The text without what is hidden and without marks piled on letters, letters made plain."""
    if text.isascii():
        return Seen(text, None)
    text = text.translate(_WIDE)
    places = [n for n in visible_places(text) if not _is_piled(text, n)]
    shown = _plain_letters("".join(text[n] for n in places))
    return Seen(shown, None if len(places) == len(text) else tuple(places))


def _is_piled(text: str, place: int) -> bool:
    """Whether it is a mark on a letter that no language writes so."""
    if not _MARK.match(text[place]):
        return False
    return len(unicodedata.normalize("NFC", text[max(0, place - 1) : place + 1])) > 1


def _plain_letters(text: str) -> str:
    """Cyrillic and Greek letters posing as Latin ones; a word that is truly foreign stays."""
    if not _FOREIGN_LETTER.search(text):
        return text
    foreign = len(_FOREIGN_LETTER.findall(text))
    if foreign * 2 > sum(char.isalpha() for char in text):
        return text
    return _WORD.sub(lambda match: _latin(match.group()), text)


def _latin(word: str) -> str:
    made = word.translate(_LOOK_ALIKE)
    return made if not _FOREIGN_LETTER.search(made) else word


def unleet(folded: str) -> str:
    """Digits and signs inside words as the letters they stand for; of the same length."""
    return _LEET_WORD.sub(lambda match: match.group().translate(_LEET), folded)


def _readable(plain: str) -> str | None:
    letters = sum(char.isalpha() or char in " ,.!?'" for char in plain)
    return plain if " " in plain.strip() and letters > 0.8 * len(plain) else None


def _from_base64(token: str) -> str:
    bare = token.rstrip("=").replace("-", "+").replace("_", "/")
    return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True).decode()


def _from_hex(token: str) -> str:
    return bytes.fromhex(re.sub(r"0x|\\x|[ ,:]", "", token)).decode()


def _from_binary(token: str) -> str:
    return bytes(int(octet, 2) for octet in re.findall(r"[01]{8}", token)).decode()


def _from_escapes(token: str) -> str:
    return "".join(chr(int(code, 16)) for code in re.findall(r"\\u([0-9a-fA-F]{4})", token))


_ENCODINGS: tuple[tuple[re.Pattern[str], Callable[[str], str]], ...] = (
    (_BINARY, _from_binary),
    (_HEX, _from_hex),
    (_BASE64, _from_base64),
    (_PERCENT, unquote),
    (_ENTITIES, lambda token: html.unescape(token).replace("; ", "")),
    (_ESCAPES, _from_escapes),
)


@cache
def _order_words() -> frozenset[str]:
    listed = str(read_list(HERE / "instructions.yaml")["order_words"]).split()
    return frozenset(listed) | {fold(word) for word in WORDS["en"]}


def _share(text: str) -> float:
    words = _WORD.findall(fold(text))
    known = sum(word in _order_words() for word in words)
    return known / len(words) if len(words) >= _LEAST_WORDS else 0.0


def turned(sentence: str) -> str | None:
    """A sentence written in rot13 or from right to left, set right; None for any other."""
    if _share(sentence) > 0.2:
        return None
    for made in (codecs.encode(sentence, "rot13"), sentence[::-1]):
        if _share(made) >= _LEAST_SHARE:
            return made
    return None


def _joined(token: str) -> str | None:
    """Letters with gaps between them, closed up; only where they make an order."""
    joined = re.sub(r"[ ._-]", "", token)
    found = patterns(HERE / "instructions.yaml")["joined"].search(fold(joined))
    return joined if found else None


def decoded(token: str) -> str | None:
    """What an encoded stretch says, where it says anything readable."""
    for pattern, decode in _ENCODINGS:
        if pattern.fullmatch(token):
            try:
                plain = _readable(decode(token))
            except (binascii.Error, ValueError):
                continue
            if plain:
                return plain
    if _SPACED_OUT.fullmatch(token):
        return _joined(token)
    return turned(token)


def encoded_places(shown: str) -> Iterator[tuple[int, int]]:
    """Stretches of a visible text that say something else when decoded."""
    for pattern in (*(pattern for pattern, _ in _ENCODINGS), _SPACED_OUT):
        for match in pattern.finditer(shown):
            start = match.start()
            end = start + len(match.group().rstrip())
            if decoded(shown[start:end]):
                yield start, end


def unseen_places(text: str) -> Iterator[tuple[int, int]]:
    """Runs of characters that nobody sees and that can carry a message; flags are none."""
    flags = [match.span() for match in _FLAG.finditer(text)]
    for match in _UNSEEN_RUN.finditer(text):
        if not any(start <= match.start() < end for start, end in flags):
            yield match.span()


def unseen_words(text: str) -> str:
    """What runs of unseen characters spell, as far as that can be told."""
    said = []
    for start, end in unseen_places(text):
        codes = [ord(char) for char in text[start:end]]
        # A tag is a letter moved up; selectors 17 and on carry a byte each.
        said.append("".join(chr(c - 0xE0000) for c in codes if 0xE0020 <= c < 0xE007F))
        said.append("".join(chr(c - 0xE0100 + 16) for c in codes if 0xE0100 <= c <= 0xE016E))
    return " ".join(filter(None, said))
