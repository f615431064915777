"""`amends show`, `decide` and `redraft`: what a human does with a draft."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.cli.asking import DecisionName, JsonOption, run, valid
from service.cli.draft import finished
from service.cli.opening import Opening, opening_of
from service.cli.people import tell_stranger
from service.cli.printing import page, plain, say, spinner, write_json
from service.cli.root import ERROR

if TYPE_CHECKING:
    from pydantic import BaseModel

    from service.bootstrap import Services
    from service.domain.brand import Brand
    from service.domain.draft import Draft
    from service.domain.review import Decision, DecisionRequest
    from service.domain.team import HandOver
    from service.domain.thread import Case, ThreadMessage

    Whole = tuple[Draft, Case, list[ThreadMessage], list[Decision], list[HandOver]]


def show(
    ctx: typer.Context,
    draft_id: Annotated[str, typer.Argument(metavar="DRAFT", help="The draft's id, drf_...")],
    as_json: JsonOption = False,
) -> None:
    """Show a draft with its complaint and thread, its evidence, its checks and its decisions.

    [dim]amends show drf_3f2a[/dim]
    """
    _show(run(_whole(opening_of(ctx), draft_id)), as_json=as_json)


def _show(whole: "Whole", *, as_json: bool) -> None:
    found, case, thread, decisions, hand_overs = whole
    if as_json:
        from service.drafting.shape import draft_shape

        asked = {"complaint": case.complaint.model_dump(mode="json"), "thread": _rows(thread)}
        done = {"decisions": _rows(decisions), "hand_overs": _rows(hand_overs)}
        write_json({**draft_shape(found), **asked, **done})
        return
    from service.cli.draft_view import decisions_view, draft_view, hand_overs_view
    from service.cli.evidence_view import evidence_view

    page().print(draft_view(found, case, thread=thread))
    if found.content is not None:
        page().print(evidence_view(found.content.evidence))
    if hand_overs:
        page().print(hand_overs_view(hand_overs))
    if decisions:
        page().print(decisions_view(decisions))


def _rows(ones: "Sequence[BaseModel]") -> list[dict[str, Any]]:
    return [one.model_dump(mode="json") for one in ones]


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
    owner: Annotated[
        str | None,
        typer.Option(
            help="Who keeps an approved reply's promises; else who approves it. "
            "Or who takes over what is escalated; else whom the brand's rules name."
        ),
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

    [dim]amends decide drf_3f2a escalate --by Marta --owner Ewa --reason "She names a lawyer."[/dim]
    """
    asked = {
        "decision": decision,
        "by": by,
        "text": text,
        "reason": reason,
        "owner": owner,
        "override": [_override(given, reason) for given in override or ()],
        "approve": approve,
    }
    with _kept(draft_id, asked):
        draft, owner = run(_decide(opening_of(ctx), draft_id, asked, expected_version))
    if as_json:
        from service.drafting.shape import draft_shape

        write_json(draft_shape(draft))
        return
    from service.cli.draft_view import coloured, report_view

    console = page()
    if decision == "escalate":
        console.print(plain(_escalated(draft, owner)))
        return
    line = plain(f"{draft.id} is ", "bold").append_text(coloured(draft.status.value))
    console.print(line.append_text(plain(f", version {draft.version}, by {by}")))
    if decision == "edit" and draft.content is not None:
        console.print(report_view(draft.content.checks))


def redraft(
    ctx: typer.Context,
    draft_id: Annotated[str, typer.Argument(metavar="DRAFT", help="The draft's id, drf_...")],
    as_json: JsonOption = False,
) -> None:
    """Draft a stale, failed or rejected one again, on the thread as it is now.

    [dim]amends redraft drf_3f2a[/dim]
    """
    _show(run(_redraft(opening_of(ctx), draft_id)), as_json=as_json)


def _escalated(draft: "Draft", owner: str | None) -> str:
    if owner is not None:
        return f"{draft.id} is escalated to {owner}: it stays in the queue"
    held = f" with {draft.assignee}" if draft.assignee else ""
    return (
        f"{draft.id} is escalated and stays in the queue{held}; nobody is named for it: "
        f"amends assign {draft.id} --to NAME"
    )


@contextmanager
def _kept(draft_id: str, asked: Mapping[str, Any]) -> Iterator[None]:
    """What was refused is said sentence by sentence, and no text that was typed is lost."""
    from service.errors import AmendsError, BlockedByChecks

    try:
        yield
    except AmendsError as exc:
        say(f"error: {exc}")
        for finding in exc.findings if isinstance(exc, BlockedByChecks) else ():
            say(f"  {finding}")
        if asked["text"]:
            say(f"your text was not stored; to try again:\n  {_again(draft_id, asked)}")
        raise typer.Exit(ERROR) from None


def _again(draft_id: str, asked: Mapping[str, Any]) -> str:
    """The command as it was given, ready for a shell."""
    words = ["amends", "decide", draft_id, asked["decision"]]
    for name in ("by", "owner", "reason", "text"):
        words += [f"--{name}", asked[name]] if asked[name] else []
    for taken in asked["override"]:
        words += ["--override", f"{taken['check']}={taken['reason']}"]
    return shlex.join([*words, "--approve"] if asked["approve"] else words)


def _override(given: str, reason: str | None) -> dict[str, str]:
    check, _, own = given.partition("=")
    words = own or reason
    if not words:
        raise typer.BadParameter(f"--override {check} needs a reason: --override {check}=REASON")
    return {"check": check, "reason": words}


async def _whole(opening: Opening, draft_id: str) -> "Whole":
    async with opening.services() as services:
        return await _whole_of(services, draft_id)


async def _whole_of(services: "Services", draft_id: str) -> "Whole":
    draft = await services.drafts.get(draft_id)
    case = await _case(services, draft_id)
    _, thread = await services.threads.read(draft.brand_id, draft.thread_id)
    decisions = await services.review.history(draft_id)
    return draft, case, thread, decisions, await services.hand_overs.history(draft_id)


async def _redraft(opening: Opening, draft_id: str) -> "Whole":
    from service.domain.review import LOCAL_ADMIN

    async with opening.services() as services:
        # The models take long to open: what cannot be is refused before.
        await services.drafts.require_redraftable(draft_id)
    async with opening.drafting() as services:
        with spinner("beginning again") as tell:
            await services.drafts.redraft(draft_id, LOCAL_ADMIN)
            await finished(services, draft_id, tell)
        return await _whole_of(services, draft_id)


async def _case(services: "Services", draft_id: str) -> "Case":
    from service.store.drafts import DraftRepository

    async with services.database.read() as connection:
        return await DraftRepository().case(connection, draft_id)


async def _decide(
    opening: Opening, draft_id: str, asked: dict[str, Any], version: int | None
) -> "tuple[Draft, str | None]":
    """The draft as it is then, and who takes it over where it is escalated."""
    from service.domain.review import LOCAL_ADMIN, DecisionRequest

    async with opening.services() as services:
        draft = await services.drafts.get(draft_id)
        whole = valid(DecisionRequest, {**asked, "expected_version": version or draft.version})
        decided = await services.review.decide(draft_id, whole, LOCAL_ADMIN)
        brand = await services.library.brand(decided.brand_id)
        tell_stranger(brand, whole.by)
        return decided, _owner(brand, decided, whole)


def _owner(brand: "Brand", draft: "Draft", asked: "DecisionRequest") -> str | None:
    from service.domain.review import DecisionKind
    from service.review.escalating import owner_of

    return owner_of(brand, draft, asked.owner) if asked.decision is DecisionKind.ESCALATE else None
