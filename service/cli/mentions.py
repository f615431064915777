"""`amends mentions`: posts of listening tools into the queue."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from service.cli.asking import JsonOption, run
from service.cli.lines import STREAM
from service.cli.opening import Opening, opening_of
from service.cli.printing import page, progress_bar, say, write_json
from service.cli.root import new_group

if TYPE_CHECKING:
    from service.domain.mention import MentionTally

BAD_LINES = 1
_CHUNK = 65_536
app = new_group("Take in posts that listening tools found.")


@app.command("import")
def import_(
    ctx: typer.Context,
    source: Annotated[
        str, typer.Argument(metavar="FILE", help="Posts, one JSON object a line; - is stdin.")
    ],
    brand: Annotated[
        str | None, typer.Option("--brand", "-b", help="Look for this brand only; default: all.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Put the posts that speak of a brand into its queue; a second time changes nothing.

    `amends serve` writes their drafts. Bad lines are named and the others are kept; then the exit
    code is 1, as it is where there is nothing to read.

    [dim]amends mentions import posts.jsonl[/dim]
    """
    tally, looked_for, waiting = run(_import(opening_of(ctx), source, brand))
    if as_json:
        write_json(tally.model_dump(mode="json"))
    else:
        _show(tally)
    if warning := _warning(tally, looked_for):
        say(f"warning: {warning}")
    if waiting:
        say(
            f"{waiting} {'draft waits' if waiting == 1 else 'drafts wait'} to be written: "
            "a running `amends serve` writes them, `amends queue` shows what is done"
        )
    if tally.bad_count or not tally.received:
        raise typer.Exit(BAD_LINES)


async def _import(
    opening: Opening, source: str, brand: str | None
) -> "tuple[MentionTally, list[str], int]":
    """The tally, the names of the brands that were looked for, and how many drafts wait."""
    from service.domain.review import LOCAL_ADMIN
    from service.followup.mention_lines import feed_lines

    with _opened(source) as file, progress_bar("posts", 0) as bar:
        total = _lines_in(source)
        async with opening.services() as services:
            tally = await services.mentions.take_in(
                feed_lines(_chunks(file)),
                LOCAL_ADMIN,
                brand_id=brand,
                told=lambda number: bar.to(number, max(number, total)),
            )
            brands = await services.library.all_brands()
            looked_for = [one.name for one in brands if brand in (None, one.id)]
            return tally, looked_for, await services.queue.under_way(brand)


@contextmanager
def _opened(source: str) -> Iterator[BinaryIO]:
    from service.errors import InvalidInput

    if source == STREAM:
        yield sys.stdin.buffer
        return
    try:
        file = Path(source).open("rb")  # noqa: SIM115 (closed below)
    except OSError as exc:
        raise InvalidInput(f"{source} cannot be read: {exc.strerror or 'an I/O error'}") from exc
    with file:
        yield file


def _lines_in(source: str) -> int:
    """How many lines there are to come; nobody knows it of stdin."""
    if source == STREAM:
        return 0
    with Path(source).open("rb") as file:
        return sum(1 for _ in file)


async def _chunks(file: BinaryIO) -> AsyncIterator[bytes]:
    while chunk := await asyncio.to_thread(file.read, _CHUNK):
        yield chunk


def _show(tally: "MentionTally") -> None:
    counts = tally.model_dump(exclude={"bad", "bad_count"})
    said = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())
    page().print(said)
    for bad in tally.bad:
        say(f"line {bad.line}: {bad.error}")
    if tally.bad_count > len(tally.bad):
        say(f"and {tally.bad_count - len(tally.bad)} more bad lines")


def _warning(tally: "MentionTally", looked_for: Sequence[str]) -> str | None:
    """Why nothing came of a feed, and what to look at."""
    if not tally.received:
        return "there is no post in it, so nothing was taken in; a post is a JSON object on a line"
    if not looked_for:
        return "no brand is imported, so no post can be ours: `amends brand import DIR` first"
    if tally.ours or not tally.not_ours:
        return None
    return (
        f"nothing was ours: none of the posts speaks of {', '.join(looked_for)}. Check `mentions` "
        "in brand.yaml (names, handles, hashtags, domains), or give each post its `brand`"
    )
