"""Words as they are meant: w0m3n, Ihatewomen, wmoen and wom en undone."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, product

from service.triage.hostile_words import LANGUAGES, MARKED, Lexicon, lexicon
from service.triage.segments import segmented
from service.triage.written_words import Word, written_words

_MEANT = ("o", "il", "z", "e", "a", "s", "g", "t", "b", "g", "a", "s", "il", "il", "t", "e", "c")
_SIGNS = dict(zip("0123456789@$!|+€(", _MEANT, strict=True))
_MASK = re.compile(r"[*\-·•]")
_RUN = re.compile(r"(\w)\1{2,}")
_FEWEST_GLUED = 12
_FEWEST_TO_SWAP = 4


def words_of(text: str, language: str) -> tuple[Word, ...]:
    """The words of a text, undisguised where that uncovers something."""
    listed = lexicon(language)
    raw = list(written_words(text, listed))
    found: list[Word] = []
    position = 0
    while position < len(raw):
        word = raw[position]
        mended = _mended(raw, position, listed)
        if mended:
            found.append(mended)
            position += 2
            continue
        found.extend(Word(word.start, word.end, form) for form in _meant(word.form, language))
        position += 1
    return tuple(found)


def _mended(raw: list[Word], at: int, listed: Lexicon) -> Word | None:
    """A listed word that was cut in two: `immi grants`."""
    if at + 1 >= len(raw):
        return None
    left, right = raw[at], raw[at + 1]
    form = left.form + right.form
    if not 5 <= len(form) <= 20 or not listed.tags(form) & MARKED:
        return None
    if all(listed.is_plain(w.form) or listed.tags(w.form) for w in (left, right)):
        return None
    # A stem that the left half already holds says nothing about the right half.
    if listed.tags(left.form) & listed.tags(form) or len(right.form) > 12:
        return None
    return Word(left.start, right.end, form)


@lru_cache(maxsize=8192)
def _meant(form: str, language: str) -> tuple[str, ...]:
    """The form itself where it is known; else the first reading that the lexicon knows."""
    listed = lexicon(language)
    if listed.is_plain(form) or listed.tags(form):
        glued = len(form) >= _FEWEST_GLUED and form not in listed.whole
        return (_cut(form, language) if glued else ()) or (form,)
    for reading in _readings(form, language):
        if listed.tags(reading) & (MARKED | {"hatefirst", "intens", "insult"}):
            return (reading,)
    mended = listed.unholed(_MASK.sub("", form))
    if mended:
        return (mended,)
    return _cut(form, language) or (form,)


def _cut(form: str, language: str) -> tuple[str, ...]:
    """Words run together; read only in a language whose small words are known."""
    return segmented(form, language) if language in LANGUAGES else ()


def _readings(form: str, language: str) -> Iterator[str]:
    spelt = list(islice(_without_signs(form), 8))
    if spelt != [form]:
        yield from spelt
    if _RUN.search(form):
        yield _RUN.sub(r"\1", form)
        yield _RUN.sub(r"\1\1", form)
    if _MASK.search(form):
        yield _MASK.sub("", form)
    if language == "de" and ("ae" in form or "oe" in form or "ue" in form):
        yield form.replace("ae", "a").replace("oe", "o").replace("ue", "u")
    yield from (swap for swap in _swaps(form) if _long_enough(swap, language))


def _without_signs(form: str) -> Iterator[str]:
    if not any(char in _SIGNS for char in form) or not any(map(str.isalpha, form)):
        yield form
        return
    for letters in product(*(_SIGNS.get(char, char) for char in form)):
        yield "".join(letters)


def _swaps(form: str) -> Iterator[str]:
    # First and last letter stay: `tarda` is Spanish for being late, and no slip of the pen.
    if not _FEWEST_TO_SWAP <= len(form) <= 20:
        return
    for n in range(1, len(form) - 2):
        if form[n] != form[n + 1]:
            yield form[:n] + form[n + 1] + form[n] + form[n + 2 :]


def _long_enough(form: str, language: str) -> bool:
    """A short stem fits too many words once letters may change places."""
    listed = lexicon(language)
    if listed.whole.get(form, frozenset()) & MARKED:
        return True
    return any(listed.stems.get(form[:n], frozenset()) & MARKED for n in range(5, len(form) + 1))
