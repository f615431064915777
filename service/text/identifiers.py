"""Numbers that point to one person: bank accounts, cards and what states give out."""

import re
from collections.abc import Iterator

from service.text.checksums import is_card_number, is_dni, is_iban, is_pesel
from service.text.folding import fold
from service.text.wordlists import HERE, patterns

_WORDS = patterns(HERE / "personal.yaml")
_IBAN = re.compile(
    r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?!\w)", re.IGNORECASE
)
_POLISH_ACCOUNT = re.compile(r"(?<![\w-])\d{2}(?: ?\d{4}){6}(?![\w-])")
_CARD = re.compile(r"(?<![\w.+-])\d(?:[ -]?\d){11,18}(?![\w-])")
_PESEL = re.compile(r"(?<!\w)\d{11}(?!\w)")
_DNI = re.compile(r"(?<!\w)(?:[XYZ][- ]?\d{7}|\d{8})[- ]?[A-Z](?!\w)")
_SSN = re.compile(r"(?<![\w-])(?!000|666)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])")
_INSURANCE = re.compile(r"(?<!\w)[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)")
_DOCUMENT = re.compile(r"(?<![\w-])(?:[A-Z]{1,3}[ -]?)?\d[A-Z0-9-]{4,14}(?!\w)")
_NEAR, _CLOSE = 45, 28
Place = tuple[int, int]


def _said(key: str, folded: str, start: int, reach: int) -> bool:
    return bool(_WORDS[key].search(folded, max(0, start - reach), start))


def ibans_in(text: str) -> Iterator[Place]:
    """Bank accounts whose checksum holds, the Polish ones also without `PL`."""
    for match in _IBAN.finditer(text):
        if is_iban(match.group()):
            yield match.span()
    for match in _POLISH_ACCOUNT.finditer(text):
        if is_iban(f"PL{match.group()}"):
            yield match.span()


def cards_in(text: str) -> Iterator[Place]:
    """Card numbers by checksum; called a card, one mistyped digit does not hide it."""
    folded = fold(text)
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        said = _said("card_words", folded, match.start(), _NEAR)
        if is_card_number(digits) or (said and len(set(digits)) > 1):
            yield match.span()


def national_ids_in(text: str) -> Iterator[Place]:
    """PESEL, DNI, social security and insurance numbers, and documents named as such."""
    for pattern, holds in ((_PESEL, is_pesel), (_DNI, is_dni)):
        yield from (match.span() for match in pattern.finditer(text) if holds(match.group()))
    for pattern in (_SSN, _INSURANCE):
        yield from (match.span() for match in pattern.finditer(text))
    folded = fold(text)
    if _WORDS["national_words"].search(folded):
        for match in _DOCUMENT.finditer(text):
            if _said("national_words", folded, match.start(), _CLOSE):
                yield match.span()
