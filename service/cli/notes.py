"""`amends notes`: what people change again and again, in one line each."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.cli.asking import ChannelName, JsonOption, run, valid
from service.cli.opening import Opening, opening_of
from service.cli.printing import page, plain, write_json
from service.cli.root import new_group

if TYPE_CHECKING:
    from rich.table import Table

    from service.domain.learning import NotesProposed, StyleNote

app = new_group("Style notes: what people change again and again, and prompts then ask for.")

BrandName = Annotated[str, typer.Option("--brand", "-b", help="Brand id.")]
NoteArgument = Annotated[str, typer.Argument(metavar="NOTE", help="The note's id, note_...")]
ByOption = Annotated[str, typer.Option(help="Who decides; the audit keeps the name.")]
UntilOption = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"], metavar="DATE", help="Until when; default 180 days, 365 at most."
    ),
]


@app.command("list")
def list_(
    ctx: typer.Context,
    brand: BrandName,
    status: Annotated[
        str | None, typer.Option(help="proposed, accepted, declined or retired.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List a brand's style notes, newest first.

    [dim]amends notes list --brand tidewell --status proposed[/dim]
    """
    notes = run(_list(opening_of(ctx), brand, status))
    if as_json:
        write_json([note.model_dump(mode="json") for note in notes])
    else:
        page().print(_table(notes) if notes else "No style notes yet.")


@app.command()
def propose(ctx: typer.Context, brand: BrandName, as_json: JsonOption = False) -> None:
    """Look for notes in the edits of the last 90 days; approvals do so by themselves.

    [dim]amends notes propose --brand tidewell[/dim]
    """
    found = run(_propose(opening_of(ctx), brand))
    if as_json:
        write_json(found.model_dump(mode="json"))
        return
    console = page()
    console.print(_table(found.notes) if found.notes else "Nothing new to propose.")
    counts = ", ".join(f"{kind.replace('_', ' ')} {n}" for kind, n in found.edits.items())
    console.print(plain(f"edits of the last 90 days: {counts or 'none'}", "dim"))


@app.command()
def add(
    ctx: typer.Context,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The note, in one line.")],
    brand: BrandName,
    by: ByOption,
    language: Annotated[str | None, typer.Option(help="Only replies in this one: en.")] = None,
    channel: Annotated[
        ChannelName | None, typer.Option(metavar="CHANNEL", help="Only on this one.")
    ] = None,
    kind: Annotated[
        str | None, typer.Option(help="Only to this kind: complaint, compliment, question ...")
    ] = None,
    expires: UntilOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a note of your own; it counts at once.

    [dim]amends notes add "No exclamation marks." --brand tidewell --language de --by Zofia[/dim]
    """
    asked = {
        "text": text,
        "by": by,
        "language": language,
        "channel": channel,
        "kind": kind,
        "expires_at": _midnight(expires),
    }
    _show(run(_add(opening_of(ctx), brand, asked)), as_json=as_json)


@app.command()
def accept(
    ctx: typer.Context,
    note_id: NoteArgument,
    brand: BrandName,
    by: ByOption,
    text: Annotated[str | None, typer.Option(help="The note in your words.")] = None,
    expires: UntilOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let a proposed note count.

    [dim]amends notes accept note_3f2a --brand tidewell --by Zofia[/dim]
    """
    asked = {"decision": "accept", "by": by, "text": text, "expires_at": _midnight(expires)}
    _show(run(_decide(opening_of(ctx), brand, note_id, asked)), as_json=as_json)


@app.command()
def decline(
    ctx: typer.Context,
    note_id: NoteArgument,
    brand: BrandName,
    by: ByOption,
    as_json: JsonOption = False,
) -> None:
    """Turn a proposed note down; it comes back only when five newer edits speak for it.

    [dim]amends notes decline note_3f2a --brand tidewell --by Zofia[/dim]
    """
    asked = {"decision": "decline", "by": by}
    _show(run(_decide(opening_of(ctx), brand, note_id, asked)), as_json=as_json)


@app.command()
def retire(
    ctx: typer.Context,
    note_id: NoteArgument,
    brand: BrandName,
    by: ByOption,
    as_json: JsonOption = False,
) -> None:
    """Let an accepted note count no longer.

    [dim]amends notes retire note_3f2a --brand tidewell --by Zofia[/dim]
    """
    asked = {"decision": "retire", "by": by}
    _show(run(_decide(opening_of(ctx), brand, note_id, asked)), as_json=as_json)


async def _list(opening: Opening, brand: str, status: str | None) -> "list[StyleNote]":
    from service.domain.learning import StyleNoteStatus
    from service.errors import InvalidInput

    try:
        wanted = StyleNoteStatus(status) if status else None
    except ValueError:
        names = ", ".join(StyleNoteStatus)
        raise InvalidInput(f"--status {status}: there are {names}") from None
    async with opening.services() as services:
        return await services.notes.of_brand(brand, status=wanted)


async def _propose(opening: Opening, brand: str) -> "NotesProposed":
    async with opening.services() as services:
        return await services.notes.propose(brand)


async def _add(opening: Opening, brand: str, asked: dict[str, Any]) -> "StyleNote":
    from service.domain.learning import NewStyleNote

    wanted = valid(NewStyleNote, asked)
    async with opening.services() as services:
        return await services.notes.add(brand, wanted)


async def _decide(opening: Opening, brand: str, note_id: str, asked: dict[str, Any]) -> "StyleNote":
    from service.domain.learning import NoteDecision

    wanted = valid(NoteDecision, asked)
    async with opening.services() as services:
        return await services.notes.decide(brand, note_id, wanted)


def _midnight(day: datetime | None) -> datetime | None:
    return day.replace(tzinfo=UTC) if day else None


def _show(note: "StyleNote", *, as_json: bool) -> None:
    if as_json:
        write_json(note.model_dump(mode="json"))
    else:
        page().print(_table([note]))


def _table(notes: "list[StyleNote] | tuple[StyleNote, ...]") -> "Table":
    from rich.table import Table

    table = Table("note", "for", "status", "edits", "says", box=None, padding=(0, 2, 0, 0))
    table.columns[0].no_wrap = True
    for note in notes:
        parts = (note.language, note.channel, note.kind)
        scope = " ".join(part.replace("_", " ") for part in parts if part) or "all replies"
        until = f" until {note.expires_at:%Y-%m-%d}" if note.status == "accepted" else ""
        table.add_row(
            note.id, scope, note.status.value + until, str(len(note.drafts)), plain(note.text)
        )
    return table
