"""What follows and precedes a street in an address: flat, town, region, country, postcode."""

import re
from enum import StrEnum

from service.text.capitals import CAPITAL
from service.text.folding import fold
from service.text.gazetteer import ordinary_words
from service.text.postcodes import AMERICAN, BRITISH, CANADIAN
from service.text.wordlists import HERE, pattern_list, read_list

_FILE = HERE / "personal.yaml"
_UNITS = "|".join(pattern_list(_FILE, "units"))
_MORE_UNITS = "|".join(pattern_list(_FILE, "more_units"))
UNIT = rf"(?i:(?:{_UNITS})\.? ?#?\d{{1,4}}[a-z]?)(?!\w)"
_ANY_UNIT = re.compile(
    rf"{UNIT}|(?i:(?:{_MORE_UNITS})\.? ?#?\d{{1,4}}[a-z]?)(?!\w)|#\d{{1,4}}(?!\w)"
    r"|\d{1,2}\.?[º°ª](?: ?[A-Z](?!\w)| izq\w*| der\w*| dcha)?|\d{1,2}\. (?:OG|Stock|Etage)"
)
_WORD = rf"{CAPITAL}[\w'’.-]{{1,25}}"
_TOWN = re.compile(rf"{_WORD}(?:[ -](?:[a-z]{{1,3}} )?(?:{_WORD}|\d{{1,2}}(?!\d))){{0,4}}")
_CODED_TOWN = re.compile(rf"{_WORD}(?: {_WORD}){{0,2}},? (?:{AMERICAN}|{BRITISH}|{CANADIAN})(?!\w)")
_LOWER_TOWN = re.compile(r"[^\W\d_][\w'’-]{2,25}(?=,? [\w ]{0,20}\d{4}|,|\n|$)")
_REGION = re.compile(r"[A-Z]{2,3}(?![\w'’])")
_SEPARATOR = re.compile(r" ?, ?| ?\.?\n\W{0,6}| ")
_POSTCODE = re.compile(
    rf"{BRITISH}|{CANADIAN}|{AMERICAN}"
    r"|(?:[A-Z]{1,2}-)?\d{2}-\d{3}(?!\w)|\d{4} ?[A-Z]{2}(?!\w)"
    r"|\d{3} \d{2}(?!\w)|(?:[A-Z]{1,2}-)?\d{4,6}(?:-\d{3,4})?(?!\w|[.,]\d| ?(?:€|zł|EUR|PLN))"
)
_COUNTRIES = frozenset(fold(str(read_list(_FILE)["countries"])).split())
_PLACES = frozenset(fold(str(read_list(HERE / "not_names.yaml")["places"])).split()) | frozenset(
    str(read_list(_FILE)["town_starts"]).split()
)
_LEFT = re.compile(rf"(?<![\w.,#-])(?:{UNIT},?\s(?:\W{{1,4}})?)?(?:\d{{1,6}}[A-Za-z]?,? )?$")
_REACH, _MOST_PIECES = 40, 8


class _Piece(StrEnum):
    STREET = "street"
    UNIT = "unit"
    TOWN = "town"
    REGION = "region"
    POSTCODE = "postcode"


def _is_common(word: str) -> bool:
    plain = word.strip(".")
    return plain in ordinary_words() and plain not in _PLACES


def _is_town(words: str, *, hard: bool) -> bool:
    parts = fold(words).replace("-", " ").split()
    if parts[0] in _COUNTRIES or parts[-1] in _COUNTRIES:
        return True
    return hard and not _is_common(parts[0]) and not all(map(_is_common, parts))


def _next_piece(text: str, at: int, before: _Piece, *, hard: bool) -> tuple[_Piece, int] | None:
    if match := _ANY_UNIT.match(text, at):
        return _Piece.UNIT, match.end()
    settled = hard or before is not _Piece.STREET
    match = _POSTCODE.match(text, at)
    if match and settled:
        return _Piece.POSTCODE, match.end()
    match = _REGION.match(text, at)
    if match and settled and fold(match[0]) not in ordinary_words():
        return _Piece.REGION, match.end()
    if match := _CODED_TOWN.match(text, at):
        return _Piece.POSTCODE, match.end()
    match = _TOWN.match(text, at)
    soft = before in (_Piece.UNIT, _Piece.POSTCODE)
    if match and _is_town(match[0], hard=hard or soft):
        return _Piece.TOWN, at + len(match[0].rstrip("."))
    if hard and text.islower() and (match := _LOWER_TOWN.match(text, at)):
        return None if _is_common(fold(match[0])) else (_Piece.TOWN, match.end())
    return None


def end_of_address(text: str, end: int, *, boxed: bool = False) -> int:
    """How far an address goes on behind its street."""
    before = _Piece.UNIT if boxed else _Piece.STREET
    for _ in range(_MOST_PIECES):
        separator = _SEPARATOR.match(text, end)
        if not separator:
            break
        piece = _next_piece(text, separator.end(), before, hard=separator[0] != " ")
        if not piece:
            break
        before, end = piece
    return end


def start_of_address(text: str, start: int) -> int:
    """Where an address begins when a flat or another number stands before the street."""
    near = max(0, start - _REACH)
    match = _LEFT.search(text[near:start])
    return near + match.start() if match and match[0] else start
