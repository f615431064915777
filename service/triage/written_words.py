"""Words as they stand: zero-width signs, look-alikes and letters set apart undone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from service.text.folding import fold
from service.triage.hostile_words import MARKED, Lexicon

_UNSEEN = re.compile(r"[\u00ad\u034f\u061c\u180e\u200b-\u200f\u2060-\u2064\ufeff\u0300-\u036f']")
_TOKEN = re.compile(r"[^\s.,;:?\"()\[\]{}<>…/\\~_=&%#^]+")
_EDGES = "!*-'+|$@"
# What Cyrillic and Greek lend to look Latin.
_LOOKALIKES = str.maketrans("авекмнорстухісјѕԁοαεικνρτυßƒ", "abekmhopctyxicjsdoaeikvptysf")
_OWNER = re.compile(r"(?<=\w{5})'s?$")
_LONGEST = 80
_FEWEST_RUN = 3


@dataclass(frozen=True, slots=True)
class Word:
    """A word without its disguise, and the place where it stands as it was written."""

    start: int
    end: int
    form: str


def _raw_words(text: str) -> Iterator[Word]:
    for match in _TOKEN.finditer(fold(text).translate(_SHARP)):
        piece = match.group()
        kept = piece.strip(_EDGES)
        if not kept:
            continue
        start = match.start() + piece.index(kept)
        form = _UNSEEN.sub("", _OWNER.sub("", kept))
        if not form.isascii():
            form = form.translate(_LOOKALIKES).replace("ß", "ss")
        if form:
            yield Word(start, start + len(kept), form[:_LONGEST])


_SHARP = {ord("\u2019"): "'"}


def written_words(text: str, listed: Lexicon) -> Iterator[Word]:
    """Runs of single letters become one word: `w o m e n`, `w.o.m.e.n`."""
    run: list[Word] = []
    for word in _raw_words(text):
        if len(word.form) == 1 and len(run) < _LONGEST:
            run.append(word)
            continue
        yield from _closed(run, listed)
        run = []
        yield word
    yield from _closed(run, listed)


def _closed(run: list[Word], listed: Lexicon) -> Iterator[Word]:
    if len(run) < _FEWEST_RUN:
        yield from run
        return
    # `a w o m a n I see`: small words of one letter stick to the run.
    first = _tells(run[1:], listed) and not _tells(run, listed)
    last = _tells(run[:-1], listed) and not _tells(run, listed)
    inner = run[first : len(run) - last]
    yield from run[:first]
    yield Word(inner[0].start, inner[-1].end, _spelt(inner))
    yield from run[len(run) - last :]


def _spelt(run: list[Word]) -> str:
    return "".join(word.form for word in run)


def _tells(run: list[Word], listed: Lexicon) -> bool:
    return bool(listed.tags(_spelt(run)) & (MARKED | {"softslur"}))
