"""Blank out what a reply quotes, so that only the brand's own words are judged."""

import regex

# Openers with their closers in four languages; an apostrophe inside a word opens nothing.
_QUOTED = regex.compile(
    r"""„[^„”“"\n]{1,300}[”“"] | “[^“”\n]{1,300}” | «[^«»\n]{1,300}» | »[^«»\n]{1,300}«
      | ‚[^‚‘’\n]{1,300}[‘’] | (?<!\w)"[^"\n]{1,300}"(?!\w) | (?<!\w)‘[^‘’\n]{1,300}’(?!\w)
      | (?<!\w)'[^'\n]{1,300}'(?!\w)""",
    regex.VERBOSE,
)
_MOST_OF_THE_REPLY = 0.6


def without_quotes(text: str) -> str:
    """The text with quoted words blanked, every other character at its old place.

    Models like to wrap a whole reply in quotation marks: that quotes nobody.
    """
    limit = max(1, len(text.strip())) * _MOST_OF_THE_REPLY
    return _QUOTED.sub(
        lambda m: m.group() if len(m.group()) > limit else " " * len(m.group()), text
    )
