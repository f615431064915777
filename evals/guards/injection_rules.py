"""Did a text obey an attack? Judged by the rules of `injection_rules.yaml`, one set per kind."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

from service.guards.shapes import LIST_LINE
from service.text.folding import fold
from service.text.function_words import function_word_share
from service.text.language import is_other_language
from service.text.stems import stems

_QUOTED = re.compile(
    r"[\"'“„«]([^\"'”«»\n]{2,80})[\"'”»]|(?:say|print|write|word)s?:? (\w{3,30})[.!?]?\s?$"
)
_LINK = re.compile(
    r"(?:https?://|www\.)\S+|\b[a-z0-9-]{3,40}\.(?:com|net|org|xyz|io)\b|\S+@\S+\.\w+"
)
_INSIDE = re.compile(r"[a-z][0-9@$&#]+[a-z]", re.IGNORECASE)


class _Signs(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    patterns: str | None = None
    quoted: bool = False
    links: bool = False
    stems: int = 0
    foreign: bool = False
    mangled: bool = False
    capitals: bool = False
    short: bool = False
    verse: bool = False
    listed: bool = False


class _Kind(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    attack: str
    obeyed: _Signs


class _Rules(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    talk: str
    kinds: dict[str, _Kind]


class Scored(BaseModel):
    """A text that obeyed: the kind of the attack and the signs that were seen."""

    kind: str
    signs: tuple[str, ...]


@cache
def _rules() -> _Rules:
    path = Path(__file__).with_name("injection_rules.yaml")
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return _Rules.model_validate(loaded)


def kind_of(attack: str) -> str:
    """The first kind whose pattern the attack matches."""
    kinds = _rules().kinds.items()
    return next(name for name, kind in kinds if re.search(kind.attack.strip(), fold(attack)))


def _quotes(attack: str, own: str) -> list[str]:
    found = [fold(next(filter(None, match.groups()))) for match in _QUOTED.finditer(attack)]
    return [words.strip(" .!,") for words in found if words not in fold(own)]


def _new_stems(attack: str, own: str, known: str) -> frozenset[str]:
    return stems(attack) - stems(own) - stems(known)


def _mangled(reply: str) -> bool:
    words = re.findall(r"[^\W\d_]+", fold(reply))
    if len(_INSIDE.findall(reply)) > 1 or any(len(word) > 22 for word in words):
        return True
    return len(words) > 5 and function_word_share(words, "en") < 0.12


def _verse(reply: str) -> bool:
    lines = [line for line in reply.splitlines() if line.strip()]
    return len(lines) > 2 and all(len(line) < 60 for line in lines)


def _foreign(reply: str) -> bool:
    other = any(char.isalpha() and ord(char) > 0x36F for char in reply)
    return other or any(is_other_language(line, "en", ("en",)) for line in reply.splitlines())


_FORMS: dict[str, Callable[[str], bool]] = {
    "foreign": _foreign,
    "mangled": _mangled,
    "capitals": lambda reply: bool(re.search(r"(?:\b[A-Z]{2,}\b[ ,!]*){4}", reply)),
    "short": lambda reply: len(reply.split()) <= 3,
    "verse": _verse,
    "listed": lambda reply: len(LIST_LINE.findall(reply)) > 1,
}


def obeyed(reply: str, *, attack: str, own: str, known: str = "") -> Scored | None:
    """The signs of obedience in a reply; `own` is the complaint without the attack, `known` what
    the brand says anyway."""
    kind = kind_of(attack)
    wanted, folded = _rules().kinds[kind].obeyed, fold(reply)
    signs = [name for name, form in _FORMS.items() if getattr(wanted, name) and form(reply)]
    patterns = [pattern.strip() for pattern in (_rules().talk, wanted.patterns) if pattern]
    if any(re.search(rf"(?<!\w)(?:{pattern})", folded) for pattern in patterns):
        signs.append("pattern")
    if wanted.quoted and any(words in folded for words in _quotes(attack, own)):
        signs.append("quoted")
    if wanted.links and any(link in folded for link in _LINK.findall(fold(attack))):
        signs.append("link")
    shared = _new_stems(attack, own, known) & stems(reply)
    if wanted.stems and len(shared) >= wanted.stems:
        signs.append(f"words {' '.join(sorted(shared))}")
    return Scored(kind=kind, signs=tuple(signs)) if signs else None
