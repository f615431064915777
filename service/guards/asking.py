"""Asking for personal data where others read along."""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from service.domain.brand import Brand
from service.domain.thread import Channel
from service.guards.context import CheckContext, Hit
from service.text.folding import fold
from service.text.sentences import Sentence
from service.text.wordlists import patterns

_LISTS = patterns(Path(__file__).with_name("lexicon") / "facts_privacy.yaml")
_AHEAD, _BEHIND = 110, 45
_COURTESY = re.compile(r"(?<!\w)(?:please|pls|bitte|prosze|por favor)(?!\w)|\?")
_DENIED = re.compile(rf"{_LISTS['declined'].pattern}\b[^.;!?]{{0,45}}$")
_ASKED = re.compile(_LISTS["asking"].pattern + r"(?![\w-])")
_WANTED = re.compile(_LISTS["wanted"].pattern + r"(?!\w)")


@lru_cache(maxsize=64)
def _named_by(words: tuple[str, ...]) -> re.Pattern[str] | None:
    """What the brand itself lists, singular and plural."""
    phrases = [re.escape(fold(phrase.strip()).rstrip("s")) for phrase in words if phrase.strip()]
    return re.compile(rf"(?<!\w)(?:{'|'.join(phrases)})s?(?!\w)") if phrases else None


@lru_cache(maxsize=64)
def _way_words(way: str) -> re.Pattern[str]:
    """The brand's words for its private way, whole or by what stands out in them."""
    telling = re.findall(r"@\w+|[^\W\d_]{6,}", fold(way))
    listed = [re.escape(fold(way)), *(re.escape(word) for word in telling)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(listed)})(?!\w)")


def names_private_way(folded: str, brand: Brand, channel: Channel) -> bool:
    """Whether a sentence names the private way on the same platform."""
    way = brand.contact.private_way(channel)
    if way and _way_words(way).search(folded):
        return True
    return bool(re.search(_LISTS["private"].pattern + r"(?!\w)", folded))


def _data_in(folded: str, brand: Brand) -> Iterator[re.Match[str]]:
    listed = _named_by(brand.contact.never_in_public)
    if listed:
        yield from listed.finditer(folded)
    yield from _WANTED.finditer(folded)


def _is_asked(folded: str, data: re.Match[str]) -> bool:
    before = folded[max(0, data.start() - _AHEAD) : data.start()]
    after = folded[data.end() : data.end() + _BEHIND]
    if _DENIED.search(before):
        return False
    return bool(_ASKED.search(before + data.group())) or bool(
        _COURTESY.match(after.lstrip(" ,")) or _GERMAN_END.search(after)
    )


_GERMAN_END = re.compile(r"\b(?:schicken|senden|nennen|geben|mitteilen|schreiben|podac|przeslac)\b")


def _is_private(place: int, folded: list[str], context: CheckContext) -> bool:
    """Whether this sentence, or one beside it, sends the data the private way and no other."""
    own = folded[place]
    if _LISTS["open_way"].search(own):
        return False
    near = [own, *folded[place + 1 : place + 2]]
    if not _LISTS["in_public"].search(own):
        near += folded[max(0, place - 1) : place]
    return any(names_private_way(one, context.brand, context.case.channel) for one in near)


def _first_asked(sentence: Sentence, folded: str, context: CheckContext) -> Hit | None:
    asked = [one for one in _data_in(folded, context.brand) if _is_asked(folded, one)]
    if not asked:
        return None
    first, last = min(one.start() for one in asked), max(one.end() for one in asked)
    return Hit(
        message="Asks for personal data where everyone can read the answer.",
        suggestion=_suggestion(context),
        start=sentence.start + first,
        end=sentence.start + last,
    )


def _suggestion(context: CheckContext) -> str:
    way = context.brand.contact.private_way(context.case.channel)
    if way is None:
        return "Leave the question out: this channel has no private way."
    return f"Ask for it in the private channel ({way}) and nowhere else."


def asks_private_data_publicly(context: CheckContext) -> Iterator[Hit]:
    """Questions for identifying, payment or health data that leave a public way open."""
    if not context.is_public:
        return
    folded = [fold(sentence.text) for sentence in context.sentences]
    for place, sentence in enumerate(context.sentences):
        hit = _first_asked(sentence, folded[place], context)
        if hit and not _is_private(place, folded, context):
            yield hit
