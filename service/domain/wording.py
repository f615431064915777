"""What validation found wrong, in words for people who never saw a line of our code."""

from collections.abc import Mapping
from typing import Any

_FIXED = {
    "extra_forbidden": "there is no such field",
    "string_type": "it must be a text",
    "bool_type": "it must be true or false",
    "bool_parsing": "it must be true or false",
    "int_type": "it must be a whole number",
    "int_parsing": "it must be a whole number",
    "int_from_float": "it must be a whole number",
    "float_type": "it must be a number",
    "float_parsing": "it must be a number",
    "list_type": "it must be a list",
    "tuple_type": "it must be a list",
    "set_type": "it must be a list",
    "frozen_set_type": "it must be a list",
    "dict_type": "it must be an object with fields",
    "model_type": "it must be an object with fields",
    "model_attributes_type": "it must be an object with fields",
}
_PATTERNS = {
    "^[a-z]{2}$": "it must be two small letters, such as en or pl",
    "^[a-z0-9][a-z0-9_-]{0,62}$": "it must be small letters, digits, - and _, 63 at most",
}
_LIMITS = {
    "greater_than_equal": ("ge", "it must be {} or more"),
    "greater_than": ("gt", "it must be more than {}"),
    "less_than_equal": ("le", "it must be {} or less"),
    "less_than": ("lt", "it must be less than {}"),
}


def in_words(error: Mapping[str, Any]) -> str:
    """One of pydantic's errors as it lists them; what was sent is never repeated."""
    kind, context = str(error["type"]), error.get("ctx", {})
    if kind in _FIXED:
        return _FIXED[kind]
    if kind.startswith("date"):
        example = "2026-02-01T18:00+01:00" if kind.startswith("datetime") else "2026-02-01"
        return f"not a date that can be read; write it as {example}"
    if kind in _LIMITS:
        name, words = _LIMITS[kind]
        limit = context[name]
        whole = isinstance(limit, float) and limit.is_integer()
        return words.format(int(limit) if whole else limit)
    if kind.endswith(("too_short", "too_long")):
        return _length(kind, context, of_text=isinstance(error.get("input"), str))
    if kind in ("enum", "literal_error"):
        return f"it can be {context['expected']}"
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(str(context["pattern"]), f"it must look like {context['pattern']}")
    return str(error["msg"]).removeprefix("Value error, ").replace("Input should", "it should")


def _length(kind: str, context: Mapping[str, Any], *, of_text: bool) -> str:
    short = kind.endswith("too_short")
    limit = context["min_length"] if short else context["max_length"]
    unit = "character" if of_text else "entry"
    if limit != 1:
        unit = "characters" if of_text else "entries"
    return f"it must have {limit} {unit} {'at least' if short else 'at most'}"
