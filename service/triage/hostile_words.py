"""The lexicon of hostile talk: which words attack, which are attacked, which speak against it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from service.text.folding import fold
from service.text.function_words import WORDS
from service.text.wordlists import read_list

HERE = Path(__file__).parent / "hostile"
LANGUAGES = ("en", "pl", "es", "de")
PLAIN: frozenset[str] = frozenset()
MARKED = frozenset({"group", "slur", "dehuman", "derog", "kill", "hate", "expel", "repel"})
"""Tags worth uncovering when their words come in disguise."""
_FEWEST_STEM = 6
_KEY = 2
"""Letters under which a phrase is kept whose first word is a stem."""
_ENDING = 5
"""Letters in an entry such as `-arlos`: Spanish hangs its pronouns on the verb."""
_NAMES = frozenset({"group", "slur", "hate", "trait"})
_FEWEST_OF_OTHERS = 8
"""An attribute with a letter missing is often just another word: garage, garbage."""

Tags = frozenset[str]
_ODD_START = re.compile(r"(?:[bcdfgjkmnpqrtvwxz][bcdfgjkmnpqtvxz]|[mnrw][lr])[aeiou]")


@dataclass(frozen=True)
class Phrase:
    """Several words in a row; `*` ends a stem and `_` is any word."""

    words: tuple[str, ...]
    tag: str

    def fits(self, forms: list[str], at: int) -> bool:
        """Whether the phrase stands at this place."""
        if at + len(self.words) > len(forms):
            return False
        return all(_alike(w, forms[at + n]) for n, w in enumerate(self.words))


def _alike(wanted: str, form: str) -> bool:
    if wanted.endswith("*"):
        return form.startswith(wanted[:-1])
    return wanted in ("_", form)


@dataclass(frozen=True)
class Lexicon:
    """The words of one language, or of all where the language is unknown."""

    whole: dict[str, Tags]
    stems: dict[str, Tags]
    phrases: dict[str, tuple[Phrase, ...]]
    endings: dict[str, Tags]
    holed: dict[str, str]
    small: frozenset[str]
    ordinary: frozenset[str]
    longest: int

    def tags(self, form: str) -> Tags:
        """All that a word is listed as."""
        found = self.whole.get(form, PLAIN) | self.endings.get(form[-_ENDING:], PLAIN)
        for length in range(2, min(len(form), self.longest) + 1):
            found = found | self.stems.get(form[:length], PLAIN)
        return found

    def is_plain(self, form: str) -> bool:
        """An everyday word that no disguise should be read into."""
        return form in self.small or form in self.ordinary

    def unholed(self, form: str) -> str | None:
        """The listed word that lacks one letter here."""
        if form in self.holed:
            return self.holed[form]
        lengths = range(_FEWEST_STEM - 1, len(form))
        return next((self.holed[k] for n in lengths if (k := form[:n] + "*") in self.holed), None)

    def phrases_at(self, forms: list[str], at: int) -> Iterator[Phrase]:
        """The phrases that begin at this place."""
        for key in {forms[at], forms[at][:_KEY]}:
            for phrase in self.phrases.get(key, ()):
                if phrase.fits(forms, at):
                    yield phrase


def _entries(language: str) -> Iterator[tuple[str, str]]:
    for tag, listed in read_list(HERE / f"{language}.yaml").items():
        for raw in str(listed).split(","):
            entry = " ".join(fold(raw).replace("ß", "ss").replace("'", "").split())
            if entry:
                yield tag, entry


def _with_hole(entry: str) -> Iterator[str]:
    """The word with one letter missing: not the first, and of a stem not the last."""
    word, star = (entry[:-1], "*") if entry.endswith("*") else (entry, "")
    for n in range(1, len(word) - bool(star)):
        left = word[:n] + word[n + 1 :]
        if len(word) >= _FEWEST_STEM or (not star and _unspeakable(left)):
            yield left + star


def _unspeakable(word: str) -> bool:
    """No word at all: `trns`, `gy`, `wmen`; a short word may lose a letter only so."""
    if len(word) < 2 or not any(vowel in word for vowel in "aeiou"):
        return True
    return _ODD_START.match(word) is not None


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon for a language; of all four together for any other."""
    return _build((language,) if language in LANGUAGES else LANGUAGES)


def _build(languages: tuple[str, ...]) -> Lexicon:
    whole: dict[str, Tags] = {}
    stems: dict[str, Tags] = {}
    phrases: dict[str, tuple[Phrase, ...]] = {}
    endings: dict[str, Tags] = {}
    holed: dict[str, str] = {}
    for tag, entry in (pair for language in languages for pair in _entries(language)):
        if " " in entry:
            phrase = Phrase(tuple(entry.split()), tag)
            first = phrase.words[0]
            key = first[:_KEY] if first.endswith("*") else first
            phrases[key] = (*phrases.get(key, ()), phrase)
            continue
        if entry.startswith("-"):
            endings[entry[1:]] = endings.get(entry[1:], PLAIN) | {tag}
            continue
        known, word = (stems, entry[:-1]) if entry.endswith("*") else (whole, entry)
        known[word] = known.get(word, PLAIN) | {tag}
        if tag in _NAMES or (tag in MARKED and len(entry) >= _FEWEST_OF_OTHERS):
            holed.update(dict.fromkeys(_with_hole(entry), word))
    small = frozenset(
        fold(w).replace("'", "") for language in languages for w in WORDS.get(language, ())
    )
    ordinary = frozenset(word for word, tags in whole.items() if "ordinary" in tags)
    longest = max(map(len, stems))
    return Lexicon(whole, stems, phrases, endings, holed, small, ordinary, longest)
