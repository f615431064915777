"""Parts of what the customer gave: a surname, a street, a house number, the end of a number."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from service.domain.brand import Brand
from service.domain.thread import Case
from service.guards.sources import case_texts, customer_texts, public_texts
from service.text.folding import fold
from service.text.gazetteer import given_weight
from service.text.people import introduced_names
from service.text.personal_data import PersonalData, PersonalKind, find_personal_data
from service.text.specifics import find_specifics
from service.text.stems import stems
from service.text.wordlists import patterns

_LISTS = patterns(Path(__file__).with_name("lexicon") / "facts_fragments.yaml")
_CAPITALISED = re.compile(r"(?<![\w@#])[^\W\d_a-z][\w'’-]{2,30}")
_DIGITS = re.compile(r"(?<![\w.,:€$£])\d{2,12}(?![\w%€$£]|[.,:]\d)")
_LONG = re.compile(r"\d{5,}")
_NUMBERS = re.compile(r"\d{3,}")
_GROUPED = re.compile(r"(?<![\w.,-])\d{2,6}(?:[ -]\d{2,6}){1,4}(?![\w.,-]\d)")
_DATE = re.compile(r"(?:19|20)\d\d-\d\d(?:-\d\d)?|\d\d-\d\d-\d{2,4}|\d\d-\d{3}")
_MODEL = re.compile(r"[a-z]{1,6}[- ]?\d{1,4}[a-z]{0,3}")
_LEAST_NAME, _LEAST_DIGITS, _LEAST_CUED, _LEAST_GROUPED = 3, 4, 2, 6
_CLOSE = 30
Place = tuple[int, int]


@lru_cache(maxsize=256)
def _found(text: str) -> tuple[PersonalData, ...]:
    return find_personal_data(text)


def names_given(case: Case) -> tuple[str, ...]:
    """Full names of people in the case, a lone surname with a blank first name before it."""
    author = case.complaint.author_name
    names = [author] if author else []
    for text in case_texts(case):
        names += introduced_names(text)
        names += [one.text for one in _found(text) if one.kind is PersonalKind.NAME]
        names += [f"X {name}" for name in _named_alone(text)]
    return tuple(dict.fromkeys(names))


def _named_alone(text: str) -> Iterator[str]:
    """`Surname is Brandvold`: a capital is what makes it a name."""
    for match in _LISTS["surname"].finditer(fold(text)):
        written = text[match.start("name") : match.end("name")]
        followed = _CAPITALISED.match(text, match.end("name") + 1)
        if written[:1].isupper() and not followed and given_weight(fold(written)) <= 0:
            yield written


def surnames_shown(reply: str, case: Case) -> Iterator[Place]:
    """Surnames of the case's people, with their endings, where the reply repeats them."""
    family = {part for name in names_given(case) for part in name.split()[1:]}
    wanted = {fold(part).strip(".,'") for part in family if part[:1].isupper()}
    wanted = {part for part in wanted if len(part) >= _LEAST_NAME}
    for match in _CAPITALISED.finditer(reply) if wanted else ():
        word = fold(match.group())
        if any(_is_form_of(word, name) for name in wanted):
            yield match.span()


def _is_form_of(word: str, name: str) -> bool:
    stem = name[:-1] if len(name) > 4 and name[-1] in "aiye" else name
    word = word.removesuffix("'s")
    return word.startswith(stem) and len(word) - len(stem) <= (4 if len(stem) > 3 else 1)


def _addresses(case: Case) -> Iterator[str]:
    for text in customer_texts(case):
        yield from (one.text for one in _found(text) if one.kind is PersonalKind.ADDRESS)
        for match in _LISTS["street"].finditer(fold(text)):
            written = text[match.start() : match.end()]
            if any(word[:1].isupper() for word in written.split()):
                yield written


def streets_shown(reply: str, case: Case) -> Iterator[Place]:
    """The street, or the house number as such, of an address that the customer gave."""
    for address in _addresses(case):
        near = address.split(",")[0]
        secret = stems(" ".join(_CAPITALISED.findall(near))) - stems(_GENERIC)
        for match in _CAPITALISED.finditer(reply) if secret else ():
            if stems(match.group()) & secret:
                yield match.span()
        numbers = set(re.findall(r"\d+", near))
        for match in _LISTS["house"].finditer(fold(reply)) if numbers else ():
            if match["number"] in numbers:
                yield match.span()


_GENERIC = (
    "street road avenue lane close court place square drive terrace gardens crescent hill house"
    " flat ulica ulicy aleja osiedle plac mieszkanie calle avenida plaza paseo piso"
    " Straße Platz Allee"
)


def _grouped(text: str) -> Iterator[tuple[int, int, str]]:
    """Numbers written in groups, `4471-2290`, as bare digits; dates are none."""
    for match in _GROUPED.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        if len(digits) >= _LEAST_GROUPED and not _DATE.fullmatch(match.group()):
            yield match.start(), match.end(), digits


def _long_numbers(texts: Iterable[str]) -> set[str]:
    """The digits of every number that could point to a person."""
    numbers: set[str] = set()
    for text in texts:
        pieces = [found.text for found in _found(text)] + _LONG.findall(text)
        numbers.update(re.sub(r"\D", "", piece) for piece in pieces)
        numbers.update(digits for _, _, digits in _grouped(text))
    return {digits for digits in numbers if len(digits) >= _LEAST_DIGITS}


def numbers_shown(reply: str, case: Case) -> Iterator[Place]:
    """The first or last digits of a number that the case gives."""
    shown = list(_DIGITS.finditer(reply))
    numbers = _long_numbers(case_texts(case)) if shown else set()
    measured = [(one.start, one.end) for one in find_specifics(reply) if one.unit] if shown else []
    folded = fold(reply)
    for match in shown:
        digits, start = match.group(), match.start()
        cued = bool(_LISTS["part_of"].search(folded[max(0, start - _CLOSE) : start]))
        enough = len(digits) >= (_LEAST_CUED if cued else 3)
        part = any(
            full != digits and (full.endswith(digits) or (cued and full.startswith(digits)))
            for full in numbers
        )
        if enough and part and (cued or not any(low <= start < high for low, high in measured)):
            yield match.span()
    for start, end, digits in _grouped(reply) if numbers else ():
        if digits in numbers:
            yield start, end
    yield from _masked(reply, numbers)


def _masked(reply: str, numbers: set[str]) -> Iterator[Place]:
    """`0151…8890`, `**** 8890`: the gap hides too little."""
    for match in _LISTS["masked"].finditer(reply) if numbers else ():
        ends = [piece for piece in re.findall(r"\d+", match.group()) if len(piece) > 1]
        if ends and any(full.endswith(ends[-1]) or full.startswith(ends[0]) for full in numbers):
            yield match.span()


def private_numbers_shown(reply: str, case: Case, private: str) -> Iterator[Place]:
    """Digits that only a private note holds."""
    told = {digits for text in public_texts(case) for digits in _NUMBERS.findall(text)}
    secret = set(_NUMBERS.findall(private)) - told
    measured = [(one.start, one.end) for one in find_specifics(reply) if one.unit] if secret else []
    for match in _DIGITS.finditer(reply) if secret else ():
        inside = any(low <= match.start() < high for low, high in measured)
        if match.group() in secret and not inside:
            yield match.span()


def is_model(found: PersonalData, reply: str, case: Case) -> bool:
    """A product's type, `DX-2210`: letters and few digits that nobody calls an order's number."""
    if found.kind is not PersonalKind.REFERENCE or not _MODEL.fullmatch(fold(found.text)):
        return False
    plain = fold(found.text)
    for text in (reply, *case_texts(case)):
        folded = fold(text)
        for match in re.finditer(re.escape(plain), folded):
            if _LISTS["ordered"].search(folded[max(0, match.start() - _CLOSE) : match.start()]):
                return False
    return True


def is_our_own_name(name: str, reply: str, end: int, brand: Brand) -> bool:
    """The agent's own name: where the reply ends, or one that the brand's settings hold."""
    settings = " ".join((brand.signature, brand.voice, *(one.owner for one in brand.escalation)))
    words = re.findall(r"[^\W\d_]{3,}", name)
    if all(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", settings) for word in words):
        return True
    tail = _LISTS["signature"].fullmatch(fold(reply[end:]).replace(fold(brand.name), ""))
    return bool(tail)
