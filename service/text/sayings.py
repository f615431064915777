"""What people wrote to be said in several ways: variants by name and language, in YAML."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from service.text.wordlists import read_list


def sayings(path: Path, name: str, language: str) -> list[str]:
    """The ways to say it; none in a language that nobody wrote for."""
    found: list[str] = read_list(path)[name].get(language, [])
    return found


def turned(variants: Sequence[str], key: str) -> list[str]:
    """The variants from this key's turn on: neighbours differ, and a rerun says the same."""
    digest = hashlib.sha256(key.encode("utf-8", "replace")).digest()
    turn = int.from_bytes(digest[:4], "big") % max(1, len(variants))
    return [*variants[turn:], *variants[:turn]]
