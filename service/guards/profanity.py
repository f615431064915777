"""Swearing, insults and slurs, also in disguise: f*ck, sh1t, f.u.c.k, shiiit.

Words are looked up whole or by stem, never inside other words, so Scunthorpe stays a town.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import regex
import yaml

from service.guards.phrases import LEXICON, compile_phrases

_LETTERS = str.maketrans({"4": "a", "@": "a", "3": "e", "1": "i", "!": "i", "|": "i", "0": "o",
                          "$": "s", "5": "s", "7": "t", "€": "e", "+": "t", "ß": "ß"})  # fmt: skip
_UNSEEN = regex.compile(r"[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
_TOKEN = regex.compile(r"[^\s,;:()\[\]{}«»„“”\"/…—–]+")
_EDGE = "'’‘`.!?-_~|<>=&%#^"
_SPACED = regex.compile(r"(?<!\w)(?:\p{L}[\s.\-_*]{1,2}){2,11}\p{L}(?!\w)")
_MASK = regex.compile(r"[*#_.\-·•]")
_LONG_RUN = regex.compile(r"(\p{L})\1{2,}")
_ADDRESS = regex.compile(r"@\w|\w@|://|www\.|^\#|\.\p{L}{2,}/")
_FEWEST_MASKED = 3


@dataclass(frozen=True)
class _Words:
    whole: frozenset[str]
    stems: frozenset[str]

    def hold(self, word: str) -> bool:
        if word in self.whole:
            return True
        return any(word[:length] in self.stems for length in range(3, len(word) + 1))


@dataclass(frozen=True)
class Lexicon:
    """The word lists of all languages, and the phrases by language."""

    always: _Words
    repeated: frozenset[str]
    innocent: frozenset[str]
    elsewhere: dict[str, frozenset[str]]
    phrases: dict[str, regex.Pattern[str]]


def _listed(texts: dict[str, str]) -> list[str]:
    return [word.casefold() for text in texts.values() for word in text.split()]


@cache
def lexicon() -> Lexicon:
    """The lexicon, read once."""
    raw = yaml.safe_load((LEXICON / "hate_or_profanity.yaml").read_text("utf-8"))
    words = _listed(raw["words"])
    return Lexicon(
        always=_Words(
            whole=frozenset(word for word in words if not word.endswith("*")),
            stems=frozenset(word[:-1] for word in words if word.endswith("*")),
        ),
        repeated=frozenset(_listed(raw["repeated"])),
        innocent=frozenset(raw["innocent"].casefold().split()),
        elsewhere={
            code: frozenset(text.casefold().split()) for code, text in raw["elsewhere"].items()
        },
        phrases={code: compile_phrases(text) for code, text in raw["phrases"].items()},
    )


@dataclass(frozen=True)
class Foul:
    """A foul word and its place."""

    start: int
    end: int


def _readings(token: str) -> Iterator[str]:
    """The token as written, without its disguise, and with its long runs shortened."""
    folded = token.casefold()
    yield folded
    plain = _MASK.sub("", folded.translate(_LETTERS)).replace("'", "")
    for reading in dict.fromkeys((folded, plain)):
        yield reading
        yield _LONG_RUN.sub(r"\1\1", reading)
        yield _LONG_RUN.sub(r"\1", reading)


def _is_disguised_number(token: str) -> bool:
    """A model, order or flight number spells nothing: 455, B17CH-4."""
    letters = sum(char.isalpha() for char in token)
    return letters * 2 <= len(token.replace("*", "").replace(".", "")) and not _has_mask(token)


def _has_mask(token: str) -> bool:
    return bool(regex.search(r"(?<=\p{L})[*#]+", token))


def _fits_a_mask(token: str) -> bool:
    """Whether letters and stars spell a listed word: f*ck, s**t, k***a."""
    inner = token.casefold().translate(str.maketrans("#", "*"))
    if not regex.fullmatch(r"\p{L}[\p{L}*]*\*[\p{L}*]*", inner) or len(inner) < _FEWEST_MASKED:
        return False
    pattern = regex.compile(inner.replace("*", r"\w") + r"\w{0,3}")
    words = lexicon().always
    return any(pattern.fullmatch(word) for word in (*words.whole, *words.stems))


def _is_foul(token: str, language: str) -> bool:
    known = lexicon()
    word = token.casefold()
    if word in known.innocent or word in known.elsewhere.get(language, ()):
        return False
    if _ADDRESS.search(token) or _is_disguised_number(token):
        return False
    return any(known.always.hold(reading) for reading in _readings(token))


def _tokens(text: str) -> Iterator[tuple[int, int, str]]:
    """Words with their places; a star is kept only where it may hide a letter, not in **bold**."""
    for match in _TOKEN.finditer(text):
        start = match.start() + len(match.group()) - len(match.group().lstrip(_EDGE + "*"))
        emphasis = "*" if match.group().startswith("*") else ""
        core = match.group().lstrip(_EDGE + "*").rstrip(_EDGE + emphasis)
        if core:
            yield start, start + len(core), core


def _spaced_out(text: str) -> Iterator[Foul]:
    for match in _SPACED.finditer(text):
        word = "".join(char for char in match.group().casefold() if char.isalpha())
        if lexicon().always.hold(word):
            yield Foul(match.start(), match.end())


def find_foul_words(text: str, language: str) -> list[Foul]:
    """Swear words, insults and slurs in any of the languages, disguised ones too."""
    found = list(_spaced_out(text))
    for start, end, token in _tokens(text):
        bare = _UNSEEN.sub("", token)
        if _is_foul(bare, language) or _fits_a_mask(bare):
            found.append(Foul(start, end))
    return found


def find_repeated_abuse(text: str, customer: str) -> list[Foul]:
    """Words of abuse that the reply takes over from the customer."""
    theirs = {token.casefold() for _, _, token in _tokens(customer)} & lexicon().repeated
    return [Foul(s, e) for s, e, token in _tokens(text) if token.casefold() in theirs]


def find_insults(text: str, language: str) -> list[Foul]:
    """Phrases that insult without a foul word."""
    pattern = lexicon().phrases.get(language, lexicon().phrases["en"])
    return [Foul(match.start(), match.end()) for match in pattern.finditer(text)]
