"""Where two texts say something else, word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher

_ISLAND = 2
_WORD = re.compile(r"\s*(?:\w+(?:['’]\w+)*|[^\w\s]+)|\s+")
Pieces = tuple["Piece", ...]


@dataclass(frozen=True)
class Piece:
    """A stretch of a text; `differs` where the other text has something else."""

    text: str
    differs: bool


def word_diff(text: str, other: str) -> tuple[Pieces, Pieces]:
    """Both texts in pieces, word by word; words in common that stand alone count as different.

    Beside no text at all nothing is marked.
    """
    if not text.strip() or not other.strip():
        return (Piece(text, differs=False),), (Piece(other, differs=False),)
    words, others = _WORD.findall(text), _WORD.findall(other)
    bare, others_bare = ([word.strip() for word in part] for part in (words, others))
    found = SequenceMatcher(None, bare, others_bare, autojunk=False).get_matching_blocks()
    ends = (len(words), len(others))
    blocks = [block for block in found if block.size and not _is_island(block, bare, ends)]
    spans = ([(b.a, b.a + b.size) for b in blocks], [(b.b, b.b + b.size) for b in blocks])
    return tuple(_pieces(words, spans[0])), tuple(_pieces(others, spans[1]))


def _is_island(block: Match, words: Sequence[str], ends: tuple[int, int]) -> bool:
    """So little in common that marking it as such only makes the text harder to read."""
    starts, stops = (block.a, block.b), (block.a + block.size, block.b + block.size)
    telling = sum(word[:1].isalnum() for word in words[block.a : stops[0]])
    return telling < _ISLAND and starts != (0, 0) and stops != ends


def _pieces(words: Sequence[str], common: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    at = 0
    for start, end in (*common, (len(words), len(words))):
        if at < start:
            yield from _differing("".join(words[at:start]))
        if start < end:
            yield Piece("".join(words[start:end]), differs=False)
        at = end


def _differing(text: str) -> Iterator[Piece]:
    """The space before the words is no difference."""
    bare = text.lstrip()
    if space := text[: len(text) - len(bare)]:
        yield Piece(space, differs=False)
    if bare:
        yield Piece(bare, differs=True)
