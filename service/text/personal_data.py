"""Personal data in a text: what points to one person, in four languages."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from service.text.addresses import addresses_in
from service.text.folding import fold
from service.text.identifiers import cards_in, ibans_in, national_ids_in
from service.text.people import names_in
from service.text.phones import phones_in
from service.text.postcodes import postcodes_in
from service.text.references import plain_reference, references_in
from service.text.urls import without_links


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
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}(?<![.-])")
_NOT_PERSONAL = re.compile(
    r"(?<!\w)(?:flight|train|bus|line|lot\w?|vuelo|flug|policy|serial)"
    r"(?: (?:number|no|nr|numer|n\.?º))?\.? ?#?$"
)
_Finder = Callable[[str], Iterable[tuple[int, int]]]
# In this order; what is found later must not overlap what was found before.
_NUMBERED: tuple[tuple[PersonalKind, _Finder], ...] = (
    (PersonalKind.IBAN, ibans_in),
    (PersonalKind.CARD, cards_in),
    (PersonalKind.NATIONAL_ID, national_ids_in),
    (PersonalKind.ADDRESS, addresses_in),
    (PersonalKind.POSTCODE, postcodes_in),
    (PersonalKind.PHONE, phones_in),
)


def _references(text: str) -> Iterator[_Place]:
    folded = fold(text)
    for reading in references_in(text):
        if not _NOT_PERSONAL.search(folded, max(0, reading.start - 24), reading.start):
            yield PersonalKind.REFERENCE, reading.start, reading.end


def _all(text: str, names: tuple[str, ...]) -> Iterator[_Place]:
    for match in _EMAIL.finditer(text) if "@" in text else ():
        yield PersonalKind.EMAIL, match.start(), match.end()
    if any(char.isdigit() for char in text):
        for kind, finder in _NUMBERED:
            yield from ((kind, *place) for place in finder(text))
        yield from _references(text)
    yield from ((PersonalKind.NAME, *place) for place in names_in(text, names))


def find_personal_data(text: str, names: tuple[str, ...] = ()) -> tuple[PersonalData, ...]:
    """Every piece of personal data; `names` are full names known from elsewhere."""
    kept: list[PersonalData] = []
    taken = bytearray(len(text))
    for kind, start, end in _all(without_links(text), names):
        if not any(taken[start:end]):
            taken[start:end] = b"\x01" * (end - start)
            kept.append(PersonalData(kind, start, end, text[start:end]))
    return tuple(sorted(kept, key=lambda one: one.start))
