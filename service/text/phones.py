"""Telephone numbers: international, and as they are written in PL, ES, DE, UK and US."""

import re
from collections.abc import Iterator

from service.text.folding import fold
from service.text.wordlists import HERE, patterns

_CANDIDATE = re.compile(
    r"(?<![\w.,#€$£/-])(?:\+|\(\+?)?\d(?:[ ()./-]{0,2}\d){6,15}(?![\w€$£%]|[-.,]\d)"
)
_LOCAL = re.compile(
    r"\d{3}[ -]\d{3}[ -]\d{3}|\d{2}[ -]\d{3}[ -]\d{2}[ -]\d{2}|[6789]\d{2} \d{2} \d{2} \d{2}"
    r"|\(?0\d{2,5}\)?[ /-]{0,3}\d{3,8}(?:[ -]\d{2,6}){0,3}|07\d{9}"
    r"|\(\d{3}\) ?\d{3}[ .-]\d{4}|\d{3}[.-]\d{3}[.-]\d{4}|1-\d{3}-\d{3}-\d{4}"
)
_SAID = patterns(HERE / "personal.yaml")["phone_words"]
_NO_PHONE = re.compile(r"\d{1,4}([./-])\d{1,2}\1\d{2,4}|\d{3}-\d{7}-\d{7}")
_UNIT = re.compile(r"\s?(?:€|\$|£|%|zl|eur|usd|pln|gbp|euro)")


def _is_phone(written: str, before: str) -> bool:
    digits = re.sub(r"\D", "", written)
    if _NO_PHONE.fullmatch(written) or not 7 <= len(digits) <= 15:
        return False
    if written.lstrip("(").startswith("+") or written.startswith("00"):
        return len(digits) >= 8
    return bool(_LOCAL.fullmatch(written)) or bool(_SAID.search(before))


def phones_in(text: str) -> Iterator[tuple[int, int]]:
    """Where telephone numbers stand; order numbers, prices and dates are none."""
    folded = fold(text)
    for match in _CANDIDATE.finditer(text):
        before = folded[max(0, match.start() - 25) : match.start()]
        introduced = re.search(
            r"(?:order|zamowieni|pedido|bestell|ticket|#)[\w .:#]{0,12}$", before
        )
        if not introduced and not _UNIT.match(folded, match.end()) and _is_phone(match[0], before):
            yield match.span()
