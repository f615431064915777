"""What a format's reader hands over: rows as they stand in the file, not checked yet."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.errors import ImportRefused


@dataclass(frozen=True)
class Raw:
    """One row and the place it stands at, in words."""

    where: str
    fields: Mapping[str, object]


@dataclass(frozen=True)
class Parsed:
    """The rows of a file that could be read, and what is wrong with the others."""

    rows: tuple[Raw, ...] = ()
    problems: tuple[str, ...] = ()


def refused(problem: str) -> ImportRefused:
    """The error of a file that cannot be read at all."""
    return ImportRefused([problem])
