"""Word lists kept as YAML beside the code: read once, compiled once."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from service.text.folding import fold

HERE = Path(__file__).parent / "lexicon"


@cache
def read_list(path: Path) -> dict[str, Any]:
    """One YAML word list as it stands in its file."""
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """One expression for folded text that matches any of the patterns, at a word's start."""
    return re.compile(r"(?<!\w)(?:" + "|".join(patterns) + ")")


def _flat(entry: Any) -> list[str]:
    """Patterns stand one a line, grouped by language or not."""
    if isinstance(entry, dict):
        return [pattern for part in entry.values() for pattern in _flat(part)]
    return [line.strip() for line in str(entry).splitlines() if line.strip()]


def pattern_list(path: Path, key: str) -> list[str]:
    """The patterns under one key, all its languages together."""
    return _flat(read_list(path)[key])


@cache
def patterns(path: Path) -> dict[str, re.Pattern[str]]:
    """Each top-level key of a file of patterns as one expression over all its languages."""
    return {key: any_of(_flat(entry)) for key, entry in read_list(path).items()}


@cache
def lookup(path: Path, key: str) -> dict[str, str]:
    """A list of `name: [words]` turned round: which name a folded word belongs to."""
    named = read_list(path)[key]
    return {fold(str(word)): str(name) for name, words in named.items() for word in words}
