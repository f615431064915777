"""Which language a text is in, on lingua's models: nothing leaves the machine.

Two detectors share the work. A wide one knows most European languages at low accuracy (20 MB);
a close one knows only the brand's own at high accuracy (about 40 MB a language). What the wide
one takes for a foreign language must also look foreign by its small words.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

import regex

from service.text.function_words import function_word_share

if TYPE_CHECKING:
    from lingua import LanguageDetector

DEFAULT_LANGUAGES = ("en", "pl", "es", "de")
_ABROAD = ("fr", "it", "pt", "nl", "cs", "uk", "sv", "da", "hu", "ro", "tr", "ru", "sk")
_WIDE = (*DEFAULT_LANGUAGES, *_ABROAD)
_LINGUA_NAMES = {"no": "nb"}
_OWN_NAMES = {"nb": "no"}

_NOISE = regex.compile(
    r"""https?://\S+ | www\.\S+ | [\w.+-]+@[\w-]+\.\w+   # addresses
    | [@\#^*]\w+                                        # handles, hashtags, agents' initials
    | \w*\p{Ll}\p{Lu}\w*                               # names of products: iOS, YouTube
    | [^\p{L}\p{M}\s'’]+ | \w*\d\w*                     # signs, emoji, numbers
    """,
    regex.VERBOSE,
)
_READ_CHARS = 2_000
_FEWEST_LETTERS = 3

# Measured on our samples and 2,400 public texts in four languages: 0 to 1 mistakes.
_SMALL_WORD_WEIGHT = 8.0
_PREFERRED_BONUS = 2.5

# A block needs more than the likeliest guess: enough words, and a clear lead.
_FEWEST_WORDS_TO_JUDGE = 3
_FEWEST_LETTERS_TO_JUDGE = 12
CLEAR_LEAD = 1.0
"""No false alarm on 2,400 texts, and 1 in 200 strangers missed; 4.0 misses 1 in 10."""

# A few words say little: the first language stays unless another one is clearly likelier.
_SHORT_LETTERS, _SHORT_LETTERS_ABROAD = 25, 12


def _codes_known_to_lingua(languages: tuple[str, ...]) -> list[str]:
    from lingua import IsoCode639_1

    names = (_LINGUA_NAMES.get(code, code).upper() for code in dict.fromkeys(languages))
    return [name for name in names if hasattr(IsoCode639_1, name)]


@cache
def _detector(languages: tuple[str, ...], *, close: bool) -> LanguageDetector | None:
    """Build once per set of languages; None where there is no choice to make."""
    from lingua import IsoCode639_1, LanguageDetectorBuilder

    codes = _codes_known_to_lingua(languages)
    if len(codes) < 2:
        return None
    builder = LanguageDetectorBuilder.from_iso_codes_639_1(
        *(getattr(IsoCode639_1, code) for code in codes)
    )
    return (builder if close else builder.with_low_accuracy_mode()).build()


def warm_up(languages: tuple[str, ...] = DEFAULT_LANGUAGES) -> None:
    """Load the models for these languages, so that the first customer does not wait for them."""
    for text in ("Where is my parcel?", "Wo bleibt mein Paket und warum antwortet niemand?"):
        is_other_language(text, languages[0], languages)
        detect(text, languages)


def _words(text: str) -> list[str]:
    plain = _NOISE.sub(" ", text[:_READ_CHARS]).replace("’", "'")
    return plain.lower().split()


def _scores(
    words: list[str], languages: tuple[str, ...], preferred: tuple[str, ...], *, close: bool
) -> dict[str, float]:
    """Log probability, small words and preference in one figure per language."""
    detector = _detector(languages, close=close)
    if detector is None:
        return {preferred[0]: 0.0}
    found: dict[str, float] = {}
    for value in detector.compute_language_confidence_values(" ".join(words)):
        name = value.language.iso_code_639_1.name.lower()
        code = _OWN_NAMES.get(name, name)
        found[code] = (
            math.log(max(value.value, 1e-6))
            + _SMALL_WORD_WEIGHT * function_word_share(words, code)
            + (_PREFERRED_BONUS if code in preferred else 0.0)
        )
    return found


def _best(scores: Mapping[str, float]) -> str:
    return max(scores, key=lambda code: scores[code])


def _wide_languages(preferred: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*_WIDE, *preferred)))


def detect(text: str, preferred: tuple[str, ...] = DEFAULT_LANGUAGES) -> str:
    """The text's language (ISO 639-1): likelier one of the preferred, the first when unclear."""
    words = _words(text)
    if sum(map(len, words)) < _FEWEST_LETTERS:
        return preferred[0]
    wide = _best(_scores(words, _wide_languages(preferred), preferred, close=False))
    scores = _scores(words, preferred, preferred, close=True)
    close = _best(scores)
    short = _SHORT_LETTERS if wide in preferred else _SHORT_LETTERS_ABROAD
    if sum(map(len, words)) < short and scores[close] - scores.get(preferred[0], 0) < 1:
        return preferred[0]
    if wide in preferred:
        return close
    looks_native = function_word_share(words, close) > function_word_share(words, wide)
    return close if looks_native else wide


def is_other_language(
    text: str, expected: str, preferred: tuple[str, ...], *, lead: float = CLEAR_LEAD
) -> bool:
    """Whether a text is so clearly in another language than expected that a reply may be held."""
    words = _words(text)
    too_short = len(words) < _FEWEST_WORDS_TO_JUDGE
    if too_short or sum(map(len, words)) < _FEWEST_LETTERS_TO_JUDGE:
        return False
    known = tuple(dict.fromkeys((expected, *preferred)))
    found = detect(text, known)
    if found == expected:
        return False
    close = found in known
    languages = known if close else _wide_languages(known)
    scores = _scores(words, languages, (expected,), close=close)
    return expected in scores and scores.get(found, 0.0) - scores[expected] > lead
