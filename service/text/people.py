"""Names of people beyond a first name."""

import re
from collections.abc import Iterator

from service.text.folding import fold
from service.text.wordlists import HERE, pattern_list

_NAME = r"[A-ZŁŚŻŹĆÓÄÖÜÁÉÍÑÚ][\w'’]*(?:-[A-ZŁŚŻŹĆÓ][\w'’]*)?"
_PARTICLES = r"(?:(?:van|von|der|de|del|la|da|di) ){0,2}"
_FILE = HERE / "personal.yaml"
_INTROS = "|".join(pattern_list(_FILE, "name_intro"))
_TITLES = "|".join(pattern_list(_FILE, "titles"))
_POLISH_TITLES = "|".join(pattern_list(_FILE, "polish_titles"))
_INTRODUCED = re.compile(rf"(?<!\w)(?i:{_INTROS})[ \n]({_NAME}) ({_PARTICLES}{_NAME})")
_TITLED = re.compile(rf"(?<!\w)(?i:{_TITLES}) ({_PARTICLES}[A-ZŁŚŻŹĆÓÄÖÜÁÉÍÑÚ][\w'’-]{{2,25}})")
_POLISH_TITLED = re.compile(
    rf"(?<!\w)(?i:{_POLISH_TITLES}) (?:{_NAME} )?"
    r"([A-ZŁŚŻŹĆÓ]\w{2,20}(?:sk[aąi]|skiej|skiego|skiemu|ck[aąi]|ckiej|ckiego|wicz\w{0,4}|czyk\w{0,4}))(?!\w)"
)
_SENTENCE_END = (".", "!", "?", "…")
_LEAST = 3


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


def names_in(text: str, names: tuple[str, ...] = ()) -> Iterator[tuple[int, int]]:
    """Where surnames stand: of known people, after `my name is Jane`, after `Mrs`."""
    yield from _known(text, names)
    for match in _INTRODUCED.finditer(text):
        yield match.span(2)
    for pattern in (_TITLED, _POLISH_TITLED):
        for match in pattern.finditer(text):
            yield match.span(1)


def introduced_names(text: str) -> tuple[str, ...]:
    """Full names that people give of themselves."""
    return tuple(f"{match[1]} {match[2]}" for match in _INTRODUCED.finditer(text))
