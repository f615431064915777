"""Personal data in a text: what points to one person, in four languages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from service.text.checksums import is_card_number, is_dni, is_iban, is_pesel
from service.text.folding import fold
from service.text.people import names_in
from service.text.phones import phones_in
from service.text.references import plain_reference, references_in
from service.text.urls import without_links
from service.text.wordlists import HERE, pattern_list


class PersonalKind(StrEnum):
    """What a piece of personal data is."""

    EMAIL = "email"
    PHONE = "phone"
    IBAN = "iban"
    CARD = "card"
    ADDRESS = "address"
    POSTCODE = "postcode"
    REFERENCE = "reference"
    NATIONAL_ID = "national_id"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class PersonalData:
    """One piece of personal data and its place in the text."""

    kind: PersonalKind
    start: int
    end: int
    text: str

    @property
    def plain(self) -> str:
        """Letters and digits only, to compare spellings."""
        return plain_reference(self.text)


_Place = tuple[PersonalKind, int, int]
_CAPITAL = r"[A-ZŁŚŻŹĆÓÄÖÜÁÉÍÑÚ]"
_BEFORE = "|".join(pattern_list(HERE / "personal.yaml", "street_before"))
_AFTER = "|".join(pattern_list(HERE / "personal.yaml", "street_after"))
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}(?<![.-])")
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?!\w)")
_CARD = re.compile(r"(?<![\w.+-])\d(?:[ -]?\d){12,18}(?![\w-])")
_PESEL = re.compile(r"(?<!\w)\d{11}(?!\w)")
_DNI = re.compile(r"(?<!\w)(?:[XYZ][- ]?\d{7}|\d{8})[- ]?[A-Z](?!\w)")
_SSN = re.compile(r"(?<![\w-])(?!000|666)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])")
_NUMBER_STREET = re.compile(
    rf"(?<![\w.,])\d{{1,5}}[A-Za-z]?,? (?:{_CAPITAL}[\w'’]{{1,20}} ){{1,3}}(?i:{_AFTER})(?!\w)"
)
_STREET_NUMBER = re.compile(
    rf"(?<!\w)(?i:{_BEFORE}) ?(?:(?i:de|del|la|las|los|el|św\.|gen\.) ){{0,3}}"
    rf"{_CAPITAL}[\w'’.-]{{1,25}}(?: [\w'’.-]{{2,25}}){{0,3}}?,? (?:n[ºo°.]{{1,2}} ?)?"
    r"\d{1,4}[A-Za-z]?(?:/\d{1,4})?(?!\w|[.,]\d)"
)
_GERMAN_STREET = re.compile(
    rf"(?<!\w){_CAPITAL}[\w-]{{1,25}}(?:straße|strasse|str\.|weg|platz|allee|gasse|damm|ufer|(?<=e)ring)"
    r" \d{1,4} ?[a-z]?(?!\w|[.,:]\d|\s?(?:€|Euro|EUR|Uhr|Tage|Minuten|Stunden))"
    rf"|(?<!\w){_CAPITAL}\w{{2,20}}(?:er|e|es) (?:Straße|Strasse|Str\.|Weg|Platz|Allee) \d{{1,4}}"
)
_POLISH_POSTCODE = re.compile(rf"(?<![\w-])\d{{2}}-\d{{3}}(?![\w-])(?: {_CAPITAL}\w{{2,25}})?")
_TOWN_POSTCODE = re.compile(
    rf"(?:(?<=, )|(?<=in )|(?<=en )|(?i:(?<=plz )|(?<=cp ))|(?<=^))\d{{5}} {_CAPITAL}[\w-]{{2,25}}"
)
_UK_POSTCODE = re.compile(r"(?<!\w)[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}(?!\w)")
_US_POSTCODE = re.compile(rf"(?<!\w){_CAPITAL}[\w ]{{2,25}}, [A-Z]{{2}} \d{{5}}(?:-\d{{4}})?(?!\w)")
_NOT_PERSONAL = re.compile(
    r"(?<!\w)(?:flight|train|bus|line|lot\w?|vuelo|flug|policy|serial)"
    r"(?: (?:number|no|nr|numer|n\.?º))?\.? ?#?$"
)
_SIMPLE: tuple[tuple[PersonalKind, re.Pattern[str]], ...] = (
    (PersonalKind.EMAIL, _EMAIL),
    (PersonalKind.NATIONAL_ID, _SSN),
    (PersonalKind.ADDRESS, _NUMBER_STREET),
    (PersonalKind.ADDRESS, _STREET_NUMBER),
    (PersonalKind.ADDRESS, _GERMAN_STREET),
    (PersonalKind.POSTCODE, _POLISH_POSTCODE),
    (PersonalKind.POSTCODE, _TOWN_POSTCODE),
    (PersonalKind.POSTCODE, _UK_POSTCODE),
    (PersonalKind.POSTCODE, _US_POSTCODE),
)


def _simple(text: str) -> Iterator[_Place]:
    for kind, pattern in _SIMPLE:
        for match in pattern.finditer(text):
            yield kind, match.start(), match.end()


def _checksummed(text: str) -> Iterator[_Place]:
    for match in _IBAN.finditer(text):
        if is_iban(match.group()):
            yield PersonalKind.IBAN, match.start(), match.end()
    for match in _CARD.finditer(text):
        if is_card_number(re.sub(r"\D", "", match.group())):
            yield PersonalKind.CARD, match.start(), match.end()
    for match in _PESEL.finditer(text):
        if is_pesel(match.group()):
            yield PersonalKind.NATIONAL_ID, match.start(), match.end()
    for match in _DNI.finditer(text):
        if is_dni(match.group()):
            yield PersonalKind.NATIONAL_ID, match.start(), match.end()


def _references(text: str) -> Iterator[_Place]:
    folded = fold(text)
    for reading in references_in(text):
        if not _NOT_PERSONAL.search(folded, max(0, reading.start - 24), reading.start):
            yield PersonalKind.REFERENCE, reading.start, reading.end


def _all(text: str, names: tuple[str, ...]) -> Iterator[_Place]:
    has_digit = any(char.isdigit() for char in text)
    if has_digit or "@" in text:
        yield from _simple(text)
    if has_digit:
        yield from _checksummed(text)
        yield from ((PersonalKind.PHONE, *place) for place in phones_in(text))
        yield from _references(text)
    yield from ((PersonalKind.NAME, *place) for place in names_in(text, names))


def find_personal_data(text: str, names: tuple[str, ...] = ()) -> tuple[PersonalData, ...]:
    """Every piece of personal data; `names` are full names known from elsewhere."""
    kept: list[PersonalData] = []
    for kind, start, end in _all(without_links(text), names):
        if not any(start < other.end and other.start < end for other in kept):
            kept.append(PersonalData(kind, start, end, text[start:end]))
    return tuple(sorted(kept, key=lambda one: one.start))
