"""Full names of any people: a known given name, a surname's look, and the words around."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from service.text.folding import fold
from service.text.gazetteer import brand_names, given_weight, ordinary_words, surname_weight
from service.text.name_context import name_context
from service.text.wordlists import HERE, pattern_list, read_list

_FILE = HERE / "personal.yaml"
_TOKEN = re.compile(r"(?<![\w@#/&.])[^\W\d_][^\W_'’]*(?:['’-][^\W\d_]+)*\.?")
_PARTICLES = frozenset(str(read_list(_FILE)["particles"]).split())
_CAPITAL_PARTICLES = frozenset(str(read_list(_FILE)["capital_particles"]).split())
_BETWEEN_SURNAMES = frozenset({"de", "del", "la"})
_GERMAN_PARTICLES = frozenset({"von", "der", "den", "zu", "van"})
_JUNIOR = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii"})
_AND = re.compile(r"(?:,| and| und| y| i| oraz| &) ")
_MOST_WORDS, _JOINED = 5, 1.0
_ENOUGH, _INITIAL, _AMBIGUOUS = 3.5, 1.5, 2.0
_STREETS = "|".join(pattern_list(_FILE, "street_after")).split("|")
_ORGANISATIONS = fold(str(read_list(HERE / "not_names.yaml")["organisations"])).split()
_BUSINESS = frozenset(
    {*_STREETS, *_ORGANISATIONS, "park", "airport", "hospital", "school", "university"}
)


@dataclass(frozen=True, slots=True)
class _Word:
    """One word of a run of capitalised words."""

    start: int
    end: int
    text: str
    plain: str

    @property
    def is_initial(self) -> bool:
        return len(self.plain) == 1

    @property
    def is_particle(self) -> bool:
        return self.text in _PARTICLES or self.text in _CAPITAL_PARTICLES


def _word(match: re.Match[str], folded: str) -> _Word:
    start, end = match.span()
    text = match[0]
    if text.endswith(".") and len(text) > 2 and text.lower() not in _JUNIOR:
        text = text[:-1]
    if text.endswith(("'s", "’s")):
        text = text[:-2]
    end = start + len(text)
    return _Word(start, end, text, folded[start:end].rstrip("."))


def _runs(text: str) -> Iterator[list[_Word]]:
    """Capitalised words that stand side by side, with particles between them."""
    folded = fold(text)
    run: list[_Word] = []
    for match in _TOKEN.finditer(text):
        if not (match[0][0].isupper() or (run and match[0] in _PARTICLES)):
            continue
        word = _word(match, folded)
        if run and text[run[-1].end : word.start] != " ":
            yield run
            run = []
        if run or not word.is_particle:
            run.append(word)
    if run:
        yield run


def _can_be_named(word: _Word, *, first: bool) -> bool:
    if first and (word.is_particle or len(word.text) == 1):
        return given_weight(word.plain) > 0
    if word.is_initial or word.is_particle or word.text.lower() in _JUNIOR:
        return True
    if first:
        return word.plain not in ordinary_words() or given_weight(word.plain) > 0
    if word.plain in ordinary_words():
        return surname_weight(word.plain) > 0
    return not (word.text.isupper() and surname_weight(word.plain) <= 1)


def _adds(word: _Word, known: bool) -> bool:
    """Whether a word can still follow a surname: another one, or what leads to one."""
    return known or word.text in _BETWEEN_SURNAMES or word.text.lower() in _JUNIOR


def _reach(run: list[_Word], first: int) -> int:
    """The index behind the last word that can belong to the name."""
    end = first
    settled = False
    while end < len(run) and end - first < _MOST_WORDS:
        word = run[end]
        known = surname_weight(word.plain) > 1
        if not _can_be_named(word, first=end == first) or (settled and not _adds(word, known)):
            break
        if (
            word.text in _GERMAN_PARTICLES
            and end - first > 1
            and not given_weight(run[end - 1].plain)
        ):
            break
        settled = settled or (end > first and known)
        end += 1
    while end > first and (run[end - 1].is_particle or run[end - 1].is_initial):
        end -= 1
    return end


def _weight(words: list[_Word]) -> float:
    """How much the words alone look like a full name."""
    first, last = words[0], words[-1]
    given = given_weight(first.plain)
    if first.is_initial:
        given = _INITIAL if first.text.endswith(".") else 0.0
    elif given == _AMBIGUOUS and last.plain in ordinary_words():
        return 0.0  # an everyday word beside another is no name: `Summer Day`
    shouted = all(one.text.isupper() for one in words)
    middle = _INITIAL if any(one.is_initial for one in words[1:-1]) and not shouted else 0.0
    particle = 1.0 if any(one.is_particle for one in words[1:-1]) else 0.0
    family = max(surname_weight(one.plain) for one in words[1:])
    if given < 1 and family < 1 and last.plain not in ordinary_words():
        # Surname first, as in Vietnam or Hungary.
        given = given_weight(last.plain) if surname_weight(first.plain) > 1 else 0.0
    foreign = 0.5 if any(not one.text.isascii() for one in words) else 0.0
    return given + family + middle + particle + foreign


def _is_brand(words: list[_Word], following: _Word | None) -> bool:
    name = " ".join(one.plain for one in words)
    if following and following.plain in _BUSINESS:
        return True
    return any(name == brand or name.startswith(f"{brand} ") for brand in brand_names())


def _name_at(text: str, folded: str, run: list[_Word], first: int, before: int) -> int:
    """The index behind the full name that begins at `first`; `first` itself if none does."""
    end = _reach(run, first)
    words = run[first:end]
    if len(words) < 2 or _is_brand(words, run[end] if end < len(run) else None):
        return first
    start, weight = words[0].start, _weight(words)
    if before and _AND.fullmatch(text, before, start):
        weight += _JOINED
    around = name_context(text, folded, start, words[-1].end)
    return end if weight > 0 and weight + around >= _ENOUGH else first


def full_names_in(text: str) -> Iterator[tuple[int, int]]:
    """Where full names stand that are written with capitals."""
    folded = fold(text)
    before = 0
    for run in _runs(text):
        first = 0
        while first < len(run) - 1:
            end = _name_at(text, folded, run, first, before)
            if end > first:
                before = run[end - 1].end
                yield run[first].start, before
            first = max(end, first + 1)
