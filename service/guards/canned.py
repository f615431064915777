"""Is the reply a copy of a recent one, or a text that could stand under any complaint?"""

import zlib
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt
import regex
import yaml

from service.domain.checks import Severity
from service.domain.triage import MoveKind
from service.guards.context import CheckContext, Hit
from service.guards.phrases import LEXICON
from service.guards.reading import Label, SentenceReading
from service.text.function_words import WORDS
from service.text.masking import mask

_BITS = 4_096
_SHINGLE = 4
_FEWEST_CHARS = 60
"""A shorter masked text is alike by nature: "Thanks, <name>!" copies nobody."""

# Shares of common shingles, measured in evals on real and edited replies.
_NEARLY_EQUAL = 0.80
_VERY_ALIKE = 0.62

_STOCK_SHARE, _SURELY_STOCK, _TELLING_SHARE = 0.4, 0.85, 0.5
_TELLING = (Label.DEED, Label.CAUSE, Label.RULE)

_WORD = regex.compile(r"\p{L}[\p{L}\p{M}'’-]*")
_FEWEST_STOCK_WORDS = 4
_OWN_WORDS_ALLOWED = 1
_FIGURE = regex.compile(r"<(?:money|date|time|ref|number)>|\d")
_SLOT = regex.compile(r"<\w+>")
_CLITIC = regex.compile(r"(?:n't|'\w{1,2})$")
_STEM = 5

_Bits = npt.NDArray[np.uint64]


@lru_cache(maxsize=65_536)
def fingerprint(text: str) -> bytes:
    """The masked text's shingles, hashed into a set of 4,096 bits; empty for a short text."""
    masked = mask(text)
    if len(masked) < _FEWEST_CHARS:
        return bytes(_BITS // 8)
    bits = np.zeros(_BITS, dtype=np.bool_)
    raw = masked.encode()
    bits[[zlib.crc32(raw[i : i + _SHINGLE]) % _BITS for i in range(len(raw) - _SHINGLE + 1)]] = True
    return np.packbits(bits).tobytes()


def alike(reply: str, others: tuple[str, ...]) -> npt.NDArray[np.float64]:
    """The share of common shingles of the reply with each other text (Jaccard)."""
    width = _BITS // 64
    own: _Bits = np.frombuffer(fingerprint(reply), dtype=np.uint64)
    joined = b"".join([fingerprint(other) for other in others])
    theirs: _Bits = np.frombuffer(joined, dtype=np.uint64).reshape(-1, width)
    common = np.bitwise_count(theirs & own).sum(axis=1, dtype=np.int64)
    either = np.bitwise_count(theirs | own).sum(axis=1, dtype=np.int64)
    shares: npt.NDArray[np.float64] = common / np.maximum(either, 1)
    return shares


def _copies(context: CheckContext) -> Iterator[Hit]:
    if not context.recent_replies:
        return
    shares = alike(context.reply, context.recent_replies)
    nearest = int(shares.argmax())
    share = float(shares[nearest])
    if share < context.option("canned", "very_alike", _VERY_ALIKE):
        return
    block = share >= context.option("canned", "nearly_equal", _NEARLY_EQUAL)
    # Published terms are meant to be said in the same words.
    block = block and context.move is not MoveKind.BOUNDARY_STATEMENT
    yield Hit(
        message=(
            "Almost word for word a recent public reply with the names swapped."
            if block
            else "Very like a recent public reply; readers of the page see both."
        ),
        suggestion="Write it anew from what this customer said: their thing, their day.",
        start=0,
        end=len(context.reply),
        severity=Severity.BLOCK if block else Severity.WARN,
        evidence=context.recent_replies[nearest][:200],
    )


@cache
def _stock(language: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """Whole words and stems of stock replies; English ones where the language has none."""
    listed = yaml.safe_load((LEXICON / "canned.yaml").read_text("utf-8"))["words"]
    words = listed.get(language, listed["en"]).split()
    whole = frozenset(word for word in words if not word.endswith("*"))
    return whole, tuple(word[:-1] for word in words if word.endswith("*"))


def _content(text: str, language: str) -> list[str]:
    small = WORDS.get(language, frozenset())
    words = (_CLITIC.sub("", word.replace("’", "'").lower()) for word in _WORD.findall(text))
    return [word for word in words if len(word) > 2 and word not in small]


def _own_words(reply: str, language: str) -> list[str]:
    """What the reply says beyond stock words."""
    whole, stems = _stock(language)
    return [
        word
        for word in _content(reply, language)
        if word not in whole and not word.startswith(stems)
    ]


def _said_before(context: CheckContext) -> str:
    case = context.case
    parts = [case.complaint.text, *(message.text for message in case.thread)]
    parts += [fact.text for fact in case.known]
    return " ".join(parts)


def _taken_up(words: list[str], said: str, language: str) -> bool:
    theirs = {word[:_STEM] for word in _content(said, language)}
    return any(word[:_STEM] in theirs for word in words)


def _is_stock(context: CheckContext) -> bool:
    """Nothing of the matter in it: no figure, no word of the customer's, no word of its own."""
    masked = mask(context.reply)
    if _FIGURE.search(masked):
        return False
    plain = _SLOT.sub(" ", masked)
    strangers = _brand_words(context)
    own = [word for word in _own_words(plain, context.language) if word not in strangers]
    long_enough = len(_content(plain, context.language)) >= _FEWEST_STOCK_WORDS
    taken_up = _taken_up(own, _said_before(context), context.language)
    return long_enough and len(own) <= _OWN_WORDS_ALLOWED and not taken_up


def _is_generic(context: CheckContext) -> bool:
    """The reader finds stock sentences, and no sentence is tied to this case."""
    stock = any(one.share(Label.CANNED) >= _STOCK_SHARE for one in context.read)
    return stock and not any(_is_tied(one, context) for one in context.read)


def _is_tied(reading: SentenceReading, context: CheckContext) -> bool:
    """A word of the customer's, a figure, or something told about this very matter."""
    if reading.share(Label.CANNED) >= _SURELY_STOCK:
        return False
    if any(reading.share(label) >= _TELLING_SHARE for label in _TELLING):
        return True
    if _FIGURE.search(mask(reading.text)):
        return True
    strangers = _brand_words(context)
    own = [w for w in _own_words(reading.text, context.language) if w not in strangers]
    return _taken_up(own, _said_before(context), context.language)


def _brand_words(context: CheckContext) -> frozenset[str]:
    """Names that say nothing of the matter: the brand's and the customer's."""
    mentions = context.brand.mentions
    author = context.case.complaint.author_name or ""
    names = (context.brand.name, *mentions.names, *mentions.handles, author)
    return frozenset(word.lower() for name in names for word in _WORD.findall(name))


def find_canned(context: CheckContext) -> Iterable[Hit]:
    """A near-copy of a recent reply, or a text that could stand under any complaint."""
    hits = list(_copies(context))
    if hits or context.written_ahead or context.move is MoveKind.BOUNDARY_STATEMENT:
        return hits
    if not (_is_stock(context) or _is_generic(context)):
        return []
    return [
        Hit(
            message="This could stand under any complaint: nothing in it is about this one.",
            suggestion="Name their thing and what happened to it, in your own words.",
            start=0,
            end=len(context.reply),
            severity=Severity.WARN,
        )
    ]
