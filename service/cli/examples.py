"""`amends examples`: approved replies that people want to see more of."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.cli.asking import JsonOption, run, valid
from service.cli.opening import Opening, opening_of
from service.cli.printing import page, plain, write_json
from service.cli.root import new_group

if TYPE_CHECKING:
    from service.domain.learning import ExampleMark

app = new_group("Good examples: approved replies that become past replies after a second look.")

DraftArgument = Annotated[str, typer.Argument(metavar="DRAFT", help="The draft's id, drf_...")]
ByOption = Annotated[str, typer.Option(help="Who does it; the audit keeps the name.")]
_SHOWN_CHARS = 60


@app.command()
def mark(
    ctx: typer.Context, draft_id: DraftArgument, by: ByOption, as_json: JsonOption = False
) -> None:
    """Call an approved reply a good example; its personal data is masked at once.

    [dim]amends examples mark drf_3f2a --by Marta[/dim]
    """
    _show(run(_mark(opening_of(ctx), draft_id, by)), as_json=as_json)


@app.command("list")
def list_(
    ctx: typer.Context,
    brand: Annotated[str, typer.Option("--brand", "-b", help="Brand id.")],
    status: Annotated[str | None, typer.Option(help="proposed, accepted or declined.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """List a brand's examples, newest first.

    [dim]amends examples list --brand tidewell --status proposed[/dim]
    """
    marks = run(_list(opening_of(ctx), brand, status, limit))
    if as_json:
        write_json([one.model_dump(mode="json") for one in marks])
        return
    from rich.table import Table

    table = Table("draft", "status", "marked by", "twin of", "reply", box=None)
    table.columns[0].no_wrap = True
    for one in marks:
        reply = one.example.reply
        shown = reply if len(reply) <= _SHOWN_CHARS else f"{reply[:_SHOWN_CHARS]} …"
        cells = (plain(one.marked_by), plain(one.twin_of or ""), plain(" ".join(shown.split())))
        table.add_row(one.draft_id, one.status.value, *cells)
    page().print(table if marks else "No examples yet: `amends examples mark DRAFT --by NAME`.")


@app.command()
def show(ctx: typer.Context, draft_id: DraftArgument, as_json: JsonOption = False) -> None:
    """Show an example as it would stand among the past replies.

    [dim]amends examples show drf_3f2a[/dim]
    """
    _show(run(_get(opening_of(ctx), draft_id)), as_json=as_json)


@app.command()
def accept(
    ctx: typer.Context,
    draft_id: DraftArgument,
    by: ByOption,
    reply: Annotated[str | None, typer.Option(help="The reply in better words.")] = None,
    complaint: Annotated[str | None, typer.Option(help="The complaint in other words.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Make an example a past reply of the brand; only it is embedded.

    [dim]amends examples accept drf_3f2a --by Zofia[/dim]
    """
    asked = {"decision": "accept", "by": by, "reply": reply, "complaint": complaint}
    _show(run(_decide(opening_of(ctx), draft_id, asked)), as_json=as_json)


@app.command()
def decline(
    ctx: typer.Context, draft_id: DraftArgument, by: ByOption, as_json: JsonOption = False
) -> None:
    """Turn an example down; it stays declined.

    [dim]amends examples decline drf_3f2a --by Zofia[/dim]
    """
    asked = {"decision": "decline", "by": by}
    _show(run(_decide(opening_of(ctx), draft_id, asked)), as_json=as_json)


async def _mark(opening: Opening, draft_id: str, by: str) -> "ExampleMark":
    async with opening.services() as services:
        return await services.examples.mark(draft_id, by)


async def _list(
    opening: Opening, brand: str, status: str | None, limit: int
) -> "list[ExampleMark]":
    from service.domain.learning import ExampleStatus
    from service.errors import InvalidInput

    try:
        wanted = ExampleStatus(status) if status else None
    except ValueError:
        names = ", ".join(ExampleStatus)
        raise InvalidInput(f"--status {status}: there are {names}") from None
    async with opening.services() as services:
        await services.library.brand(brand)
        return await services.examples.page(brand, status=wanted, limit=limit)


async def _get(opening: Opening, draft_id: str) -> "ExampleMark":
    async with opening.services() as services:
        draft = await services.drafts.get(draft_id)
        return await services.examples.get(draft.brand_id, draft_id)


async def _decide(opening: Opening, draft_id: str, asked: dict[str, Any]) -> "ExampleMark":
    from service.domain.learning import ExampleDecision
    from service.domain.review import LOCAL_ADMIN

    wanted = valid(ExampleDecision, asked)
    async with opening.services() as services:
        draft = await services.drafts.get(draft_id)
        brand = await services.library.brand(draft.brand_id)
        return await services.examples.decide(brand, draft_id, wanted, LOCAL_ADMIN)


def _show(mark: "ExampleMark", *, as_json: bool) -> None:
    if as_json:
        write_json(mark.model_dump(mode="json"))
        return
    console, example = page(), mark.example
    who = mark.decided_by or mark.marked_by
    console.print(plain(f"{mark.draft_id}  {mark.status.value} by {who}", "bold"))
    parts = (example.kind, example.channel, example.language)
    console.print(plain(" · ".join(part.replace("_", " ") for part in parts if part), "dim"))
    if mark.twin_of is not None:
        console.print(plain(f"nearly the same as past reply {mark.twin_of}", "yellow"))
    console.print(plain(f"\n{example.complaint}\n", "italic"))
    console.print(plain(example.reply))
