"""Names of people beyond a first name: known, introduced, titled, or full names as such."""

import re
from collections.abc import Iterator

from service.text.capitals import CAPITAL
from service.text.folding import fold
from service.text.full_names import full_names_in
from service.text.gazetteer import given_weight, ordinary_words, surname_weight, surnames
from service.text.name_context import is_agents_signature
from service.text.wordlists import HERE, pattern_list

_NAME = rf"{CAPITAL}[\w'’]*(?:-{CAPITAL}[\w'’]*)?"
_PARTICLES = r"(?:(?:van|von|der|de|del|la|da|di|zu|den) ){0,2}"
_FILE = HERE / "personal.yaml"
_INTROS = "|".join(pattern_list(_FILE, "name_intro"))
_TITLES = "|".join(pattern_list(_FILE, "titles"))
_POLISH_TITLES = "|".join(pattern_list(_FILE, "polish_titles"))
_NAME_IS = "|".join(pattern_list(_FILE, "name_is"))
_INTRODUCED = re.compile(rf"(?<!\w)(?i:{_INTROS})[ \n]({_NAME}) ({_PARTICLES}{_NAME})")
_TITLED = re.compile(
    rf"(?<!\w)(?<!mein[er] )(?<!meine[rn] )(?i:{_TITLES}) "
    rf"((?:(?i:dr|prof)\. )?(?:(?:{_NAME}|{CAPITAL}\.) ){{0,2}}"
    rf"{_PARTICLES}{CAPITAL}[\w'’-]{{2,25}})(?!\w)"
)
_POLISH_TITLED = re.compile(
    rf"(?<!\w)(?i:{_POLISH_TITLES}) ((?:{_NAME} )?"
    rf"{CAPITAL}\w{{2,20}}(?:sk[aąi]|skiej|skiego|skiemu|skim|ck[aąi]|ckiej|ckiego|wicz\w{{0,4}}|czyk\w{{0,4}}))(?!\w)"
)
_LOWER_PAIR = re.compile(r"(?<![\w@#/.-])([^\W\d_]{3,20})(?= (?:[a-z] )?([^\W\d_]{4,25})(?!\w))")
_LOWER_INTRODUCED = re.compile(
    rf"(?<!\w)(?:{_NAME_IS}|this is)[ :]{{1,2}}([^\W\d_]{{2,20}}) ([^\W\d_]{{3,25}})(?!\w)"
)
_SENTENCE_END = (".", "!", "?", "…")
_LEAST = 3
_AMBIGUOUS = 2.0


def surnames_of(names: tuple[str, ...]) -> tuple[str, ...]:
    """What follows the first name in full names; a lone first name has none."""
    parts = [part for name in names for part in re.findall(r"[^\W\d_]+", name)[1:]]
    return tuple(part for part in parts if len(part) >= _LEAST and part[:1].isupper())


def _surname_pattern(surname: str) -> re.Pattern[str]:
    """The surname with the endings that Polish and the genitive put on it."""
    folded = fold(surname)
    stem = re.escape(folded[:-1] if len(folded) > 5 and folded[-1] in "aiy" else folded)
    return re.compile(
        rf"(?<!\w){stem}\w{{0,4}}(?!\w)" if len(folded) > 4 else rf"(?<!\w){stem}s?(?!\w)"
    )


def _begins_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 4) : start]
    return start == 0 or "\n" in before or before.rstrip().endswith(_SENTENCE_END)


def _known(text: str, names: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    folded = fold(text)
    for surname in surnames_of(names):
        for match in _surname_pattern(surname).finditer(folded):
            start = match.start()
            if text[start].isupper() and not _begins_sentence(text, start):
                yield match.span()


def _is_ordinary(word: str) -> bool:
    return word in ordinary_words() and surname_weight(word) <= 0


def _titled(text: str) -> Iterator[tuple[int, int]]:
    folded = fold(text)
    for match in _TITLED.finditer(text):
        words = folded[match.start(1) : match.end(1)].split()
        lone_first_name = len(words) == 1 and given_weight(words[0]) and words[0] not in surnames()
        if _is_ordinary(words[-1]) or _is_ordinary(words[0]) or lone_first_name:
            continue
        yield match.span(1)
    for match in _POLISH_TITLED.finditer(text):
        yield match.span(1)


def _in_lower_case(text: str) -> Iterator[tuple[int, int]]:
    """A full name without capitals: introduced, or a known given name before a known surname."""
    folded = fold(text)
    named: set[tuple[int, int]] = set()
    for match in _LOWER_INTRODUCED.finditer(folded):
        written = text[match.start(1) : match.end(2)]
        if written.islower() and given_weight(match[1]) and not _is_ordinary(match[2]):
            named.add((match.start(1), match.end(2)))
    yield from named
    for match in _LOWER_PAIR.finditer(folded):
        place = match.start(1), match.end(2)
        written = text[slice(*place)]
        if place in named or not written.islower() or match[2] in ordinary_words():
            continue
        if given_weight(match[1]) > _AMBIGUOUS and surname_weight(match[2]) > 1:
            yield place


def names_in(text: str, names: tuple[str, ...] = ()) -> Iterator[tuple[int, int]]:
    """Where names beyond a first name stand: known people's surnames, and full names."""
    yield from _known(text, names)
    yield from _titled(text)
    folded = fold(text)
    for start, end in full_names_in(text):
        if not is_agents_signature(folded, start, end):
            yield start, end
    yield from _in_lower_case(text)


def introduced_names(text: str) -> tuple[str, ...]:
    """Full names that people give of themselves."""
    return tuple(f"{match[1]} {match[2]}" for match in _INTRODUCED.finditer(text))
