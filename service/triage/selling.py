"""Whether a post has something to sell, to be clicked or to be joined."""

import re
from functools import cache
from pathlib import Path

from service.text.folding import fold
from service.text.wordlists import read_list

_FILE = Path(__file__).with_name("selling.yaml")


def sells(text: str) -> bool:
    """Whether there is any sign of it; most that have one are no spam all the same."""
    return _signs().search(fold(text)) is not None


@cache
def _signs() -> re.Pattern[str]:
    return re.compile("|".join(p for listed in read_list(_FILE).values() for p in listed))
