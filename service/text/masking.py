"""A text with everything case-specific replaced, so that two templates look the same."""

import re
import unicodedata
from collections.abc import Iterator

from service.text.people import names_in
from service.text.phones import phones_in
from service.text.specifics import SpecificKind, find_specifics

_URL = re.compile(
    r"(?:https?://|www\.)\S+|(?<![\w@.])[\w-]{2,40}(?:\.[\w-]{2,20}){0,3}\.(?:com|net|org|pl|de|es|eu|uk|io|example)(?:/\S*)?"
)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,63}")
_HANDLE = re.compile(r"(?<![\w@])@\w{2,40}")
_CAPITAL = r"[A-ZŁŚŻŹĆÓÄÖÜÁÉÍÑÚ]"
_GREETED = re.compile(
    r"(?:^|(?<=[\s,.!?]))(?i:hi|hello|hey|hiya|dear|good (?:morning|afternoon|evening)|thanks"
    r"|thank you|sorry|cześć|hej|witaj|dzień dobry|dobry wieczór|panie|pani|drogi|droga"
    r"|szanown\w{1,3} pani\w?|hola|buenos días|buenas tardes|buenas|estimad[oa]|querid[oa]"
    r"|hallo|guten (?:tag|morgen|abend)|lieber?|sehr geehrter?|moin|herr|frau),? (?:there, )?"
    rf"({_CAPITAL}[^\W\d_]{{1,20}}(?: {_CAPITAL}[^\W\d_]{{1,20}})?)"
)
_ADDRESSED = re.compile(rf"^(?:@\w+ )?({_CAPITAL}[^\W\d_]{{2,20}})(?=[,!] )")
_SIGNED = re.compile(
    r"(?:[\s.!?][-–—^/*~] ?|\n)([^\W\d_]{1,15})\.?\s*$"
    rf"|(?<=[.!?)] )({_CAPITAL}[^\W\d_]{{1,14}})\s*$"
)
_NOISE = re.compile(r"[^\w\s]|_")
_SLOTS = {
    SpecificKind.AMOUNT: "<money>",
    SpecificKind.DATE: "<date>",
    SpecificKind.WEEKDAY: "<date>",
    SpecificKind.CLOCK: "<date>",
    SpecificKind.YEAR: "<date>",
    SpecificKind.DURATION: "<time>",
    SpecificKind.REFERENCE: "<ref>",
}
_Slot = tuple[int, int, str]


def names_called(text: str) -> Iterator[tuple[int, int]]:
    """Where somebody is greeted or spoken to by name, or signs; a first word may be none."""
    for pattern in (_GREETED, _ADDRESSED, _SIGNED):
        for match in pattern.finditer(text):
            yield match.span(match.lastindex or 0)


def _slots(text: str) -> Iterator[_Slot]:
    for pattern, slot in ((_EMAIL, "<email>"), (_URL, "<link>"), (_HANDLE, "<handle>")):
        for match in pattern.finditer(text):
            yield match.start(), match.end(), slot
    for start, end in phones_in(text):
        yield start, end, "<number>"
    for start, end in names_called(text):
        yield start, end, "<name>"
    for start, end in names_in(text):
        yield start, end, "<name>"
    for specific in find_specifics(text):
        number_end = specific.start + len(re.match(r"\S+", specific.text)[0])  # type: ignore[index]
        counted = specific.kind in (SpecificKind.COUNT, SpecificKind.NUMBER)
        end = number_end if counted else specific.end
        yield specific.start, end, _SLOTS.get(specific.kind, "<number>")


def _plain(piece: str) -> str:
    return _NOISE.sub(" ", unicodedata.normalize("NFKC", piece).casefold())


def mask(text: str) -> str:
    """The text folded, with slots for names, handles, links, numbers, dates and money."""
    pieces: list[str] = []
    reached = 0
    for start, end, slot in sorted(_slots(text), key=lambda one: (one[0], -one[1])):
        if start < reached:
            continue
        pieces += [_plain(text[reached:start]), slot]
        reached = end
    pieces.append(_plain(text[reached:]))
    return " ".join(" ".join(pieces).split())
