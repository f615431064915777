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
_WAYS = patterns(Path(__file__).with_name("lexicon") / "facts_asking.yaml")
_AHEAD, _BEHIND = 110, 45
_COURTESY = re.compile(r"(?<!\w)(?:please|pls|bitte|prosze|por favor)(?!\w)|\?")
_DENIED = re.compile(rf"{_LISTS['declined'].pattern}\b[^.;!?]{{0,45}}$")
_ASKED = re.compile(_LISTS["asking"].pattern + r"(?![\w-])")
_WANTED = re.compile(_LISTS["wanted"].pattern + r"(?!\w)")
_WANTED_TOO = re.compile(_WAYS["wanted"].pattern + r"(?!\w)")
# "And the surname?": the data is nearly all there is of the question.
_BARE = re.compile(
    r"^\W*(?:(?:and|or|plus|a|i|y|und|oraz|oder|maybe) )?"
    r"(?:(?:the|your|el|la|tu|su|der|die|das|den|deine|ihre) )?$"
)
_LONGEST_BARE = 80


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


# Spanish papers, and a plain word of the other language.
_PLAIN_IN = {"pl": frozenset({"dni"})}


def _data_in(folded: str, context: CheckContext) -> Iterator[re.Match[str]]:
    listed = _named_by(context.brand.contact.never_in_public)
    plain = _PLAIN_IN.get(context.language, frozenset())
    for pattern in (listed, _WANTED, _WANTED_TOO):
        for match in pattern.finditer(folded) if pattern else ():
            if match.group() not in plain:
                yield match


def _is_requested(before: str, data: str) -> bool:
    return bool(_ASKED.search(before + data) or _WAYS["request"].search(before))


def _is_bare_question(folded: str, data: re.Match[str]) -> bool:
    short = folded.endswith("?") and len(folded) <= _LONGEST_BARE
    return short and bool(_BARE.search(folded[: data.start()]))


def _is_asked(folded: str, data: re.Match[str]) -> bool:
    before = folded[max(0, data.start() - _AHEAD) : data.start()]
    after = folded[data.end() : data.end() + _BEHIND]
    if _DENIED.search(before) or _WAYS["given"].search(before):
        return False
    if _WAYS["spared"].match(after.lstrip()):
        return False
    if _is_requested(before, data.group()) or _is_bare_question(folded, data):
        return True
    return bool(
        _COURTESY.match(after.lstrip(" ,"))
        or _GERMAN_END.search(after)
        or _WAYS["enough"].search(after)
    )


def _is_questioned(folded: str, data: re.Match[str]) -> bool:
    """`Which flat was it?` asks; `I've asked which flat it was` does not."""
    before = folded[max(0, data.start() - _AHEAD) : data.start()]
    if _DENIED.search(before):
        return False
    return "?" in folded[data.end() :] or _is_requested(before, "")


_GERMAN_END = re.compile(r"\b(?:schicken|senden|nennen|geben|mitteilen|schreiben|podac|przeslac)\b")


def _is_private(place: int, folded: list[str], context: CheckContext) -> bool:
    """Whether this sentence, or one beside it, sends the data the private way and no other."""
    own = folded[place]
    if _LISTS["open_way"].search(own):
        return False
    if any(fold(link) in own for link in context.brand.contact.allowed_links):
        return not _LISTS["in_public"].search(own)  # a form on a listed page is no public place
    near = [own, *folded[place + 1 : place + 2]]
    if not _LISTS["in_public"].search(own):
        near += folded[max(0, place - 1) : place]
    return any(names_private_way(one, context.brand, context.case.channel) for one in near)


def _asked_in(folded: str, before: str, context: CheckContext) -> list[re.Match[str]]:
    """What this sentence asks for, also where it stands for what the one before names."""
    asked = [one for one in _data_in(folded, context) if _is_asked(folded, one)]
    asked += [one for one in _WAYS["questioned"].finditer(folded) if _is_questioned(folded, one)]
    carried = _WAYS["carried"].search(folded)
    named = f"{before} {folded[: carried.start()]}" if carried else ""
    if carried and (_WAYS["thing"].search(named) or any(_data_in(named, context))):
        asked.append(carried)
    return asked


def _hit(sentence: Sentence, asked: list[re.Match[str]], context: CheckContext) -> Hit:
    return Hit(
        message="Asks for personal data where everyone can read the answer.",
        suggestion=_suggestion(context),
        start=sentence.start + min(one.start() for one in asked),
        end=sentence.start + max(one.end() for one in asked),
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
        before = folded[place - 1] if place else ""
        asked = _asked_in(folded[place], before, context)
        if asked and not _is_private(place, folded, context):
            yield _hit(sentence, asked, context)
