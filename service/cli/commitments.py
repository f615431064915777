"""`amends commitments`: what was promised, and what became of it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from service.cli.asking import JsonOption, run, valid
from service.cli.opening import Opening, opening_of
from service.cli.people import tell_stranger
from service.cli.printing import page, plain, say, write_json
from service.cli.root import new_group
from service.cli.rows import one_line, show_rows

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from rich.text import Text

    from service.bootstrap import Services
    from service.domain.commitment import Commitment
    from service.domain.queue import AskedPost

app = new_group("What was promised, by whom and by when, and what became of it.")
StatusName = Literal["open", "kept", "broken", "withdrawn"]
_HEADS = ("promise", "due", "owner", "status", "customer", "thread", "draft", "what")
_SPARE = ("thread",)
_POST_CHARS = 60
"""Enough of a post to know it again; the promise itself is shown whole."""

Promise = Annotated[str, typer.Argument(metavar="COMMITMENT", help="Its id, com_...")]
ByOption = Annotated[str, typer.Option(help="Who says so; the audit keeps the name.")]
NoteOption = Annotated[str, typer.Option(help="Why.")]
VersionOption = Annotated[
    int | None, typer.Option(min=1, help="Refuse when it is at another version.")
]


@app.command("list")
def list_(
    ctx: typer.Context,
    brand: Annotated[str | None, typer.Option("--brand", "-b", help="Only this brand's.")] = None,
    status: Annotated[
        StatusName | None,
        typer.Option(metavar="STATUS", help="open, kept, broken or withdrawn."),
    ] = "open",
    owner: Annotated[
        str | None, typer.Option(help="Only this person's; `left`: of people who are gone.")
    ] = None,
    overdue: Annotated[
        bool | None, typer.Option("--overdue/--in-time", help="Past its time, or not.")
    ] = None,
    due_before: Annotated[
        datetime | None, typer.Option(help="Only what is due before this time, in UTC.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Closed ones too.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """List promises that are open, the first one due first: what was promised · to which post.

    [dim]amends commitments list --overdue[/dim]
    """
    wanted = {
        "brand_id": brand,
        "status": None if every else status,
        "owner": owner,
        "overdue": overdue,
        "due_before": due_before,
    }
    promises, posts, now = run(_list(opening_of(ctx), wanted, limit))
    if as_json:
        write_json([_json(promise, now) for promise in promises])
    elif promises:
        _show(promises, posts, now)
    else:
        page().print("No such promise.")


@app.command()
def keep(
    ctx: typer.Context,
    commitment_id: Promise,
    by: ByOption,
    note: Annotated[str | None, typer.Option(help="What was done.")] = None,
    expected_version: VersionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that a promise was kept.

    [dim]amends commitments keep com_3f2a --by Marta[/dim]
    """
    asked = {"status": "kept", "note": note, "by": by}
    _change(ctx, commitment_id, asked, expected_version, as_json=as_json)


@app.command("break")
def break_(
    ctx: typer.Context,
    commitment_id: Promise,
    by: ByOption,
    note: NoteOption,
    expected_version: VersionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that a promise was broken, and why."""
    asked = {"status": "broken", "note": note, "by": by}
    _change(ctx, commitment_id, asked, expected_version, as_json=as_json)


@app.command()
def withdraw(
    ctx: typer.Context,
    commitment_id: Promise,
    by: ByOption,
    note: NoteOption,
    expected_version: VersionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a promise back, and say why: the customer asked for something else."""
    asked = {"status": "withdrawn", "note": note, "by": by}
    _change(ctx, commitment_id, asked, expected_version, as_json=as_json)


@app.command()
def move(
    ctx: typer.Context,
    commitment_id: Promise,
    by: ByOption,
    note: NoteOption,
    owner: Annotated[str | None, typer.Option(help="Who keeps it from now on.")] = None,
    due_at: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="The new time: 2026-11-23 18:00 on the brand's clock, or with an offset.",
        ),
    ] = None,
    reopen: Annotated[bool, typer.Option("--reopen", help="Open it again first.")] = False,
    expected_version: VersionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give a promise another owner or time, or open a closed one again.

    [dim]amends commitments move com_3f2a --owner Zofia --by Marta --note "on leave"[/dim]

    [dim]amends commitments move com_3f2a --due-at "2026-11-23 18:00" --by Jan --note "asked"[/dim]
    """
    status = "open" if reopen else None
    asked = {"status": status, "owner": owner, "due_at": due_at, "note": note, "by": by}
    _change(ctx, commitment_id, asked, expected_version, as_json=as_json)


def _change(
    ctx: typer.Context,
    commitment_id: str,
    asked: dict[str, Any],
    version: int | None,
    *,
    as_json: bool,
) -> None:
    promise, now = run(_changed(opening_of(ctx), commitment_id, asked, version))
    if as_json:
        write_json(_json(promise, now))
        return
    words = f"{promise.id} is {promise.status.value}, {promise.owner}, due {_time(promise.due_at)}"
    page().print(plain(words))


async def _list(
    opening: Opening, wanted: dict[str, Any], limit: int
) -> "tuple[list[Commitment], Mapping[str, AskedPost], datetime]":
    from service.domain.commitment import CommitmentFilter

    async with opening.services() as services:
        if wanted["brand_id"] is not None:
            await services.library.brand(wanted["brand_id"])
        now = services.now()
        chosen: CommitmentFilter = valid(CommitmentFilter, {**wanted, "now": now})
        promises = await services.commitments.page(chosen, limit=limit)
        posts = await services.queue.posts({promise.draft_id for promise in promises})
        return promises, posts, now


async def _changed(
    opening: Opening, commitment_id: str, asked: dict[str, Any], version: int | None
) -> "tuple[Commitment, datetime]":
    from service.domain.commitment import CommitmentChange
    from service.domain.review import LOCAL_ADMIN

    async with opening.services() as services:
        promise = await services.commitments.get(commitment_id)
        due_at = await _due_at(services, promise, asked.get("due_at"))
        whole = {**asked, "due_at": due_at, "expected_version": version or promise.version}
        change = valid(CommitmentChange, whole)
        after = await services.commitments.change(commitment_id, change, LOCAL_ADMIN)
        tell_stranger(await services.library.brand(after.brand_id), asked["by"])
        return after, services.now()


def _json(promise: "Commitment", now: datetime) -> dict[str, Any]:
    from service.domain.commitment import CommitmentShape

    return CommitmentShape.of(promise, now).model_dump(mode="json")


async def _due_at(
    services: "Services", promise: "Commitment", given: str | None
) -> datetime | None:
    if given is None:
        return None
    return _moment(given, (await services.library.brand(promise.brand_id)).zone)


def _moment(given: str, zone: "ZoneInfo") -> datetime:
    """A time as it was given; without an offset it is what the brand's clock shows, and said so."""
    try:
        when = datetime.fromisoformat(given.strip())
    except ValueError:
        raise typer.BadParameter(
            f"--due-at {given}: write 2026-11-23 18:00, or 2026-11-23T18:00+01:00"
        ) from None
    if when.tzinfo is not None:
        return when
    local = when.replace(tzinfo=zone)
    say(f"--due-at: {when:%Y-%m-%d %H:%M} in {zone.key}, {_time(local.astimezone(UTC))}")
    return local


def _show(
    promises: "Sequence[Commitment]", posts: "Mapping[str, AskedPost]", now: datetime
) -> None:
    rows = [_row(promise, posts[promise.draft_id], now) for promise in promises]
    show_rows(_HEADS, rows, spare=_SPARE, wrap=True)


def _row(promise: "Commitment", post: "AskedPost", now: datetime) -> "list[Text]":
    late = promise.status.value == "open" and promise.due_at <= now
    status = "overdue" if late else promise.status.value
    whose = (promise.owner, status, post.author or "", promise.thread_id, promise.draft_id)
    cells = (_time(promise.due_at), *whose, f"{promise.what} · {_beginning(post.words)}")
    return [plain(promise.id), *(one_line(cell, "red" if late else "") for cell in cells)]


def _beginning(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= _POST_CHARS else f"{line[:_POST_CHARS].rstrip()}…"


def _time(when: datetime) -> str:
    return f"{when:%d %b %H:%M} UTC"
