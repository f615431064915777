"""Streets with their numbers, as they are written in many countries."""

import re
from collections.abc import Iterator

from service.text.capitals import CAPITAL
from service.text.folding import fold
from service.text.wordlists import HERE, pattern_list, read_list

_FILE = HERE / "personal.yaml"
_BEFORE = "|".join(pattern_list(_FILE, "street_before"))
_AFTER = "|".join(pattern_list(_FILE, "street_after"))
_FRENCH = "|".join(pattern_list(_FILE, "street_in_french"))
_ENDINGS = "|".join(pattern_list(_FILE, "street_endings"))
_NO_STREETS = frozenset(str(read_list(_FILE)["no_streets"]).split())
_NEVER = frozenset(str(read_list(_FILE)["not_in_streets"]).split())
_NEVER_LOWER = _NEVER | frozenset(str(read_list(_FILE)["not_in_lower_streets"]).split())

_LINK = (
    r"(?i:de|del|la|las|los|el|da|do|dos|di|dei|du|des|al|an der|van de|von|le|les|of|the"
    r"|św\.|gen\.|ks\.|dr\.?) "
)
_WORD = rf"(?:{CAPITAL}[\w'’.-]{{0,25}}|[dl]['’]{CAPITAL}\w{{1,25}}|\d{{1,3}}(?:st|nd|rd|th))"
_WORDS = rf"{_WORD}(?: (?:{_LINK}){{0,2}}{_WORD}){{0,3}}"
_NUMBER = r"\d{1,5}[A-Za-z]?(?:[/-]\d{1,4}[A-Za-z]?)?"
_FREE = r"(?<![\w.,€$£#-])"
_NO_UNIT = (
    r"(?!\w|[.,:]\d|\s?(?:€|\$|£|%|zł\b|PLN|EUR|Euro|Uhr|Tage|Minuten|Stunden|days?|hours?|minutes?"
    r"|weeks?|months?|years?|times|x\b|dni|godzin|minut|razy|veces|días|horas|minutos|km|kg|am\b|pm\b))"
)
_NUMBER_STREET = (
    rf"{_FREE}{_NUMBER},? (?:{_LINK})?(?:{_WORD} ){{1,4}}(?i:{_AFTER})(?![\w'’])"
    r"(?: (?:North|South|East|West|[NS]?[EW]|[NS])(?!\w))?"
)
_NUMBER_RUE = rf"{_FREE}{_NUMBER},? (?:bis |ter )?(?i:{_FRENCH}) (?:{_LINK}){{0,2}}{_WORDS}"
_STREET_NUMBER = (
    rf"(?<!\w)(?i:{_BEFORE})(?:(?<=[./]) ?| )(?:\d{{1,2}} |{_LINK}){{0,3}}{_WORDS}"
    r",? (?:(?:n[ºo°.]{1,2}|núm\.?|nr|numer) ?)?\d{1,4}[A-Za-z]?(?:/\d{1,4}[A-Za-z]?)?"
    rf"{_NO_UNIT}"
)
_ENDED = (
    rf"(?<!\w)(?:{CAPITAL}[\w-]{{1,25}}?(?:{_ENDINGS})"
    rf"|{CAPITAL}\w{{2,20}}(?:er|e|es) (?:Straße|Strasse|Str\.|Weg|Platz|Allee)"
    rf"|{CAPITAL}[\w-]{{1,25}} (?:u\.|utca|út|tér|tänav))"
    rf" \d{{1,4}} ?[a-z]?(?:[/-]\d{{1,4}})?{_NO_UNIT}"
)
_ALL = (_NUMBER_STREET, _NUMBER_RUE, _STREET_NUMBER, _ENDED)
_STREETS = tuple(re.compile(one) for one in _ALL)
_LOWER_STREETS = tuple(re.compile(one, re.IGNORECASE) for one in _ALL)

# Words and a number in either order: an address only where something else says so.
WORDS_AND_NUMBER = re.compile(
    rf"{_FREE}(?:\d{{1,6}},? (?:\d{{1,5}} )?(?:{_LINK}){{0,2}}{_WORDS}"
    rf"(?: \d{{1,4}}[A-Za-z]?{_NO_UNIT})?"
    rf"|{_WORDS} {_NUMBER}{_NO_UNIT})"
)


def _is_street(written: str, *, lower: bool) -> bool:
    words = re.findall(r"[^\W\d_]+", written)
    never = _NEVER_LOWER if lower else _NEVER
    return words[0].lower() not in _NO_STREETS and not any(fold(word) in never for word in words)


def streets_in(text: str) -> Iterator[tuple[int, int]]:
    """Where streets with numbers stand; a text without capitals is read without them."""
    lower = text.islower()
    for pattern in _LOWER_STREETS if lower else _STREETS:
        for match in pattern.finditer(text):
            if _is_street(match[0], lower=lower):
                yield match.span()
