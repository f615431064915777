"""`amends brand expand`: let the model write questions that lead to passages, for a review."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.cli.asking import OutputOption, run
from service.cli.opening import Opening, opening_of
from service.cli.printing import progress_bar, say, spinner, to_bytes, write_bytes

if TYPE_CHECKING:
    from service.domain.knowledge import PolicyPassage

_STREAM = "-"


def expand(
    ctx: typer.Context,
    brand: Annotated[str, typer.Argument(help="Brand id.")],
    output: OutputOption = _STREAM,
    count: Annotated[int, typer.Option(min=1, max=12, help="Questions for each passage.")] = 8,
    language: Annotated[
        list[str] | None,
        typer.Option("--language", help="Write in this one only; may be repeated."),
    ] = None,
) -> None:
    """Let the model write customers' questions for passages that have none.

    Writes a line a passage that a person reviews: strike what another passage would answer, mend
    what nobody would write, and put the file as asks.jsonl beside brand.yaml for the next import.
    The bundled model writes English only: give it --language en.

    [dim]amends brand expand tidewell --output tidewell/asks.jsonl[/dim]
    """
    rows, without = run(_expand(opening_of(ctx), brand, count, language or []))
    content = b"".join(to_bytes(row) for row in rows)
    if output == _STREAM:
        write_bytes(content)
    else:
        _write(Path(output), content)
    say(f"{len(rows)} passages have questions to review")
    for name in without:
        say(f"none could be read for {name}")
    if without:
        raise typer.Exit(1)


def _write(path: Path, content: bytes) -> None:
    from service.errors import InvalidInput

    try:
        with path.open("xb") as new:  # a file that was reviewed is never overwritten
            new.write(content)
    except FileExistsError as exc:
        raise InvalidInput(f"{path} is there already: name another file") from exc
    except OSError as exc:
        raise InvalidInput(f"{path} cannot be written ({type(exc).__name__})") from exc


async def _expand(
    opening: Opening, brand_id: str, count: int, languages: Sequence[str]
) -> tuple[list[dict[str, Any]], list[str]]:
    from service.drafting.asks import AskWriter

    settings = opening.settings()
    async with opening.model(settings) as model, opening.services() as services:
        brand = await services.library.brand(brand_id)
        today = brand.today(services.now())
        held = await services.library.policy(brand_id)
        wanted = [p for p in held if p.in_force(today) and not p.asks]
        with spinner("opening the language model") as tell:
            await model.ready(tell)
        writer = AskWriter(model.chat)
        rows: list[dict[str, Any]] = []
        without: list[str] = []
        with progress_bar("passages", len(wanted)) as bar:
            for done, passage in enumerate(wanted, start=1):
                asks = await writer.write(brand, passage, count=count, languages=languages)
                if asks:
                    rows.append(_row(passage, asks))
                else:
                    without.append(f"{passage.id}@{passage.version}")
                bar.to(done, len(wanted))
        return rows, without


def _row(passage: "PolicyPassage", asks: Sequence[str]) -> dict[str, Any]:
    """The passage's words stand beside the questions, for the person who reviews them."""
    return {
        "id": passage.id,  # and no version: the next one is asked for in the same words
        "title": passage.title,
        "text": passage.text,
        "asks": list(asks),
    }
