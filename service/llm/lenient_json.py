"""JSON as models write it: trailing commas, raw line breaks, odd escapes, an end that was cut off.

A value that was cut off is left out, never guessed at; anything else that is wrong makes the whole
object unreadable, since half a value may look whole (`"he said "no" to us"`).
"""

import json
import re

from service.domain.base import storable

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_SCALAR = re.compile(r"[-+.\w]+")
_SPACE = re.compile(r"\s*")
_ODD_ESCAPE = re.compile(r'\\(\\|["/bfnrtu])|\\')
_MAX_DEPTH = 30


def first_object(text: str, start: int = 0) -> dict[str, object] | None:
    """The JSON object that begins at `start`; None where none can be read there."""
    if text[start : start + 1] != "{":
        return None
    try:
        return _Reader(text, start).read_object(depth=0)
    except (_UnreadableError, _CutError):
        return None


class _CutError(Exception):
    """The text ended within a value."""


class _UnreadableError(Exception):
    """Something stands where it cannot."""


class _Reader:
    def __init__(self, text: str, place: int) -> None:
        self._text = text
        self._place = place
        self._cut = False

    def read_object(self, *, depth: int) -> dict[str, object]:
        found: dict[str, object] = {}
        self._place += 1
        while not self._ends("}"):
            try:
                key = self._string()
                self._past_colon()
                found[key] = self._value(depth + 1)
            except _CutError:
                self._cut = True
            self._separator("}")
        return found

    def _array(self, *, depth: int) -> list[object]:
        found: list[object] = []
        self._place += 1
        while not self._ends("]"):
            try:
                value = self._value(depth + 1)
            except _CutError:
                self._cut = True
            if not self._cut:
                found.append(value)
            self._separator("]")
        return found

    def _value(self, depth: int) -> object:
        if depth > _MAX_DEPTH:
            raise _UnreadableError
        char = self._peek()
        if char == '"':
            return self._string()
        if char == "{":
            return self.read_object(depth=depth)
        return self._array(depth=depth) if char == "[" else self._scalar()

    def _string(self) -> str:
        if self._peek() != '"':
            raise _UnreadableError if self._peek() else _CutError
        match = _STRING.match(self._text, self._place)
        if match is None:
            raise _CutError
        self._place = match.end()
        return str(storable(_loaded(_ODD_ESCAPE.sub(_without_odd, match[0]))))

    def _scalar(self) -> object:
        match = _SCALAR.match(self._text, self._place)
        if match is None:
            raise _UnreadableError if self._peek() else _CutError
        if match.end() == len(self._text):
            raise _CutError
        self._place = match.end()
        return _loaded(match[0])

    def _past_colon(self) -> None:
        char = self._peek()
        if char != ":":
            raise _UnreadableError if char else _CutError
        self._place += 1

    def _separator(self, closer: str) -> None:
        char = self._peek()
        if self._cut or char in ("", closer):
            return
        if char != ",":
            raise _UnreadableError
        self._place += 1

    def _ends(self, closer: str) -> bool:
        char = self._peek()
        if self._cut or char == "":
            self._cut = True
            return True
        if char == closer:
            self._place += 1
        return char == closer

    def _peek(self) -> str:
        space = _SPACE.match(self._text, self._place)
        self._place = space.end() if space else self._place
        return self._text[self._place : self._place + 1]


def _without_odd(match: re.Match[str]) -> str:
    return match[0] if match[1] else ""


def _loaded(text: str) -> object:
    try:
        loaded: object = json.loads(text, strict=False)
    except ValueError as exc:
        raise _UnreadableError from exc
    return loaded
