"""People told to go back to where they come from: hate that names no group. Pure."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import regex

from service.text.folding import fold
from service.text.sentences import Sentence, split_sentences
from service.text.wordlists import pattern_list

_LISTS = Path(__file__).with_suffix(".yaml")


def sent_home(text: str) -> Iterator[tuple[int, int]]:
    """The places where somebody is told so, as code points; not where it is told of others, nor
    asked about."""
    for sentence in split_sentences(text):
        folded = fold(sentence.text)
        if not folded.rstrip().endswith("?") and not _words("told").search(folded):
            yield from _wishes(sentence, folded)


def _wishes(sentence: Sentence, folded: str) -> Iterator[tuple[int, int]]:
    if found := _words("wish").search(folded):
        yield sentence.start + found.start(), sentence.start + found.end()


@cache
def _words(name: str) -> regex.Pattern[str]:
    return regex.compile("|".join(f"(?:{one})" for one in pattern_list(_LISTS, name)))
