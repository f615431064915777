"""`amends queue`, `show` and `decide`: what a human does with drafts."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.cli.asking import DecisionName, JsonOption, run, valid
from service.cli.opening import Opening, opening_of
from service.cli.printing import page, plain, write_json

if TYPE_CHECKING:
    from service.bootstrap import Services
    from service.domain.draft import Draft
    from service.domain.review import Decision
    from service.domain.thread import Case

_MINUTE_S = 60
_ISSUE_CHARS = 48


def queue(
    ctx: typer.Context,
    brand: Annotated[str | None, typer.Option("--brand", "-b", help="Only this brand's.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """List what waits for a human, the nearest deadline first.

    [dim]amends queue --brand tidewell[/dim]
    """
    drafts, now = run(_queue(opening_of(ctx), brand, limit))
    if as_json:
        from service.drafting.shape import waiting

        write_json([waiting(draft, now).model_dump(mode="json") for draft in drafts])
    elif drafts:
        _show_queue(drafts, now)
    else:
        page().print("Nothing waits.")


def show(
    ctx: typer.Context,
    draft_id: Annotated[str, typer.Argument(metavar="DRAFT", help="The draft's id, drf_...")],
    as_json: JsonOption = False,
) -> None:
    """Show a draft with its complaint, its evidence, its checks and its decisions.

    [dim]amends show drf_3f2a[/dim]
    """
    found, case, decisions = run(_whole(opening_of(ctx), draft_id))
    if as_json:
        from service.drafting.shape import draft_shape

        taken = [decision.model_dump(mode="json") for decision in decisions]
        write_json({**draft_shape(found), "decisions": taken})
        return
    from service.cli.draft_view import decisions_view, draft_view
    from service.cli.evidence_view import evidence_view

    page().print(draft_view(found, case))
    if found.content is not None:
        page().print(evidence_view(found.content.evidence))
    if decisions:
        page().print(decisions_view(decisions))


def decide(
    ctx: typer.Context,
    draft_id: Annotated[str, typer.Argument(metavar="DRAFT", help="The draft's id, drf_...")],
    decision: Annotated[
        DecisionName,
        typer.Argument(metavar="DECISION", help="approve, edit, reject, escalate or ignore."),
    ],
    by: Annotated[str, typer.Option(help="Who decides; the audit keeps the name.")],
    text: Annotated[str | None, typer.Option(help="The new text of an edit.")] = None,
    reason: Annotated[
        str | None, typer.Option(help="Why; needed to reject, and to ignore a customer.")
    ] = None,
    override: Annotated[
        list[str] | None,
        typer.Option(metavar="CHECK=REASON", help="Take on a blocking finding; may be repeated."),
    ] = None,
    approve: Annotated[bool, typer.Option("--approve", help="Approve what you edit.")] = False,
    expected_version: Annotated[
        int | None, typer.Option(min=1, help="Refuse when the draft is at another version.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Approve, edit, reject, escalate or ignore a draft.

    [dim]amends decide drf_3f2a approve --by Marta[/dim]

    [dim]amends decide drf_3f2a edit --by Marta --text "I'm sorry that ..." --approve[/dim]

    [dim]amends decide drf_3f2a approve --by Marta --override "too_long=this page takes more"[/dim]
    """
    asked = {
        "decision": decision,
        "by": by,
        "text": text,
        "reason": reason,
        "override": [_override(given, reason) for given in override or ()],
        "approve": approve,
    }
    draft = run(_decide(opening_of(ctx), draft_id, asked, expected_version))
    if as_json:
        from service.drafting.shape import draft_shape

        write_json(draft_shape(draft))
        return
    from service.cli.draft_view import coloured, report_view

    console = page()
    line = plain(f"{draft.id} is ", "bold").append_text(coloured(draft.status.value))
    console.print(line.append_text(plain(f", version {draft.version}, by {by}")))
    if decision == "edit" and draft.content is not None:
        console.print(report_view(draft.content.checks))


def _override(given: str, reason: str | None) -> dict[str, str]:
    check, _, own = given.partition("=")
    words = own or reason
    if not words:
        raise typer.BadParameter(f"--override {check} needs a reason: --override {check}=REASON")
    return {"check": check, "reason": words}


async def _queue(opening: Opening, brand: str | None, limit: int) -> "tuple[list[Draft], datetime]":
    async with opening.services() as services:
        if brand is not None:
            await services.library.brand(brand)
        return await services.drafts.queue(brand_id=brand, limit=limit), services.now()


async def _whole(opening: Opening, draft_id: str) -> "tuple[Draft, Case, list[Decision]]":
    async with opening.services() as services:
        draft = await services.drafts.get(draft_id)
        case = await _case(services, draft_id)
        return draft, case, await services.review.history(draft_id)


async def _case(services: "Services", draft_id: str) -> "Case":
    from service.store.drafts import DraftRepository

    async with services.database.read() as connection:
        return await DraftRepository().case(connection, draft_id)


async def _decide(
    opening: Opening, draft_id: str, asked: dict[str, Any], version: int | None
) -> "Draft":
    from service.domain.review import LOCAL_ADMIN, DecisionRequest

    async with opening.services() as services:
        draft = await services.drafts.get(draft_id)
        whole = valid(DecisionRequest, {**asked, "expected_version": version or draft.version})
        return await services.review.decide(draft_id, whole, LOCAL_ADMIN)


def _show_queue(drafts: "Sequence[Draft]", now: datetime) -> None:
    from rich.table import Table

    from service.cli.draft_view import coloured

    table = Table(
        "draft", "due", "status", "checks", "move", "about", box=None, padding=(0, 2, 0, 0)
    )
    table.columns[0].no_wrap = True
    for draft in drafts:
        table.add_row(
            draft.id,
            _due(draft, now),
            coloured(draft.status.value),
            *_content_cells(draft),
        )
    page().print(table)


def _content_cells(draft: "Draft") -> tuple[Any, Any, Any]:
    from service.cli.draft_view import coloured

    content = draft.content
    if content is None:
        return "", "", ""
    issues = content.triage.issues
    about = issues[0].text if issues else content.triage.kind.value
    shown = about if len(about) <= _ISSUE_CHARS else f"{about[:_ISSUE_CHARS].rsplit(' ', 1)[0]} …"
    move = content.move.kind.value.replace("_", " ")
    return coloured(content.checks.verdict.value), move, plain(shown, "italic")


def _due(draft: "Draft", now: datetime) -> str:
    """How long there is to answer, in the unit that a person would say it in."""
    if draft.deadline_at is None:
        return ""
    minutes = int((draft.deadline_at - now).total_seconds() // _MINUTE_S)
    size = abs(minutes)
    words = (
        f"{size} min" if size < 120 else f"{size // 60} h" if size < 2880 else f"{size // 1440} d"
    )
    return f"{words} late" if minutes < 0 else f"in {words}"
