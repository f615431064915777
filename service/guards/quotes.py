"""Blank out what a reply quotes, so that only the brand's own words are judged."""

from collections.abc import Iterable

import regex

from service.text.folding import fold

# Openers with their closers in four languages; an apostrophe inside a word opens nothing.
_QUOTED = regex.compile(
    r"""„[^„”“"\n]{1,300}[”“"] | “[^“”\n]{1,300}” | «[^«»\n]{1,300}» | »[^«»\n]{1,300}«
      | ‚[^‚‘’\n]{1,300}[‘’] | (?<!\w)"[^"\n]{1,300}"(?!\w) | (?<!\w)‘[^‘’\n]{1,300}’(?!\w)
      | (?<!\w)'[^'\n]{1,300}'(?!\w)""",
    regex.VERBOSE,
)
_MOST_OF_THE_REPLY = 0.6
_SCARE_WORDS = 2


def without_quotes(text: str) -> str:
    """The text with quoted words blanked, every other character at its old place.

    Models like to wrap a whole reply in quotation marks: that quotes nobody.
    """
    limit = max(1, len(text.strip())) * _MOST_OF_THE_REPLY
    return _QUOTED.sub(
        lambda m: m.group() if len(m.group()) > limit else " " * len(m.group()), text
    )


def without_quotes_of(text: str, said: Iterable[str]) -> str:
    """The text with quotations of what was said blanked; one or two words in quotation marks
    stay, for they may doubt what the customer told."""
    told = [fold(part) for part in said]

    def blanked(match: regex.Match[str]) -> str:
        words = fold(match.group()).strip("\"'<>, .!?")
        quoted = len(words.split()) > _SCARE_WORDS and any(words in part for part in told)
        return " " * len(match.group()) if quoted else match.group()

    return _QUOTED.sub(blanked, text)
