"""What is wrong with a row of knowledge that comes in, beyond what its model says.

Not part of the models: rows that were stored before must stay readable.
"""

import re
from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from service.domain.base import misspelt
from service.domain.knowledge import as_language

_TELLING = ("valid_from", "valid_to", "status", "version", "language")
"""Fields that decide whether and where a row counts, and that may be absent."""
_WORDS = ("text", "complaint", "reply")
_KEYS = ("id", "version")
_LANGUAGE = re.compile("[a-z]{2}")


def slips(model: type[BaseModel], fields: Mapping[str, object]) -> Iterator[str]:
    """Names that are nearly one of ours (a misspelt `valid_to` would never end a rule), words that
    are none, and keys of more than a line; other unknown fields are the tool's own affair."""
    for name, meant in misspelt(fields.keys(), model.model_fields):
        if meant in _TELLING:
            yield f"{name}: no such field; is {meant} meant?"
    for name, value in fields.items():
        if name in _WORDS and isinstance(value, str) and value and not value.strip():
            yield f"{name}: it is empty; it needs words"
        if name in _KEYS and isinstance(value, str) and value and not value.isprintable():
            yield f"{name}: it holds a line break or another sign that nobody sees"
        if name == "version" and isinstance(value, float):
            yield "version: put it into quotation marks; as a number 3.10 is 3.1"
        if name == "language" and not _LANGUAGE.fullmatch(str(as_language(value))):
            yield "language: it is no language's two letters, such as en"
