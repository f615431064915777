"""Questions and tasks on the wide world, and strange tongues: nothing one needs a brand for."""

import re
from collections import Counter
from collections.abc import Iterator

from service.text.folding import fold
from service.text.function_words import WORDS
from service.text.reach import Reach, is_own, sentence_end, starts_order
from service.text.wordlists import HERE, patterns

_TOPICS = HERE / "instruction_topics.yaml"
# "How do I ...", "tell me ..." are said by anyone and make a question nobody's own.
_ANYONE = re.compile(
    r"(?<!\w)(?:(?:tell|give|show|teach|write|help|make|explain to|let) (?:me|us)"
    r"|(?:do|can|could|should|would) (?:i|you|we)|(?:i|we) (?:can|could|should)"
    r"|powiedz mi|podaj mi|dime|cuentame|sag mir|gib mir"
    r"|erklar\w* mir|kann ich)(?!\w)"
)
_ADDRESS = re.compile(r"(?<!\S)\S{0,120}?(?://|www\.|\.\w{2,4}/)\S*")
_MOST_OPENERS = 400
_WORD = re.compile(r"(?<![@#\w])[^\W\d_]{2,}")
_LEAST_WORDS = 7
_LEAST_SHARE = 0.35
_LEAST_KNOWN = 3
_MAIN_SHARE = 0.2


def quiz_places(reach: Reach) -> Iterator[tuple[int, int]]:
    """Sentences that open like a question or a task and speak of school or world matters."""
    lists = patterns(_TOPICS)
    opened = lists["openers"].finditer(reach.folded)
    reached, read = 0, 0
    for match in opened:
        if match.start() < reached or not starts_order(reach.text, reach.folded, match.start()):
            continue
        read += 1
        if read > _MOST_OPENERS:
            return
        end = sentence_end(reach.text, match.end())
        if _is_quiz(fold(reach.text[match.start() : end])):
            yield match.start(), end
            reached = end


def _is_quiz(folded: str) -> bool:
    """About the world and about nothing of the customer's."""
    lists = patterns(_TOPICS)
    impersonal = _ANYONE.sub(" ", _ADDRESS.sub(" ", folded))
    if is_own(impersonal):
        return False
    return bool(lists["shapes"].match(folded) or lists["subjects"].search(impersonal))


def foreign_places(reach: Reach) -> Iterator[tuple[int, int]]:
    """Sentences in another language than the rest of the post, on nothing of the customer's."""
    listed = reach.sentences[:_MOST_OPENERS]
    words = [_WORD.findall(_ADDRESS.sub(" ", sentence.text.lower())) for sentence in listed]
    counted = [_small_words(said) for said in words]
    total, length = sum(counted, Counter[str]()), sum(map(len, words))
    for sentence, said, known in zip(listed, words, counted, strict=True):
        if len(said) < _LEAST_WORDS or length - len(said) < _LEAST_WORDS or not known:
            continue
        rest = total - known
        main = max(rest, key=lambda code: rest[code], default="")
        settled = rest[main] >= _MAIN_SHARE * (length - len(said))
        strange = max(known.values()) >= max(
            _LEAST_KNOWN, _LEAST_SHARE * len(said), 2 * known[main] + 1
        )
        if settled and strange and not is_own(fold(sentence.text)):
            yield sentence.start, sentence.end


def _small_words(words: list[str]) -> Counter[str]:
    """How many of the words are small words of each language."""
    return Counter({code: n for code in WORDS if (n := sum(w in WORDS[code] for w in words))})
