"""Postcodes: with their town, in a shape that nothing else has, or called so."""

import re
from collections.abc import Iterator

from service.text.capitals import CAPITAL
from service.text.folding import fold
from service.text.gazetteer import ordinary_words
from service.text.wordlists import HERE, pattern_list, read_list

_TOWN = rf"{CAPITAL}[\w'’-]{{1,25}}"
_AREAS = (
    "AB|AL|BA|BB|BD|BH|BL|BN|BR|BS|BT|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|DT|DY|EC|EH"
    "|EN|EX|FK|FY|GL|GU|GY|HA|HD|HG|HP|HR|HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW|KY|LA|LD|LE|LL|LN|LS|LU|ME|MK"
    "|ML|NE|NG|NN|NP|NR|NW|OL|OX|PA|PE|PH|PL|PO|PR|RG|RH|RM|SA|SE|SG|SK|SL|SM|SN|SO|SP|SR|SS|ST|SW|SY|TA"
    "|TD|TF|TN|TQ|TR|TS|TW|UB|WA|WC|WD|WF|WN|WR|WS|WV|YO|ZE|[BEGLMNSW]"
)
_STATES = (
    "A[LKZR]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]"
    "|UT|V[AT]|W[AIVY]|PR"
)
BRITISH = rf"(?:{_AREAS})\d[A-Z\d]? \d(?!GB|TB|KG|KW|HD|AM|PM|ST|ND|TH)[ABD-HJLNP-UW-Z]{{2}}"
CANADIAN = r"[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] \d[ABCEGHJ-NPRSTV-Z]\d"
AMERICAN = rf"(?:{_STATES}) \d{{5}}(?:-\d{{4}})?"
_SURE = re.compile(
    rf"(?<![\w-])(?:{BRITISH}|{CANADIAN}|(?:{_TOWN},? ){{0,2}}{AMERICAN}"
    rf"|\d{{2}}-\d{{3}}(?! ?(?:zł|PLN|EUR|€|\d))(?: {_TOWN})?"
    rf"|(?:A|D|CH|PL|E|F|I|NL|B|L)-\d{{4,5}}(?: {_TOWN})?|(?<!\d )\d{{4}}-\d{{3}} {_TOWN}"
    rf"|{_TOWN},? \d{{4}}-\d{{3}}"
    rf"|\d{{4}} (?!AM|PM|GB|TB|MB|ML|KG|KM|HP|EU|US)[A-Z]{{2}},? {_TOWN})(?![\w-])"
)
_BEFORE_TOWN = re.compile(
    r"(?:(?<=, )|(?<=[iIeE]n )|(?i:(?<=plz )|(?<=cp ))|^|(?<=\n))"
    rf"(\d{{5}}|\d{{3}} \d{{2}}) ({_TOWN})",
)
_TOWN_FIRST = re.compile(
    rf"(?<=\bin )({_TOWN}(?: {_TOWN}){{0,2}}),? (\d{{4,5}})(?=\s[a-z]|[,.;!?]|$)"
)
_CALLED = re.compile(
    rf"(?<!\w)(?:{'|'.join(pattern_list(HERE / 'personal.yaml', 'postcode_words'))})(?!\w)"
    r"(?: (?:is|was|to|es|ist|lautet|was changed to|of|nr))?[ :#(-]{1,3}"
)
_CODE = re.compile(
    r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}(?!\w)|[A-Z]\d[A-Z] ?\d[A-Z]\d(?!\w)|\d{4} ?[A-Z]{2}(?!\w)"
    r"|\d{3} \d{2}(?!\w)|\d{2,6}(?:-\d{2,4})?(?!\w)",
    re.IGNORECASE,
)
_PLACES = frozenset(str(read_list(HERE / "personal.yaml")["postcode_towns"]).split())
_YEAR = re.compile(r"(?:19|20)\d{2}")


def _with_town(text: str) -> Iterator[tuple[int, int]]:
    for match in _BEFORE_TOWN.finditer(text):
        if fold(match[2]) not in ordinary_words() or fold(match[2]) in _PLACES:
            yield match.span()
    for match in _TOWN_FIRST.finditer(text):
        words = fold(match[1]).split()
        if not _YEAR.fullmatch(match[2]) and not any(word in ordinary_words() for word in words):
            yield match.span(2)


def postcodes_in(text: str) -> Iterator[tuple[int, int]]:
    """Where postcodes stand, with the town where that makes them known."""
    for match in _SURE.finditer(text):
        yield match.span()
    yield from _with_town(text)
    for called in _CALLED.finditer(fold(text)):
        if code := _CODE.match(text, called.end()):
            yield code.span()
