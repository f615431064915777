"""JSONL: lines in, lines out, in order; a bad line becomes an error and the run goes on."""

import asyncio
import json
import sys
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, Self

import typer

from service.cli.printing import progress_bar, say, to_bytes, write_bytes

STREAM = "-"
_BOM = b"\xef\xbb\xbf"
_AHEAD = 4
"""Lines begun per place, so that one slow line in front does not leave the other places idle."""

Answer = dict[str, Any]
Work = Callable[["Row"], Awaitable[Answer]]


@dataclass(frozen=True)
class Line:
    """A line as it was read, with its number in the file."""

    number: int
    raw: bytes


@dataclass(frozen=True)
class Row:
    """A line that holds a JSON object. `id` is what came, `value` what a model may validate."""

    number: int
    id: Any
    value: Mapping[str, Any] = field(repr=False)


def read_lines(source: str) -> list[Line]:
    """Every line that is not blank, read whole before any work begins."""
    content = read_bytes(source).removeprefix(_BOM)
    lines = enumerate(content.split(b"\n"), start=1)
    return [Line(number, raw) for number, raw in lines if raw.strip()]


def read_bytes(source: str) -> bytes:
    """A file, or stdin for `-`."""
    from service.errors import InvalidInput

    if source == STREAM:
        return sys.stdin.buffer.read()
    try:
        return Path(source).read_bytes()
    except OSError as exc:
        raise InvalidInput(f"{source} cannot be read: {exc.strerror or 'an I/O error'}") from exc


def parse(line: Line) -> Row:
    """The object on a line, or InvalidInput without the words that stood there."""
    from service.domain.base import storable
    from service.errors import InvalidInput

    value = read_object(line.raw)
    if not isinstance(value, dict):
        raise InvalidInput("not a JSON object")
    given = value.get("id")
    if given is not None and not isinstance(given, bool | list | dict):
        value = {**value, "id": storable(str(given))}
    return Row(line.number, given, value)


def read_object(raw: bytes) -> Any:
    """JSON from bytes that may hold anything."""
    from service.errors import InvalidInput

    try:
        return json.loads(raw.decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as exc:
        raise InvalidInput(f"not UTF-8 (byte {exc.start + 1} of the line)") from exc
    except json.JSONDecodeError as exc:
        raise InvalidInput(f"not JSON: {exc.msg} at character {exc.pos + 1}") from exc
    except (ValueError, RecursionError) as exc:
        raise InvalidInput(
            "not JSON that can be read: nested too deep or a number too long"
        ) from exc


def _refuse_constant(name: str) -> None:
    raise json.JSONDecodeError(f"{name} is no JSON", "", 0)


@dataclass(frozen=True)
class Batch:
    """The lines of one run, and where the answers go."""

    lines: list[Line]
    target: str
    words: str

    @classmethod
    def read(cls, source: str, target: str, words: str) -> Self:
        """Read the lines; before any event loop runs, so that Ctrl-C ends a wait for stdin."""
        from service.errors import InvalidInput

        both = (source, target)
        if STREAM not in both and Path(source).resolve() == Path(target).resolve():
            raise InvalidInput("--input and --output are the same file")
        lines = read_lines(source)
        if not lines:
            _end_empty(source, target)
        return cls(lines, target, words)

    async def run(self, work: Work, *, at_once: int = 1) -> None:
        """Write an answer for every line as it gets ready; exit code 1 where one is an error."""
        total = len(self.lines)
        with writer(self.target) as write, progress_bar(self.words, total) as bar:
            failed = done = 0
            async for answer in in_order(self.lines, work, at_once=at_once):
                write(answer)
                done += 1
                failed += "error" in answer
                bar.to(done, total)
        self._conclude(done, failed)

    def _conclude(self, done: int, failed: int) -> None:
        if self.target != STREAM:
            say(f"{self.words}: {done} {'line' if done == 1 else 'lines'} in {self.target}")
        if failed:
            say(f'{failed} of {done} could not be done: see "error" in the output')
            raise typer.Exit(1)


def _end_empty(source: str, target: str) -> NoReturn:
    """Nothing to do is seldom what was meant; what was in the target is not the answer to it."""
    with writer(target):
        say(f"{'stdin' if source == STREAM else 'the file'} has no lines: there is nothing to do")
    raise typer.Exit(1)


async def in_order(lines: Sequence[Line], work: Work, *, at_once: int = 1) -> AsyncIterator[Answer]:
    """Answers in the order of the lines, `at_once` of them worked on at the same time."""
    places = asyncio.Semaphore(at_once)

    async def one(line: Line) -> Answer:
        async with places:
            return await answer(line, work)

    begun: deque[asyncio.Task[Answer]] = deque()
    try:
        for line in lines:
            begun.append(asyncio.create_task(one(line)))
            if len(begun) >= (at_once * _AHEAD if at_once > 1 else 1):
                yield await begun.popleft()
        while begun:
            yield await begun.popleft()
    finally:
        for task in begun:
            task.cancel()
        await asyncio.gather(*begun, return_exceptions=True)


async def answer(line: Line, work: Work) -> Answer:
    """What came of a line, under its own id; without one, under its number."""
    row: Row | None = None
    try:
        row = parse(line)
        made = await work(row)
        return {**_name(line, row, made.get("id")), **{k: v for k, v in made.items() if k != "id"}}
    except Exception as exc:
        return {**_name(line, row), "error": in_words(exc)}


def _name(line: Line, row: Row | None, own_id: Any = None) -> Answer:
    if row is not None and row.id is not None:
        return {"id": row.id}
    return {"id": own_id} if own_id is not None else {"id": None, "line": line.number}


def in_words(exc: Exception) -> str:
    """What is wrong, without repeating what was sent; of a bug only its kind."""
    from pydantic import ValidationError

    from service.errors import AmendsError
    from service.knowledge.importer import explain

    if isinstance(exc, ValidationError):
        return "; ".join(explain(exc))
    if isinstance(exc, AmendsError):
        return str(exc)
    return f"a bug in Amends: {type(exc).__name__}; please report it"


@contextmanager
def writer(target: str) -> Iterator[Callable[[Answer], None]]:
    """Writes lines that are on the disk, or with the reader, before the next one begins."""
    if target == STREAM:
        yield lambda value: write_bytes(to_bytes(value))
        return
    with _opened(target) as file:

        def write(value: Answer) -> None:
            file.write(to_bytes(value))
            file.flush()

        yield write


def _opened(target: str) -> BinaryIO:
    from service.errors import InvalidInput

    try:
        return Path(target).open("wb")
    except OSError as exc:
        raise InvalidInput(f"{target} cannot be written: {exc.strerror or 'an I/O error'}") from exc
