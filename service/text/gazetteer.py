"""Known given names and surnames, and the capitalised words that are neither."""

import re
from functools import cache, lru_cache

from service.text.folding import fold
from service.text.function_words import WORDS
from service.text.wordlists import HERE, pattern_list, read_list

_GIVEN = HERE / "given_names.yaml"
_SURNAMES = HERE / "surnames.yaml"
_NO_NAMES = HERE / "not_names.yaml"
# Polish and Czech surnames of this shape look like adjectives: `Europejski`.
_ADJECTIVE = re.compile(r"(?:sk|ck)(?:i|a|y|iego|iej|iemu|im)$")
_SHORTEST, _LONGEST = 5, 30
_LANGUAGES = ("en", "pl", "es", "de")
_PLACES = frozenset({"new", "san", "santa", "saint", "st", "los", "las", "fort", "mount", "el"})


_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "ß": "ss", "đ": "d", "ð": "d", "þ": "th", "œ": "oe"})


def _key(word: str) -> str:
    """A folded word with the letters that folding leaves, as those without them type it."""
    return word.translate(_LETTERS)


def _words(entry: object) -> frozenset[str]:
    return frozenset(_key(fold(str(entry))).split())


@cache
def ordinary_words() -> frozenset[str]:
    """Words that stand capitalised at a sentence's start, in signs, headings and German."""
    listed = read_list(_NO_NAMES)
    named = (fold(str(entry)).split() for key, entry in listed.items() if key != "brand_names")
    calendar = read_list(HERE / "calendar.yaml")
    times = (
        fold(str(w)) for key in ("months", "weekdays") for ws in calendar[key].values() for w in ws
    )
    small = (fold(word) for code in _LANGUAGES for word in WORDS[code])
    words = frozenset().union(*named, times, small, _PLACES)
    return words | {_key(word) for word in words}


@cache
def surnames() -> frozenset[str]:
    """Common surnames."""
    listed = read_list(_SURNAMES)
    return frozenset().union(
        *(_words(entry) for key, entry in listed.items() if key not in ("endings", "beginnings"))
    )


@cache
def _given() -> frozenset[str]:
    listed = read_list(_GIVEN)
    return frozenset().union(*(_words(entry) for key, entry in listed.items()))


@cache
def ambiguous_names() -> frozenset[str]:
    """Given names that are also something else."""
    return _words(read_list(_GIVEN)["ambiguous"]) | (_given() & ordinary_words())


def _inflected(name: str) -> set[str]:
    """The cases of a Polish given name."""
    if name.endswith("a"):
        return {name[:-1] + ending for ending in ("y", "i", "ie", "e", "o", "u")}
    stem = name[:-2] + "k" if name.endswith("ek") else name
    return {stem + ending for ending in ("a", "owi", "em", "iem", "ie", "u")}


@cache
def polish_cases() -> frozenset[str]:
    """Polish given names in all their cases, without those that are other words."""
    forms = frozenset().union(*(_inflected(name) for name in _words(read_list(_GIVEN)["polish"])))
    return forms - ordinary_words() - _given()


@cache
def brand_names() -> frozenset[str]:
    """Two words that begin like a person's name and are a brand's."""
    return frozenset(pattern_list(_NO_NAMES, "brand_names"))


@cache
def _shape() -> re.Pattern[str]:
    endings = "|".join(pattern_list(_SURNAMES, "endings"))
    beginnings = "|".join(pattern_list(_SURNAMES, "beginnings"))
    return re.compile(rf"[^\W\d_]+?(?:{endings})|(?:{beginnings})[^\W\d_]*")


@lru_cache(maxsize=4096)
def given_weight(word: str) -> float:
    """How surely a folded word is a given name, 0 to 3."""
    word = _key(word)
    parts = word.split("-")
    if not all(part in _given() for part in parts):
        return 2.0 if word in polish_cases() else 0.0
    return 2.0 if word in ambiguous_names() else 3.0


@lru_cache(maxsize=4096)
def surname_weight(word: str) -> float:
    """How surely a folded word is a surname, 0 to 2, and below where it is an everyday word."""
    word = _key(word)
    last = word.rsplit("-", 1)[-1]
    if last in surnames():
        return 2.0
    if word in ordinary_words() or last in ordinary_words():
        return -2.0
    if _SHORTEST <= len(last) <= _LONGEST and _shape().fullmatch(last):
        return 1.5 if _ADJECTIVE.search(last) else 2.0
    return 0.0 if word in _given() else 1.0
