"""Numbers in a text, written in digits or in words, in four languages."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import product

from service.text.folding import fold
from service.text.wordlists import HERE, read_list

WORD = re.compile(r"[^\W\d_]+")
NUMBER = re.compile(
    r"(?<![\w.,/])(?:\d{1,3}(?:[ .,']\d{3})+(?!\d)|\d{1,12})(?:[.,]\d{1,2}(?!\d))?(?![\d])"
)
_JOINTS = {" ", "-", " y ", " i ", " and "}
_POLISH_AFTER_TEN = re.compile(
    r"\s+(?:dzien|tydzien|miesiac|rok|sam|czas|etap|raz|produkt|numer)\b"
)


@dataclass(frozen=True, slots=True)
class Digitised:
    """A folded text with number words as digits; places lead back to the text as written."""

    text: str
    starts: tuple[int, ...] | None
    ends: tuple[int, ...] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of this text stands in the text as written."""
        if self.starts is None or self.ends is None or end <= start:
            return start, end
        return self.starts[start], self.ends[end - 1]


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    value: int


def _listed(key: str) -> dict[str, int]:
    named = read_list(HERE / "numbers.yaml")[key]
    return {fold(word): int(value) for value, words in named.items() for word in words}


@cache
def number_words() -> dict[str, int]:
    """Every number word that is one word, folded."""
    tens = _listed("tens")
    listed = _listed("hundreds") | tens | _listed("teens") | _listed("units")
    return _german(tens) | listed


def _german(tens: dict[str, int]) -> dict[str, int]:
    """`einundzwanzig`, `zweihundert` and `zweihundertfünfzig` are written as one word."""
    units = {fold(unit): n for unit, n in read_list(HERE / "numbers.yaml")["german_units"].items()}
    ones = {
        f"{unit}und{ten}": value + n
        for (unit, n), (ten, value) in product(units.items(), tens.items())
    }
    hundreds = {f"{unit}hundert": 100 * n for unit, n in units.items()}
    rest = {
        f"{hundred}{ten}": value + more
        for (hundred, value), (ten, more) in product(hundreds.items(), (tens | ones).items())
    }
    return ones | hundreds | rest


def parse_number(written: str) -> str:
    """A number as plain decimal text: `1.299,00` and `1,299.0` are both `1299`."""
    compact = re.sub(r"[ ']", "", written)
    head, separator, tail = "", "", ""
    if match := re.fullmatch(r"(.*)([.,])(\d{1,2})", compact):
        head, separator, tail = match.groups()
    whole = re.sub(r"\D", "", head if separator else compact).lstrip("0") or "0"
    tail = tail.rstrip("0")
    return f"{whole}.{tail}" if tail else whole


def _is_other_word(text: str, match: re.Match[str]) -> bool:
    """Polish `ten` means `this`."""
    return match.group() == "ten" and bool(_POLISH_AFTER_TEN.match(text, match.end()))


def _words_in(text: str) -> list[_Word]:
    values = number_words()
    found: list[_Word] = []
    for match in WORD.finditer(text):
        value = values.get(match.group())
        if value is None or _is_other_word(text, match):
            continue
        word = _Word(match.start(), match.end(), value)
        if found and (joined := _joined(found[-1], word, text)):
            found[-1] = joined
        else:
            found.append(word)
    return found


def _joined(left: _Word, right: _Word, text: str) -> _Word | None:
    """`forty-eight`, `cuarenta y ocho` and `two hundred and fifty` are one number."""
    if text[left.end : right.start] not in _JOINTS:
        return None
    if _has_room_for(right.value, left.value):
        return _Word(left.start, right.end, left.value + right.value)
    if left.value < 10 and right.value in (100, 1000):
        return _Word(left.start, right.end, left.value * right.value)
    return None


def _has_room_for(smaller: int, number: int) -> bool:
    """Ones fit behind tens, and whatever is below a hundred behind hundreds."""
    if number >= 1000:
        return False
    ones = smaller < 10 and number % 100 in range(20, 100, 10)
    return ones or (smaller < 100 <= number and number % 100 == 0)


def digitise(folded: str) -> Digitised:
    """Write number words as digits and remember where they stood."""
    words = _words_in(folded)
    if not words:
        return Digitised(folded, None, None)
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    place = 0
    for word in words:
        pieces += [folded[place : word.start], str(word.value)]
        starts += [*range(place, word.start), *[word.start] * len(pieces[-1])]
        ends += [*range(place + 1, word.start + 1), *[word.end] * len(pieces[-1])]
        place = word.end
    pieces.append(folded[place:])
    starts += range(place, len(folded))
    ends += range(place + 1, len(folded) + 1)
    return Digitised("".join(pieces), tuple(starts), tuple(ends))
