"""Plain words that ask for careful hands, for posts too short for the trained reader."""

import re
from functools import cache
from pathlib import Path

from service.domain.triage import Sensitivity
from service.text.folding import fold
from service.text.wordlists import read_list

_FILE = Path(__file__).with_name("plain_words.yaml")
SHORT_CHARS = 80
"""The reader learnt from posts of some sentences; in a few words these lists find more."""


def plainly_said(text: str) -> frozenset[Sensitivity]:
    """What a short text says in listed words; nothing of a longer one."""
    if len(text) > SHORT_CHARS:
        return frozenset()
    folded = fold(text)
    return frozenset(one for one, pattern in _patterns().items() if pattern.search(folded))


@cache
def _patterns() -> dict[Sensitivity, re.Pattern[str]]:
    return {
        Sensitivity(name): re.compile(
            r"(?<!\w)(?:" + "|".join(p for ps in languages.values() for p in ps) + ")"
        )
        for name, languages in read_list(_FILE).items()
    }
