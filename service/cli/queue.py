"""`amends queue` and `assign`: what waits, and for whom."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from service.cli.asking import JsonOption, run, valid
from service.cli.opening import Opening, opening_of
from service.cli.printing import page, plain, say, write_json
from service.cli.rows import one_line, show_rows

if TYPE_CHECKING:
    from rich.text import Text

    from service.domain.draft import Draft, DraftContent
    from service.domain.queue import AskedPost
    from service.followup.hand_over import Moved

KindName = Literal["complaint", "compliment", "question", "mixed", "abuse", "hate", "spam"]
WaitingName = Literal["pending_review", "blocked", "failed", "stale", "escalated"]
OnlyBrand = Annotated[str | None, typer.Option("--brand", "-b", help="Only this brand's.")]

_HEADS = ("draft", "due", "with", "status", "channel", "kind", "why", "about")
_SPARE = ("channel", "kind", "with", "why")


def queue(
    ctx: typer.Context,
    brand: OnlyBrand = None,
    assignee: Annotated[
        str | None,
        typer.Option(help="A name; `none`: nobody's; `left`: those of people who left."),
    ] = None,
    kind: Annotated[
        KindName | None, typer.Option(metavar="KIND", help="complaint, compliment, question ...")
    ] = None,
    language: Annotated[str | None, typer.Option(help="The customer's, such as pl.")] = None,
    status: Annotated[
        WaitingName | None,
        typer.Option(metavar="STATUS", help="pending_review, blocked, failed, stale or escalated."),
    ] = None,
    overdue: Annotated[
        bool | None, typer.Option("--overdue/--in-time", help="Past the deadline, or not.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """List what waits for a human: danger first, praise last, by deadline within.

    [dim]amends queue --brand tidewell[/dim]

    [dim]amends queue --assignee Marta --overdue[/dim]
    """
    wanted = {
        "brand_id": brand,
        "assignee": assignee,
        "kind": kind,
        "language": language,
        "status": status,
        "overdue": overdue,
    }
    drafts, posts, under_way, now = run(_queue(opening_of(ctx), wanted, limit))
    if as_json:
        from service.drafting.shape import waiting

        write_json([waiting(draft, now).model_dump(mode="json") for draft in drafts])
    elif drafts:
        _show_queue(drafts, posts, now)
    else:
        page().print("Nothing waits.")
    if under_way:
        verb = "waits" if under_way == 1 else "wait"
        say(f"{under_way} more {verb} to be drafted (`amends serve` does it)")


def assign(
    ctx: typer.Context,
    draft_id: Annotated[
        str | None, typer.Argument(metavar="[DRAFT]", help="The draft's id, drf_...")
    ] = None,
    to: Annotated[str | None, typer.Option(help="Who is to have it.")] = None,
    note: Annotated[str | None, typer.Option(help="What they should know.")] = None,
    by: Annotated[str | None, typer.Option(help="Who hands it over; the audit keeps it.")] = None,
    leaving: Annotated[
        str | None,
        typer.Option("--from", metavar="NAME", help="Move all that waits for this person."),
    ] = None,
    brand: OnlyBrand = None,
    as_json: JsonOption = False,
) -> None:
    """Give a draft to a person, or move all that waits for somebody who left.

    [dim]amends assign drf_3f2a --to Marta --note "She called twice."[/dim]

    [dim]amends assign --from Jan[/dim]   by the brand's routing rules

    [dim]amends assign --from Jan --to Marta[/dim]
    """
    if (draft_id is None) == (leaving is None):
        raise typer.BadParameter("give either a draft or --from NAME")
    if leaving is not None:
        if note is not None:
            raise typer.BadParameter("--note goes with one draft")
        moved = run(_move(opening_of(ctx), leaving, to, brand, by))
        _show_moved(moved, leaving, as_json=as_json)
        for language, count in sorted(moved.unspoken.items()):
            say(f"warning: {to} does not speak {language}, the language of {count} of them")
        return
    if draft_id is None or to is None:
        raise typer.BadParameter("say who is to have it: --to NAME")
    draft = run(_assign(opening_of(ctx), draft_id, {"to": to, "note": note}, by))
    if as_json:
        from service.drafting.shape import draft_shape

        write_json(draft_shape(draft))
    else:
        page().print(plain(f"{draft.id} is {draft.assignee}'s now"))


async def _queue(
    opening: Opening, asked: dict[str, Any], limit: int
) -> "tuple[list[Draft], Mapping[str, AskedPost], int, datetime]":
    from service.domain.queue import QueueFilter

    async with opening.services() as services:
        if asked["brand_id"] is not None:
            await services.library.brand(asked["brand_id"])
        wanted = valid(QueueFilter, asked)
        waiting = await services.queue.page(wanted, limit=limit)
        posts = await services.queue.posts([draft.id for draft in waiting])
        return waiting, posts, await services.queue.under_way(wanted.brand_id), services.now()


async def _assign(
    opening: Opening, draft_id: str, asked: dict[str, Any], by: str | None
) -> "Draft":
    from service.domain.review import LOCAL_ADMIN
    from service.domain.team import AssignmentRequest

    async with opening.services() as services:
        wanted = valid(AssignmentRequest, asked)
        return await services.hand_overs.assign(draft_id, wanted, LOCAL_ADMIN, by=by)


async def _move(
    opening: Opening, leaving: str, to: str | None, brand: str | None, by: str | None
) -> "Moved":
    from service.domain.review import LOCAL_ADMIN

    async with opening.services() as services:
        return await services.hand_overs.move_all(
            leaving, LOCAL_ADMIN, brand_id=brand, to=to, by=by
        )


def _show_moved(moved: "Moved", leaving: str, *, as_json: bool) -> None:
    if as_json:
        write_json({"from": leaving, "to": dict(moved.to), "stayed": moved.stayed})
        return
    for name, count in sorted(moved.to.items()):
        page().print(plain(f"{count} to {name}"))
    if moved.stayed:
        page().print(
            plain(f"{moved.stayed} stay with {leaving}: no rule names anybody; give --to NAME")
        )
    if not moved.to and not moved.stayed:
        page().print(plain(f"Nothing waits for {leaving}."))


def _show_queue(drafts: "Sequence[Draft]", posts: "Mapping[str, AskedPost]", now: datetime) -> None:
    show_rows(_HEADS, [_row(draft, posts[draft.id], now) for draft in drafts], spare=_SPARE)


def _row(draft: "Draft", post: "AskedPost", now: datetime) -> "list[Text]":
    from service.cli.draft_view import coloured

    content = draft.content
    issues = content.triage.issues if content else ()
    kind = f"{content.triage.language} {content.triage.kind.value}" if content else ""
    return [
        plain(draft.id),
        plain(_due(draft, now)),
        one_line(draft.assignee or "", "bold"),
        coloured(draft.status.value),
        plain(post.channel.value.replace("_", " ")),
        plain(kind),
        plain(_why(content) if content else "", "bold"),
        one_line(issues[0].text if issues else post.words, "italic"),
    ]


def _why(content: "DraftContent") -> str:
    """What moves a draft to the front: sensitivities, an upset customer, one who asks again."""
    triage = content.triage
    words = [found.value.replace("_", " ") for found in triage.sensitivities]
    words += ["upset"] if triage.upset else []
    words += ["chases"] if triage.chases else []
    return ", ".join(words)


def _due(draft: "Draft", now: datetime) -> str:
    """How long there is to answer, in the unit that a person would say it in."""
    if draft.deadline_at is None:
        return ""
    from service.drafting.shape import minutes_between

    minutes = minutes_between(now, draft.deadline_at)
    size = abs(minutes)
    words = (
        f"{size} min" if size < 120 else f"{size // 60} h" if size < 2880 else f"{size // 1440} d"
    )
    return f"{words} late" if minutes < 0 else f"in {words}"
