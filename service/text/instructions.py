"""Instructions to a machine, planted in what a customer wrote."""

import re
from collections.abc import Iterator
from functools import lru_cache

from service.domain.triage import Span
from service.text.disguises import decoded, encoded_places, seen, turned, unleet, unseen_places
from service.text.folding import fold
from service.text.quiz import foreign_places, quiz_places
from service.text.reach import Reach, sentence_end, starts_order
from service.text.sentences import split_sentences
from service.text.wordlists import HERE, patterns

__all__ = ["decoded", "find_instructions"]

_READ_CHARS = 30_000
# Bug reports name a system too: "System: Windows 11".
_DEVICES = (
    r"(?!\s{0,3}(?:windows|win ?\d|mac|ios|android|linux|ubuntu|xbox|ps ?[45]|playstation|iphone"
    r"|ipad|samsung|pixel|nintendo|switch\b|v?\d))"
)
_ROLE_LINE = re.compile(
    r"(?:^|\n)[ \t#>*\[<|/{\"'-]{0,6}(?:system|assistant|developer|im_start|inst|human"
    r"|ai)\b[\]>|\"'*]{0,3}\s?(?:message|prompt|override|note|role)?\s?[:|\]>\n]" + _DEVICES
)
_MARKUP = re.compile(
    r"<\|?/?\s?(?:im_start|im_end|system|endoftext|eot_id|start_header_id|/?inst|assistant|tool_call"
    r"|instructions?|prompt|customer_message|complaint|/?s)\|?>|\[/?(?:inst|system|assistant)\]"
    r"|<</?sys>>|<!--.{0,300}?-->|\[//\]:\s?#\s?\(|\[[^\]\n]{0,80}\]:\s?#\s?[(\"']"
    r"|<[a-z]{1,10}\s[^>\n]{0,120}(?:display\s?:\s?none|visibility\s?:\s?hidden|font-size\s?:\s?0"
    r"|color\s?:\s?(?:white|#fff)|opacity\s?:\s?0|\bhidden\b)[^>\n]{0,120}>"
    r"|!\[[^\]\n]{0,120}\]\(|<(?:script|iframe|img|svg)\b[^>\n]{0,200}"
    r"|[\"']?role[\"']?\s?:\s?[\"'](?:system|assistant|developer)"
    r"|(?:^|\s)#{2,4}\s?(?:instructions?|system|response|new task|task|end|prompt)\b"
    r"|(?:begin|end|start)(?: of)? (?:the )?(?:system|user|customer|complaint|prompt|instructions?)"
    r" (?:prompt|message|instructions?|text|input|block)s?\b"
)
# What follows one of these is its task.
_REACHING = ("override", "machine", "staff")


def _phrases(reach: Reach) -> Iterator[tuple[int, int]]:
    lists = patterns(HERE / "instructions.yaml")
    for key in _REACHING:
        for match in lists[key].finditer(reach.folded):
            yield reach.back(match.start()), reach.onward(match.end())
    for match in lists["reply_order"].finditer(reach.folded):
        yield match.start(), sentence_end(reach.text, match.end())
    yield from _tasks(reach, lists["task"])


def _tasks(reach: Reach, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Orders to do alien work; a match that opens no sentence must not hide the one inside it."""
    place = 0
    while match := pattern.search(reach.folded, place):
        if starts_order(reach.text, reach.folded, match.start()):
            place = sentence_end(reach.text, match.end())
            yield match.start(), place
        else:
            place = match.start() + 1


def _structures(reach: Reach) -> Iterator[tuple[int, int]]:
    for match in _ROLE_LINE.finditer(reach.folded):
        yield match.start(), reach.onward(match.end())
    for match in _MARKUP.finditer(reach.folded):
        yield match.start(), max(match.end(), sentence_end(reach.text, match.end()))


def _disguised(reach: Reach) -> Iterator[tuple[int, int]]:
    """Encodings, sentences turned round, and letters written as digits."""
    yield from encoded_places(reach.text)
    for sentence in split_sentences(reach.text):
        if turned(sentence.text):
            yield sentence.start, sentence.end
    plain = unleet(reach.folded)
    if plain == reach.folded:
        return
    lists = patterns(HERE / "instructions.yaml")
    for key in ("override", "machine"):
        for match in lists[key].finditer(plain):
            yield match.start(), reach.onward(match.end())


def _merged(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


@lru_cache(maxsize=128)
def find_instructions(text: str) -> tuple[Span, ...]:
    """The stretches that give a machine orders; a customer's demand to the brand is none."""
    read = text[:_READ_CHARS]
    shown = seen(read)
    reach = Reach(shown.text, fold(shown.text))
    places = [*_phrases(reach), *_structures(reach), *_disguised(reach)]
    places += [*quiz_places(reach), *foreign_places(reach)]
    written = [shown.span(start, end) for start, end in places if end > start]
    merged = _merged([*written, *unseen_places(read)])
    return tuple(Span(start=start, end=end, text=read[start:end]) for start, end in merged)
