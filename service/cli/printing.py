"""What goes to stdout (results) and to stderr (everything else)."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

WIDTH = 100
Tell = Callable[[str], None]


def write_json(value: Any) -> None:
    """One JSON document on stdout."""
    write_bytes(to_bytes(value, indent=2))


def to_bytes(value: Any, *, indent: int | None = None) -> bytes:
    """JSON as a line of UTF-8; half of a surrogate pair, which UTF-8 cannot hold, becomes `?`."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, default=str)
    return text.encode("utf-8", "replace") + b"\n"


def write_bytes(content: bytes) -> None:
    """Straight to stdout, whatever the terminal's encoding is."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def say(words: str) -> None:
    """A message for the person at the terminal."""
    click.echo(words, err=True)


def page() -> "Console":
    """Where results for people are drawn: never wider than is easy to read."""
    from rich.console import Console

    console = Console(highlight=False)
    # Into a file or a pipe there is no width to fit, so the readable one is used.
    console.width = min(console.width, WIDTH) if console.is_terminal else WIDTH
    return console


def plain(words: str, style: str = "") -> "Text":
    """Words of customers and models as text: no markup, and no codes that steer a terminal."""
    from unicodedata import category

    from rich.text import Text

    kept = "".join(c for c in words if c in "\n\t" or category(c) != "Cc")
    return Text().append(kept, style=style or None)  # as a span: a base style would spread


@contextmanager
def spinner(words: str) -> Iterator[Tell]:
    """Says on stderr what is going on; silent where nobody watches."""
    from rich.console import Console
    from rich.markup import escape

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    with console.status(escape(words)) as status:
        yield lambda more: status.update(escape(more))


@contextmanager
def progress_bar(words: str, total: int) -> Iterator["Advance"]:
    """A bar on stderr; silent where nobody watches."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(
        *columns, TimeElapsedColumn(), console=console, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(words, total=total)
        yield Advance(
            lambda done, of: bar.update(task, completed=done, total=of),
            lambda more: bar.update(task, description=more),
        )


class Advance:
    """Moves a bar on."""

    def __init__(self, move: Callable[[int, int], None], describe: Tell) -> None:
        self._move = move
        self.tell = describe

    def to(self, done: int, total: int) -> None:
        """So many of so many are done."""
        self._move(done, total)
