"""Telephone numbers: international, and as they are written at home in many countries."""

import re
from collections.abc import Iterator

from service.text.folding import fold
from service.text.wordlists import HERE, pattern_list, patterns

_CANDIDATE = re.compile(
    r"(?<![\w.,#€$£/+-])(?:\+|\(\+?)?\d(?:[ ()./\u00a0–-]{0,3}\d){6,15}(?![\w€$£%]|[-.,/]\d)"
)
_VANITY = re.compile(r"(?<![\w-])1-8\d\d-(?=[\dA-Z-]{0,9}[A-Z]{3})[\dA-Z]{3}-?[\dA-Z]{4}(?![\w-])")
_EXTENSION = re.compile(
    r",?\s?(?:\(?(?:ext|x|extension|wew|int|durchwahl|dw|anexo)\.?:?\s?\d{1,5}\)?)(?!\w)", re.I
)
# Digit groups that are a telephone number wherever they stand.
_HOME = re.compile(
    r"\d{3}[ -]\d{3}[ -]\d{3}|\d{2}[ -]\d{3}[ -]\d{2}[ -]\d{2}"
    r"|[6789]\d{2}[ -]\d{2}[ -]\d{2}[ -]\d{2}|9\d[ -]\d{3}[ -]\d{2}[ -]\d{2}"
    r"|\(?0\d{1,5}\)?[ /.-]{0,3}\d{2,8}(?:[ .-]\d{1,6}){0,4}|0[1-9]\d{8,10}"
    r"|\(\d{2,4}\) ?\d{3,5}[ .-]?\d{3,4}|\d{3}[ .-]\d{3}[ .-]\d{4}"
    r"|1[ .-]?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}"
    r"|1[38]00[ -]\d{3}[ -]\d{3,4}|[89]00[ -]\d{3}[ -]\d{3,4}"
    r"|[89]00[ -]\d{2}[ -]\d{2}[ -]\d{2}|801[ -]\d{3}[ -]\d{3}"
)
_SAID = patterns(HERE / "personal.yaml")["phone_words"]
_SAID_AFTER = re.compile(
    rf"[ ,(-]{{1,3}}(?:{'|'.join(pattern_list(HERE / 'personal.yaml', 'phone_after'))})(?!\w)"
)
_NUMBERED = re.compile(
    rf"(?:{'|'.join(pattern_list(HERE / 'personal.yaml', 'number_words'))})[\w .:#]{{0,14}}$"
)
_NO_PHONE = re.compile(
    r"\d{1,4}([./-])\d{1,2}\1\d{2,4}|\d{3}-\d{7}-\d{7}|\d{4}[./-]\d{1,2}[./-]\d{1,2}.*"
    r"|(?:19|20)\d{2} ?[/–-] ?(?:19|20)\d{2}|\d{1,2}[./-]\d{1,2}[./-]\d{4}.*|\d{3}-\d{2}-\d{4}"
)
_UNIT = re.compile(r"\s?(?:€|\$|£|%|zl|eur|usd|pln|gbp|euro|kr|chf|km|kwh|mb|gb)(?!\w)")
_BEHIND = 30
_MOST, _LEAST = 15, 7


def _is_phone(written: str, before: str, after: str) -> bool:
    digits = re.sub(r"\D", "", written)
    if _NO_PHONE.fullmatch(written) or not _LEAST <= len(digits) <= _MOST:
        return False
    if written.lstrip("(").startswith("+") or written.startswith("00"):
        return len(digits) >= _LEAST + 1
    if _HOME.fullmatch(written) and len(digits) > _LEAST + 1:
        return True
    return bool(_SAID.search(before) or _SAID_AFTER.match(after))


def phones_in(text: str) -> Iterator[tuple[int, int]]:
    """Where telephone numbers stand; order numbers, prices and dates are none."""
    folded = fold(text)
    for match in _VANITY.finditer(text):
        yield match.span()
    for match in _CANDIDATE.finditer(text):
        start, end = match.span()
        before = folded[max(0, start - _BEHIND) : start]
        said = _SAID.search(before, max(0, len(before) - 12))
        if (_NUMBERED.search(before) and not said) or _UNIT.match(folded, end):
            continue
        if _is_phone(match[0], before, folded[end : end + 10]):
            extension = _EXTENSION.match(text, end)
            yield start, extension.end() if extension else end
