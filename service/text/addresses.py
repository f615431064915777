"""Postal addresses: a street with its number, a post box, or a place that the words name so."""

import re
from collections.abc import Iterator

from service.text.address_tails import UNIT, end_of_address, start_of_address
from service.text.capitals import CAPITAL
from service.text.folding import fold
from service.text.gazetteer import ordinary_words
from service.text.streets import WORDS_AND_NUMBER, streets_in
from service.text.wordlists import HERE, pattern_list

_FILE = HERE / "personal.yaml"
_BOXES = "|".join(pattern_list(_FILE, "po_boxes"))
_CONTEXT = "|".join(pattern_list(_FILE, "address_words"))
_LEADS = "|".join(pattern_list(_FILE, "address_leads"))
_BOX = re.compile(
    rf"(?<!\w)(?i:{_BOXES})\.?:? (?:nr )?\d{{1,6}}(?!\w)"
    r"|(?<!\w)(?i:psc|cmr|unit) \d{3,5},? (?i:box) \d{1,5}"
)
_MILITARY = re.compile(
    rf"(?<!\w)(?:US[A-Z]{{1,4}} {CAPITAL}\w{{1,20}}\s)?(?i:[afd]po a[aep]) \d{{5}}(?!\w)"
)
_TOLD = re.compile(rf"(?<!\w)(?:{_CONTEXT})(?!\w)(?:.{{0,60}}\s)?(?:{_LEADS})?[:,]?\s?$", re.DOTALL)
_LED = re.compile(rf"(?<!\w)(?:{_LEADS})[:,]?\s$|:\s$|(?:{_CONTEXT}):?\s$")
_FOLLOWS = re.compile(
    rf",?\s\W{{0,4}}{UNIT}"
    rf"|(?:,\s?|\n\s?)(?:[A-Z]{{1,2}}-)?(?:\d{{2}}-\d{{3}}|\d{{4,5}}) {CAPITAL}\w"
)
_UNIT_BEFORE = re.compile(rf"(?<!\w){UNIT},?\s$")
_YEAR = re.compile(r"(?:19|20)\d{2}(?!\d)")
_REACH, _CLOSE = 75, 20
Place = tuple[int, int]


def _boxes(text: str) -> Iterator[Place]:
    for pattern in (_BOX, _MILITARY):
        for match in pattern.finditer(text):
            yield match.span()


def _is_named(text: str, folded: str, match: re.Match[str]) -> bool:
    """Whether the words before, a flat, or a postcode behind make this an address."""
    words = re.findall(r"[^\W\d_]{3,}", folded[match.start() : match.end()])
    if any(word in ordinary_words() for word in words) or _YEAR.search(match[0]):
        return False
    if _FOLLOWS.match(text, match.end()):
        return True
    if _UNIT_BEFORE.search(text[max(0, match.start() - _CLOSE) : match.start()]):
        return True
    before = folded[max(0, match.start() - _REACH) : match.start()]
    return bool(_LED.search(before) and _TOLD.search(before))


def _named(text: str) -> Iterator[Place]:
    folded = fold(text)
    for match in WORDS_AND_NUMBER.finditer(text):
        if _is_named(text, folded, match):
            yield match.span()


def addresses_in(text: str) -> Iterator[Place]:
    """Where addresses stand, from flat or number to postcode."""
    for find in (_boxes, streets_in, _named):
        for start, end in find(text):
            yield start_of_address(text, start), end_of_address(text, end, boxed=find is _boxes)
