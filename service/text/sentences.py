"""Cut a text into sentences and keep where each one stood."""

import re
from dataclasses import dataclass

_ABBREVIATIONS = frozenset(
    {
        *("mr", "mrs", "ms", "dr", "prof", "st", "no", "nr", "e.g", "i.e", "vs", "approx", "tel"),
        *("a.m", "p.m", "art", "ul", "np", "tzn", "ok", "godz", "min", "zł", "pkt", "itd", "itp"),
        *("sr", "sra", "ud", "uds", "pág", "núm", "z.b", "d.h", "bzw", "ca", "usw", "inkl", "abs"),
    }
)
_BREAK = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+|\n+\s*")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and its place in the text, in Unicode code points."""

    start: int
    end: int
    text: str


def _ends_in_abbreviation(piece: str) -> bool:
    words = piece.rstrip().rstrip(".").rsplit(maxsplit=1)
    return piece.rstrip().endswith(".") and bool(words) and words[-1].lower() in _ABBREVIATIONS


def _is_ordinal(piece: str, rest: str) -> bool:
    """German and Polish write `12. Mai`: a number and a dot end no sentence there."""
    return bool(re.search(r"(?:^|\s)\d{1,2}\.$", piece.rstrip())) and rest[:1].isalpha()


def _trimmed(text: str, start: int, end: int) -> Sentence | None:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    stripped = piece.strip()
    if not stripped:
        return None
    return Sentence(start + left, start + left + len(stripped), stripped)


def split_sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text in order; line breaks end a sentence too."""
    found: list[Sentence] = []
    start = 0
    for match in _BREAK.finditer(text):
        piece = text[start : match.start()]
        line_break = "\n" in match.group()
        rest = text[match.end() :]
        if not line_break and (_ends_in_abbreviation(piece) or _is_ordinal(piece, rest)):
            continue
        sentence = _trimmed(text, start, match.start())
        if sentence:
            found.append(sentence)
        start = match.end()
    last = _trimmed(text, start, len(text))
    return (*found, last) if last else tuple(found)
