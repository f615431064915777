"""Words run together, `Ihatewomen`, cut apart where the lexicon covers nearly all of it."""

from functools import lru_cache

from service.triage.hostile_words import MARKED, Lexicon, lexicon

_FEWEST, _MOST = 5, 80
_WINDOW = 16
_LARGE = 6
_TELLING = MARKED | {"hatefirst"}
_PER_WORD, _PER_STRANGER, _PER_ENDING = 1.0, 1.6, 0.6
_DEAREST = 0.45
"""Highest cost a letter: below it, hardly a letter is left over."""


@lru_cache(maxsize=4096)
def segmented(form: str, language: str) -> tuple[str, ...]:
    """The words inside, or nothing where it is one word that we don't know."""
    if not _FEWEST <= len(form) <= _MOST or lexicon(language).is_plain(form):
        return ()
    listed = lexicon(language)
    cost, pieces = _cheapest(form, listed)
    if cost > _DEAREST * len(form) or len(pieces) < 2:
        return ()
    telling = any(len(piece) > 3 and listed.tags(piece) & _TELLING for piece in pieces)
    return pieces if telling and _is_no_accident(pieces, listed, language) else ()


def _is_no_accident(pieces: tuple[str, ...], listed: Lexicon, language: str) -> bool:
    """Two pieces, one of them tiny, are mostly one honest word: the|rapist."""
    if len(pieces) > 2 or min(map(len, pieces)) > 3 or pieces[0] == "i":
        return True
    small, large = sorted(pieces, key=len)
    if language == "en":
        return pieces[1] in listed.whole and pieces[0] in listed.small
    return len(small) > 1 and small in listed.small and len(large) >= _LARGE


def _cheapest(form: str, listed: Lexicon) -> tuple[float, tuple[str, ...]]:
    """The cover of least cost, left to right; letters that no word covers are dropped."""
    best: list[tuple[float, tuple[str, ...]]] = [(0.0, ())]
    for end in range(1, len(form) + 1):
        cost, pieces = best[end - 1]
        least = (cost + _PER_STRANGER, pieces)
        for start in range(max(0, end - _WINDOW), end):
            price = _price(form[start:end], listed)
            before, so_far = best[start]
            if price is not None and before + price < least[0]:
                least = (before + price, (*so_far, form[start:end]))
        best.append(least)
    return best[-1]


def _price(piece: str, listed: Lexicon) -> float | None:
    if piece in listed.small or piece in listed.whole:
        return _PER_WORD + (0.5 if len(piece) == 2 else 0.0)
    for length in range(len(piece), max(3, len(piece) - 5), -1):
        if piece[:length] in listed.stems:
            return _PER_WORD + _PER_ENDING * max(0, len(piece) - length - 2)
    return None
