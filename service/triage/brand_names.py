"""Where a post holds a brand's handles, hashtags, domains and names; no model is asked."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rapidfuzz.distance import OSA

from service.domain.brand import Brand, Mentions
from service.text.folding import fold
from service.triage.name_forms import forms_of

_EMAIL = re.compile(r"[\w.+-]+@((?:[\w-]+\.)+[a-z]{2,})")
_HANDLE = re.compile(r"(?<![\w@./-])@(\w+(?:[.-]\w+)*)")
_HASHTAG = re.compile(r"(?<!\w)#(\w+)")
_DOMAIN = re.compile(r"(?<![\w@.-])((?:[\w-]+\.)+[a-z]{2,})(?![\w-])")
_LINK = re.compile(r"https?://\S+|www\.\S+")
_CASHTAG = re.compile(r"(?<!\w)\$[a-z]\w*")
_WORD = re.compile(r"[^\W_]+(?:'s?(?!\w))?")
_NEW_SENTENCE = re.compile(r"[A-Z][a-z]+$")
_MISSPELT_FROM, _TURNED_FROM = 6, 5
"""Letters from which on a name may be a letter off, or two of them turned round; with fewer it
would be too many other words."""
_RUN_ON_FROM, _COMPOUND_FROM = 5, 6


class Found(StrEnum):
    """How a name stands in a post."""

    WHOLE = "whole"
    INFLECTED = "inflected"
    MISSPELT = "misspelt"
    PHRASE = "phrase"
    RUN_ON = "run_on"


@dataclass(frozen=True, slots=True)
class NamePlace:
    """A name in a post, in code points; a hashtag's is that of the tag."""

    start: int
    end: int
    found: Found


@dataclass(frozen=True)
class PostWords:
    """A post taken apart, folded: who is tagged, what is linked, and the plain words."""

    text: str
    handles: frozenset[str]
    hashtags: tuple[tuple[str, int, int], ...]
    domains: frozenset[str]
    words: tuple[tuple[str, int, int], ...]


@lru_cache(maxsize=256)
def read_post(text: str) -> PostWords:
    """The parts of a post; places are true since folding keeps every character's."""
    folded = fold(text)
    domains = [match for match in _DOMAIN.finditer(folded) if not _begins_sentence(text, match)]
    spans = [
        match.span()
        for one in (_EMAIL, _HANDLE, _HASHTAG, _LINK, _CASHTAG)
        for match in one.finditer(folded)
    ]
    spans += [match.span() for match in domains]
    plain = list(folded)
    for start, end in spans:
        plain[start:end] = " " * (end - start)
    words = _WORD.finditer("".join(plain))
    return PostWords(
        text=text,
        handles=frozenset(match[1] for match in _HANDLE.finditer(folded)),
        hashtags=tuple((match[1], *match.span()) for match in _HASHTAG.finditer(folded)),
        domains=frozenset(
            [match[1] for match in domains]
            + [match[1] for match in _EMAIL.finditer(folded)]
            + [part for link in _LINK.findall(folded) for part in _host(link)]
        ),
        words=tuple((match[0], *match.span()) for match in words),
    )


def _begins_sentence(text: str, match: re.Match[str]) -> bool:
    """`Tarvello.Still waiting` lacks a space and is no address."""
    return _NEW_SENTENCE.search(text[match.start() : match.end()].rsplit(".", 1)[-1]) is not None


def _host(link: str) -> list[str]:
    host = re.sub(r"^https?://|^www\.", "", link)
    return [re.split(r"[/?#:]", host)[0]]


@dataclass(frozen=True)
class BrandNames:
    """How a brand is named, ready to be looked for."""

    handles: frozenset[str]
    hashtags: frozenset[str]
    domains: tuple[str, ...]
    plain: tuple[str, ...]
    joined: frozenset[str]
    forms: frozenset[str]
    phrases: tuple[tuple[str, ...], ...]

    def marked(self, post: PostWords, tagged: frozenset[str] = frozenset()) -> bool:
        """Whether the post holds what is the brand's alone: a handle, a hashtag, a domain, or a
        name of several words that is written as a name."""
        if self.handles & (post.handles | tagged):
            return True
        if any(self._is_own_tag(tag) for tag, _, _ in post.hashtags):
            return True
        if any(_is_part(held, own) for held in post.domains for own in self.domains):
            return True
        written = (post.text[place.start : place.end] for place in self._phrases(post))
        return any(not words.islower() for words in written)

    def places(self, post: PostWords) -> tuple[NamePlace, ...]:
        """Where a name stands, in any of its forms."""
        phrases = tuple(self._phrases(post))
        inside = [place for place in self._words(post) if not _within(place, phrases)]
        return (*phrases, *inside, *self._run_ons(post))

    def _is_own_tag(self, tag: str) -> bool:
        """A hashtag of the brand, or one with a long mark inside that no other word holds."""
        marks = (self.hashtags - set(self.plain)) | self.joined
        long = (mark for mark in marks if len(mark) >= _COMPOUND_FROM)
        return tag in self.hashtags or any(mark in tag for mark in long)

    def _phrases(self, post: PostWords) -> Iterator[NamePlace]:
        words = [word for word, _, _ in post.words]
        for phrase in self.phrases:
            last = forms_of(phrase[-1])
            for at in range(len(words) - len(phrase) + 1):
                held = words[at : at + len(phrase)]
                if tuple(held[:-1]) == phrase[:-1] and held[-1] in last:
                    start, end = post.words[at][1], post.words[at + len(phrase) - 1][2]
                    yield NamePlace(start, end, Found.PHRASE)

    def _words(self, post: PostWords) -> Iterator[NamePlace]:
        for word, start, end in post.words:
            if word in self.joined:
                yield NamePlace(start, end, Found.PHRASE)
            elif word in self.plain:
                yield NamePlace(start, end, Found.WHOLE)
            elif word in self.forms:
                yield NamePlace(start, end, Found.INFLECTED)
            elif any(_is_slip(word, name) for name in self.plain):
                yield NamePlace(start, end, Found.MISSPELT)

    def _run_ons(self, post: PostWords) -> Iterator[NamePlace]:
        for tag, start, end in post.hashtags:
            if any(len(name) >= _RUN_ON_FROM and name in tag for name in self.plain):
                yield NamePlace(start, end, Found.RUN_ON)
            elif tag in self.plain:
                yield NamePlace(start, end, Found.WHOLE)


def names_of(brand: Brand) -> BrandNames:
    """The brand's names as its settings say; its own name where they say none."""
    return _names(brand.name, brand.mentions)


@lru_cache(maxsize=2_000)
def _names(name: str, said: Mentions) -> BrandNames:
    names = [fold(one).split() for one in (said.names or (name,))]
    phrases = tuple(tuple(words) for words in names if len(words) > 1)
    plain = tuple(words[0] for words in names if len(words) == 1)
    return BrandNames(
        handles=frozenset(map(_bare, said.handles)),
        hashtags=frozenset(map(_bare, said.hashtags)),
        domains=tuple(fold(domain).removeprefix("www.") for domain in said.domains),
        plain=plain,
        joined=frozenset("".join(words) for words in phrases),
        forms=frozenset().union(*(forms_of(name) for name in plain)),
        phrases=phrases,
    )


def own_handles(brand: Brand, handle: str | None) -> bool:
    """Whether this is one of the brand's own accounts."""
    return handle is not None and _bare(handle) in names_of(brand).handles


def _bare(mark: str) -> str:
    return fold(mark).lstrip("@#").strip()


def _is_part(held: str, own: str) -> bool:
    return held == own or held.endswith(f".{own}")


def _within(place: NamePlace, others: Sequence[NamePlace]) -> bool:
    return any(other.start <= place.start and place.end <= other.end for other in others)


def _is_slip(word: str, name: str) -> bool:
    """One letter wrong, missing, too many, or two of them turned round."""
    turned = sorted(word) == sorted(name)
    if word[:1] != name[:1] or len(name) < (_TURNED_FROM if turned else _MISSPELT_FROM):
        return False
    return OSA.distance(word, name, score_cutoff=1) == 1
