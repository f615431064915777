"""A reply before and after an edit, cut into what can be compared: frame, sentences, words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from service.text.folding import fold
from service.text.sentences import Sentence, split_sentences
from service.text.wordlists import pattern_list, patterns, read_list

WORDS = Path(__file__).with_name("edit_words.yaml")
_WORD = re.compile(r"\w+(?:'\w+)*")
_NOT_WORDS = re.compile(r"[\W_]+")
_ALIKE = 0.4
_SIGNED = re.compile(r"(?:(?<=[.!?…)])|\n)\s*[-/^~*][ ]?[^\W\d_][^\n.!?]{0,40}$")
_NAME_LINE = re.compile(r"\n\s*[^\W\d_]{2,20}(?: [^\W\d_]{2,20})?[.!]?\s*$")


@dataclass(frozen=True)
class Frame:
    """A reply with its greeting and its signature apart; `start` is where the body begins."""

    greeting: str
    body: str
    signature: str
    start: int

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences of the body, with their places in the whole reply."""
        cut = split_sentences(self.body)
        return tuple(Sentence(s.start + self.start, s.end + self.start, s.text) for s in cut)


@dataclass(frozen=True)
class Change:
    """A sentence that is another one now; None where it is new, or gone."""

    old: Sentence | None
    new: Sentence | None

    @property
    def before(self) -> str:
        """What stood there."""
        return self.old.text if self.old else ""

    @property
    def after(self) -> str:
        """What stands there now."""
        return self.new.text if self.new else ""


def framed(reply: str, signature: str = "") -> Frame:
    """The reply with its greeting and signature, the brand's own or a usual one, cut off."""
    folded = fold(reply)
    greeting = _greeting().match(folded)
    start = greeting.end() if greeting else 0
    end = _signature_start(folded, fold(signature.strip()))
    end = max(start, end)
    return Frame(reply[:start].strip(), reply[start:end], reply[end:].strip(), start)


def greeting_of(reply: str) -> str:
    """The words of greeting that a reply begins with, without the name; "" where it has none."""
    match = _greeting().match(fold(reply))
    return reply[slice(*match.span("words"))] if match else ""


def squashed(text: str) -> str:
    """Letters and digits alone: what is equal here differs in signs, spaces and accents only."""
    return _NOT_WORDS.sub("", fold(text))


def words(text: str) -> list[str]:
    """The words of a text, folded."""
    return _WORD.findall(fold(text))


def changes(old: Sequence[Sentence], new: Sequence[Sentence]) -> tuple[Change, ...]:
    """The sentences that are not as they were, each beside the one it was made of."""
    keys = [[squashed(s.text) for s in side] for side in (old, new)]
    matcher = SequenceMatcher(None, keys[0], keys[1], autojunk=False)
    return tuple(
        change
        for tag, a, b, c, d in matcher.get_opcodes()
        if tag != "equal"
        for change in _paired(old[a:b], new[c:d])
    )


def likeness(old: str, new: str) -> float:
    """The share of words that two sentences have in common, in order."""
    return SequenceMatcher(None, words(old), words(new), autojunk=False).ratio()


def _paired(old: Sequence[Sentence], new: Sequence[Sentence]) -> Iterator[Change]:
    """Each new sentence with the old one nearest to it; what has no neighbour stands alone."""
    left = list(old)
    for sentence in new:
        nearest = max(left, key=lambda one: likeness(one.text, sentence.text), default=None)
        if nearest is not None and likeness(nearest.text, sentence.text) >= _ALIKE:
            left.remove(nearest)
            yield Change(nearest, sentence)
        else:
            yield Change(None, sentence)
    yield from (Change(sentence, None) for sentence in left)


@cache
def _greeting() -> re.Pattern[str]:
    opened = "|".join(pattern_list(WORDS, "greeting"))
    return re.compile(
        rf"\s*(?:@\w+[ ,]*)?(?P<words>{opened})(?!\w)(?:, ?\w+(?: \w+)?(?=[:!\n,]))?"
        r"[^\n.!?:;,]{0,40}[\n.!?:;,]+\s*"
    )


@cache
def _closing() -> re.Pattern[str]:
    closed = "|".join(pattern_list(WORDS, "closing"))
    return re.compile(rf"(?:(?<=[.!?…)])|\n|^)\s*(?:{closed})(?!\w)[\s\S]{{0,60}}$")


def _signature_start(folded: str, own: str) -> int:
    """Where the signature begins; the text's end where there is none."""
    bare = folded.rstrip()
    if own and bare.endswith(own):
        return len(bare) - len(own)
    for pattern in (_closing(), _SIGNED, _NAME_LINE):
        if match := pattern.search(bare):
            return match.start()
    return len(folded)


def in_words(key: str) -> re.Pattern[str]:
    """The words of one list, in all languages together."""
    return patterns(WORDS)[key]


@cache
def of_language(key: str, language: str) -> re.Pattern[str] | None:
    """The words of one list in a language, as whole words; None where it has none."""
    listed = read_list(WORDS)[key].get(language)
    return re.compile(rf"(?<![\w'])(?:{listed})(?![\w'])") if listed else None
