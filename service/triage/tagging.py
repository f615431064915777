"""A text as tagged words: who is attacked, with what, and what stands around it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from service.triage.disguise import words_of
from service.triage.hostile_words import Lexicon, Tags, lexicon
from service.triage.written_words import Word

_BREAK = re.compile(r"[.!?…]+(?=\s|$|[\"”’»])|\n+")
_QUOTED = re.compile(
    r"[\"“”„«»‘][^\"“”„«»\n]{2,200}[\"“”»«]|(?<!\w)'[^'\n]{3,200}'(?!\w)|‘[^’\n]{3,200}’"
)
_ABUSED = frozenset({"dehuman", "insult", "slur"})
_LONG_GAP = 2
_PERSON_GAP, _SUBJECT_GAP = 1, 4
_SOMEBODY = frozenset({"they", "second", "first", "person", "individual", "group"})


@dataclass(frozen=True, slots=True)
class Tagged:
    """A word, what it is listed as, and whether it is quoted."""

    word: Word
    tags: Tags
    quoted: bool


@dataclass(frozen=True)
class Clause:
    """One sentence of tagged words; `asks` where it ends in a question mark."""

    words: tuple[Tagged, ...]
    start: int
    end: int
    asks: bool
    places: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def at(self, tag: str) -> tuple[int, ...]:
        """Where words of that tag stand, in order."""
        return self.places.get(tag, ())

    def quoted(self, position: int) -> bool:
        """Whether the word stands between quotation marks."""
        return self.words[position].quoted


def clauses_of(text: str, language: str) -> tuple[Clause, ...]:
    """The sentences of a text, each word tagged; a break inside a quotation is none."""
    words = words_of(text, language)
    listed = lexicon(language)
    quotes = [match.span() for match in _QUOTED.finditer(text)]
    breaks = [m for m in _BREAK.finditer(text) if not _inside(m.start(), quotes)]
    tags = _tags(words, listed)
    ends = [*(match.end() for match in breaks), len(text)]
    asks = [*("?" in match.group() for match in breaks), False]
    found: list[Clause] = []
    position, start = 0, 0
    for end, asking in zip(ends, asks, strict=True):
        first = position
        while position < len(words) and words[position].start < end:
            position += 1
        if position > first:
            tagged = tuple(
                Tagged(words[n], tags[n], _inside(words[n].start, quotes))
                for n in range(first, position)
            )
            found.append(Clause(tagged, start, end, asking, _places(tagged)))
        start = end
    return tuple(found)


def _inside(place: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)


def _places(tagged: Sequence[Tagged]) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    for position, word in enumerate(tagged):
        for tag in word.tags:
            found.setdefault(tag, []).append(position)
    return {tag: tuple(positions) for tag, positions in found.items()}


def _tags(words: Sequence[Word], listed: Lexicon) -> list[Tags]:
    forms = [word.form for word in words]
    tags = [listed.tags(form) for form in forms]
    for at, phrase_tag, length in _phrases(forms, listed):
        for n in range(at, at + length):
            tags[n] = tags[n] | {phrase_tag}
    for n in range(len(tags)):
        if _is_group(tags, n):
            tags[n] = tags[n] | {"group"}
    return tags


def _phrases(forms: list[str], listed: Lexicon) -> Iterator[tuple[int, str, int]]:
    for at in range(len(forms)):
        for phrase in listed.phrases_at(forms, at):
            yield at, phrase.tag, len(phrase.words)


def _is_group(tags: Sequence[Tags], n: int) -> bool:
    """`black` is a colour; a black man, and `he is black`, is a person."""
    if "trait" not in tags[n]:
        return False
    near = tags[n + 1 : n + 1 + _LONG_GAP]
    before = tags[max(0, n - _PERSON_GAP) : n]
    is_said = any("copula" in t for t in before)
    if is_said and not any(t & _SOMEBODY for t in tags[max(0, n - _SUBJECT_GAP) : n]):
        return False  # the salad is brown
    abused = any(t & _ABUSED for t in tags[n + 1 : n + 2])
    return abused or is_said or any("person" in t for t in (*near, *before))
