"""Content words cut to their beginning, so that inflected forms meet."""

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from service.text.folding import fold
from service.text.function_words import WORDS
from service.text.numbers import WORD
from service.text.wordlists import HERE, pattern_list

_STEM_CHARS = 5
_LEAST_CHARS = 4


@cache
def _function_words() -> frozenset[str]:
    plain = " ".join(pattern_list(HERE / "plain_words.yaml", "words")).split()
    return frozenset(plain) | {fold(word) for words in WORDS.values() for word in words}


@lru_cache(maxsize=4096)
def stems(text: str) -> frozenset[str]:
    """The beginnings of a text's content words, folded."""
    common = _function_words()
    words = (match.group() for match in WORD.finditer(fold(text)))
    return frozenset(
        word[:_STEM_CHARS] for word in words if len(word) >= _LEAST_CHARS and word not in common
    )


def words_like(text: str, wanted: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Places of the words that share their beginning with one that is wanted (folded)."""
    beginnings = {word[:_STEM_CHARS] for word in wanted if len(word) >= _LEAST_CHARS}
    for match in WORD.finditer(text):
        word = fold(match.group())
        if len(word) >= _LEAST_CHARS and word[:_STEM_CHARS] in beginnings:
            yield match.span()
