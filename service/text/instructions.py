"""Instructions to a machine, planted in what a customer wrote."""

import base64
import binascii
import re
from collections.abc import Iterator
from functools import lru_cache

from service.domain.triage import Span
from service.text.folding import fold
from service.text.wordlists import HERE, patterns

_READ_CHARS = 30_000
_AFTER_CHARS = 240
_ROLE_LINE = re.compile(
    r"(?:^|\n)[ \t#>*\[<|/-]{0,6}(?:system|assistant|developer|im_start|inst)\b[\]>|]{0,3}\s?:?"
    r"(?:\s?(?:message|prompt|override))?\s?[:|\]>\n]"
)
_MARKUP = re.compile(
    r"<\|?(?:im_start|im_end|system|endoftext|/?inst)\|?>|\[/?inst\]|<!--.{0,300}?-->"
)
_ENCODED = re.compile(r"(?<![\w/=+.@:-])[A-Za-z0-9+/]{24,2000}={0,2}(?![\w/=+])")
_SENTENCE_END = re.compile(r"[.!?…](?=[\s\"')]|$)|\n")
_SPACED_OUT = re.compile(r"(?<!\S)(?:\w ){9,200}\w(?!\S)")
_COURTESY = r"and|please|now|just|then|also|so|prosze|teraz|bitte|jetzt|por favor|ahora"
_NEW_SENTENCE = re.compile(rf"(?:^|[.!?:;,…\n\"')(\]>-]\s{{0,3}})(?:(?:{_COURTESY}),?\s){{0,2}}$")


def decoded(token: str) -> str | None:
    """What a base64 text says, where it says anything readable."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), validate=True)
        plain = raw.decode("utf-8")
    except (binascii.Error, ValueError):
        return None
    readable = sum(char.isalpha() or char == " " for char in plain)
    return plain if " " in plain and readable > 0.8 * len(plain) else None


def _ends(text: str, start: int, *, sentences: int = 1) -> int:
    """Where the sentence ends that goes on at this place, at most a few lines later."""
    limit = min(len(text), start + _AFTER_CHARS)
    for match in _SENTENCE_END.finditer(text, start, limit):
        sentences -= 1
        if not sentences:
            return match.end()
    return limit


def _is_order(text: str, folded: str, start: int) -> bool:
    """A task counts where it opens a sentence, or where a capital breaks into one."""
    return text[start].isupper() or bool(_NEW_SENTENCE.search(folded[max(0, start - 24) : start]))


def _tasks(text: str, folded: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Orders to do alien work; a match that opens no sentence must not hide the one inside it."""
    place = 0
    while match := pattern.search(folded, place):
        if _is_order(text, folded, match.start()):
            place = _ends(text, match.end())
            yield match.start(), place
        else:
            place = match.start() + 1


def _phrases(text: str, folded: str) -> Iterator[tuple[int, int]]:
    lists = patterns(HERE / "instructions.yaml")
    for key in ("override", "staff"):
        for match in lists[key].finditer(folded):
            yield match.start(), _ends(text, match.end(), sentences=2 if key == "override" else 1)
    for key in ("machine", "reply_order"):
        for match in lists[key].finditer(folded):
            yield match.start(), _ends(text, match.end())
    yield from _tasks(text, folded, lists["task"])


def _structures(text: str, folded: str) -> Iterator[tuple[int, int]]:
    for match in _ROLE_LINE.finditer(folded):
        yield match.start(), _ends(text, match.end(), sentences=2)
    for match in _MARKUP.finditer(folded):
        yield match.start(), max(match.end(), _ends(text, match.end()))
    for match in _SPACED_OUT.finditer(text):
        yield match.span()
    for match in _ENCODED.finditer(text):
        if decoded(match.group()):
            yield match.span()


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
    folded = fold(read)
    places = [*_phrases(read, folded), *_structures(read, folded)]
    return tuple(Span(start=start, end=end, text=read[start:end]) for start, end in _merged(places))
