"""The words and phrases that profanity is looked up in, read once."""

from dataclasses import dataclass
from functools import cache

import regex
import yaml

from service.guards.phrases import LEXICON, compile_phrases


@dataclass(frozen=True)
class Words:
    """Foul words: whole ones, beginnings, and roots that count anywhere in a word."""

    whole: frozenset[str]
    stems: frozenset[str]
    anywhere: frozenset[str]

    def hold(self, word: str) -> bool:
        """Whether a word in lower case is one of them."""
        if word in self.whole or any(root in word for root in self.anywhere):
            return True
        return any(word[:length] in self.stems for length in range(3, len(word) + 1))


@dataclass(frozen=True)
class Lexicon:
    """The word lists of all languages, and the phrases by language."""

    always: Words
    repeated: frozenset[str]
    innocent: frozenset[str]
    elsewhere: dict[str, frozenset[str]]
    phrases: dict[str, regex.Pattern[str]]
    harmless: dict[str, regex.Pattern[str]]


def _listed(texts: dict[str, str]) -> list[str]:
    return [word.casefold() for text in texts.values() for word in text.split()]


@cache
def lexicon() -> Lexicon:
    """The lexicon, read once."""
    raw = yaml.safe_load((LEXICON / "hate_or_profanity.yaml").read_text("utf-8"))
    words = _listed(raw["words"])
    return Lexicon(
        always=Words(
            whole=frozenset(word for word in words if not word.endswith("*")),
            stems=frozenset(word[:-1] for word in words if word.endswith("*")),
            anywhere=frozenset(raw["anywhere"].casefold().split()),
        ),
        repeated=frozenset(_listed(raw["repeated"])),
        innocent=frozenset(raw["innocent"].casefold().split()),
        elsewhere={
            code: frozenset(text.casefold().split()) for code, text in raw["elsewhere"].items()
        },
        phrases={code: compile_phrases(text) for code, text in raw["phrases"].items()},
        harmless={code: compile_phrases(text) for code, text in raw["harmless"].items()},
    )
