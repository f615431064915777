"""`amends threads`: what was said, what was solved in private, and closed where it began."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.cli.asking import JsonOption, run, valid
from service.cli.opening import Opening, opening_of
from service.cli.people import tell_stranger
from service.cli.printing import page, plain, write_json
from service.cli.root import new_group

if TYPE_CHECKING:
    from service.domain.thread import ThreadMessage, ThreadState

app = new_group("What was said and solved, and whether that was said where it began.")
_HOUR_S = 3600

Thread = Annotated[
    str,
    typer.Argument(
        metavar="THREAD",
        help="The conversation's id: your helpdesk's own, or thr_... as `amends show` says.",
    ),
]


@app.command("show")
def show(
    ctx: typer.Context,
    thread_id: Thread,
    brand: Annotated[
        str | None,
        typer.Option("--brand", "-b", help="Whose thread it is, where several have the id."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show a thread: who wrote what, and when, the oldest message first.

    [dim]amends threads show fb-90210 --brand tidewell[/dim]
    """
    state, messages = run(_read(opening_of(ctx), brand, thread_id))
    if as_json:
        said = [message.model_dump(mode="json") for message in messages]
        write_json({**state.model_dump(mode="json"), "messages": said})
        return
    from service.cli.thread_view import thread_view

    page().print(thread_view(state, messages))


@app.command()
def unclosed(
    ctx: typer.Context,
    brand: Annotated[str | None, typer.Option("--brand", "-b", help="Only this brand's.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """List threads that are solved and wait for their closing update in public, the oldest first.

    Where nothing is to be said in public nothing is listed: `resolve` says so at once.
    """
    states, now = run(_unclosed(opening_of(ctx), brand, limit))
    if as_json:
        write_json([state.model_dump(mode="json") for state in states])
    elif states:
        _show(states, now)
    else:
        page().print("Every loop is closed.")


@app.command()
def resolve(
    ctx: typer.Context,
    thread_id: Thread,
    brand: Annotated[str, typer.Option("--brand", "-b", help="Whose thread it is.")],
    what: Annotated[str, typer.Option(help="How it was solved.")],
    by: Annotated[str, typer.Option(help="Who says so; the audit keeps the name.")],
    private: Annotated[
        bool, typer.Option("--private", help="Never repeat these words in public.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Say that a thread is solved; `amends serve` drafts its closing update.

    [dim]amends threads resolve fb-90210 -b tidewell --what "Delivered on Saturday." --by Ola[/dim]
    """
    told = {"what": what, "private": private, "by": by}
    state, draft_id = run(_resolve(opening_of(ctx), brand, thread_id, told))
    if as_json:
        write_json({**state.model_dump(mode="json"), "draft_id": draft_id})
        return
    said = f"closing update {draft_id}" if draft_id else "nothing is to be said in public"
    page().print(plain(f"{state.id} is solved, {said}"))


@app.command()
def know(
    ctx: typer.Context,
    thread_id: Thread,
    brand: Annotated[str, typer.Option("--brand", "-b", help="Whose thread it is.")],
    text: Annotated[str, typer.Option(help="What was found out.")],
    by: Annotated[str, typer.Option(help="Who found it out; the audit keeps the name.")],
    private: Annotated[
        bool, typer.Option("--private", help="Never repeat these words in public.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Add what was found out since; a follow-up that waits is written anew with it.

    [dim]amends threads know fb-90210 -b tidewell --text "A visit is booked." --by Ola[/dim]
    """
    told = {"text": text, "private": private, "by": by}
    state = run(_know(opening_of(ctx), brand, thread_id, told))
    if as_json:
        write_json(state.model_dump(mode="json"))
    else:
        page().print(plain(f"{state.id} knows it, revision {state.revision}"))


async def _read(
    opening: Opening, brand: str | None, thread_id: str
) -> "tuple[ThreadState, list[ThreadMessage]]":
    async with opening.services() as services:
        owner = brand or await services.threads.brand_of(thread_id)
        return await services.threads.read(owner, thread_id)


async def _know(
    opening: Opening, brand: str, thread_id: str, told: dict[str, Any]
) -> "ThreadState":
    from service.domain.review import LOCAL_ADMIN
    from service.domain.thread import News

    async with opening.services() as services:
        state = await services.knowing.add(brand, thread_id, valid(News, told), LOCAL_ADMIN)
        tell_stranger(await services.library.brand(brand), told["by"])
        return state


async def _unclosed(
    opening: Opening, brand: str | None, limit: int
) -> "tuple[list[ThreadState], datetime]":
    async with opening.services() as services:
        if brand is not None:
            await services.library.brand(brand)
        return await services.closing.unclosed(brand, limit=limit), services.now()


async def _resolve(
    opening: Opening, brand: str, thread_id: str, told: dict[str, Any]
) -> "tuple[ThreadState, str | None]":
    from service.domain.review import LOCAL_ADMIN
    from service.domain.thread import Resolution

    async with opening.services() as services:
        resolution = valid(Resolution, told)
        resolved = await services.closing.resolve(brand, thread_id, resolution, LOCAL_ADMIN)
        tell_stranger(await services.library.brand(brand), told["by"])
        return resolved


def _show(states: "Sequence[ThreadState]", now: datetime) -> None:
    from rich.table import Table

    table = Table("thread", "brand", "channel", "solved", "by", box=None, padding=(0, 2, 0, 0))
    for state in states:
        hours = (now - (state.resolved_at or now)).total_seconds() // _HOUR_S
        cells = (state.id, state.brand_id, state.channel.value, f"{hours:.0f} h ago")
        table.add_row(*(plain(cell) for cell in (*cells, state.resolved_by or "")))
    page().print(table)
