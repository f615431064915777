"""Swearing, insults and slurs, also in disguise: f*ck, sh1t, f.u.c.k, shiiit.

Words are looked up whole or by stem, never inside other words, so Scunthorpe stays a town.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import regex

from service.guards.foul_words import lexicon

_LETTERS = str.maketrans({"4": "a", "@": "a", "3": "e", "1": "i", "!": "i", "|": "i", "0": "o",
                          "$": "s", "5": "s", "7": "t", "€": "e", "+": "t", "ß": "ß"})  # fmt: skip
# Letters of other scripts that look like ours.
_ALIKE = str.maketrans("аеорсухкіѕјԁɡαοεκτυν", "aeopcyxkisjdgaoektuv")
_UNSEEN = regex.compile(r"[\u00ad\u200b-\u200f\u2060-\u2064\ufeff\u0335-\u0338\p{Cf}]")
_HIDING = regex.compile(r"(?<=\p{L})[*#@%$!\p{Extended_Pictographic}\ufe0f\p{So}]+(?=\p{L})")
_TOKEN = regex.compile(r"[^\s,;:()\[\]{}«»„“”\"/…—–]+")
_EDGE = "'’‘`.!?-_~|<>=&%#^"
_SPACED = regex.compile(r"(?<!\w)(?:\p{L}[\s.\-_*]{1,2}){2,11}\p{L}(?!\w)")
_MASK = regex.compile(r"[*#_.\-·•]")
# A beginning that leaves the rest to the reader: `Sch...`, `f...ing`.
_BROKEN_OFF = regex.compile(
    r"(?i)(?<!\w)(?:(?:sch|schei(?:ß|ss)?|fu|fuc|sh|kur|kurw|spier|pierd|mier|hij|jod|gilip|arschl)"
    r"(?:\.{2,4}|…)(?=[\s,.!?]|$)|[fk](?:\.{2,4}|…)(?:ing|ed|ck\w*|a|wa)(?!\w))"
)
_LONG_RUN = regex.compile(r"(\p{L})\1{2,}")
_ADDRESS = regex.compile(r"@\w|\w@|://|www\.|^\#|\.\p{L}{2,}/")
_FEWEST_MASKED = 3
_LONGEST_ENDING = 3


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


@lru_cache(maxsize=2048)
def _fits_a_mask(token: str) -> bool:
    """Whether letters and stars spell a listed word: f*ck, s**t, k***a, sch***e."""
    masked = _HIDING.sub(lambda m: "*" * max(1, len(m.group().rstrip("\ufe0f"))), token)
    inner = masked.casefold().replace("#", "*")
    if not regex.fullmatch(r"\p{L}[\p{L}*]*\*[\p{L}*]*", inner) or len(inner) < _FEWEST_MASKED:
        return False
    if "*" not in token and len(inner) < _FEWEST_MASKED + 1:
        return False
    if token[0].isupper() and sum(char.isalpha() for char in token) == 1:
        return False  # a name made unreadable: K***
    words = lexicon().always
    return any(_spells(inner, word) for word in words.whole) or any(
        _spells(inner, stem, open_end=True) for stem in words.stems
    )


def _spells(masked: str, word: str, *, open_end: bool = False) -> bool:
    """Whether each letter that is left stands in the word too; behind a stem more may follow."""
    if "ss" in word and _spells(masked, word.replace("ss", "ß"), open_end=open_end):
        return True
    longer = len(masked) - len(word)
    if longer > (_LONGEST_ENDING if open_end else 0) or longer < -_LONGEST_ENDING:
        return False
    return all(one in ("*", other) for one, other in zip(masked, word, strict=False))


@lru_cache(maxsize=4096)
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


def _latin(token: str) -> str:
    """Wide and look-alike letters as the ones they pass for, where the word mixes scripts."""
    plain = unicodedata.normalize("NFKC", token)
    mixed = regex.search(r"\p{Latin}", plain) and regex.search(r"[\p{Cyrillic}\p{Greek}]", plain)
    return plain.casefold().translate(_ALIKE) if mixed else plain


def _without_harmless(text: str, language: str) -> str:
    """The text with phrases blanked in which a listed word is none."""
    pattern = lexicon().harmless.get(language)
    return pattern.sub(lambda m: " " * len(m.group()), text) if pattern else text


def find_foul_words(text: str, language: str) -> list[Foul]:
    """Swear words, insults and slurs in any of the languages, disguised ones too."""
    text = _without_harmless(text, language)
    found = list(_spaced_out(text))
    found += [Foul(*match.span()) for match in _BROKEN_OFF.finditer(text)]
    for start, end, token in _tokens(text):
        bare = _UNSEEN.sub("", _latin(token))
        parts = bare.split("-") if "-" in bare else ()
        if _is_foul(bare, language) or any(_fits_a_mask(one) for one in (bare, *parts) if one):
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
