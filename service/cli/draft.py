"""`amends draft`: a reply to one complaint, or to a file of them."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.cli.asking import (
    BrandOption,
    Brands,
    ChannelOption,
    InputOption,
    JsonOption,
    OutputOption,
    one_of,
    required,
    run,
    valid,
)
from service.cli.lines import STREAM, Answer, Batch, Row, writer
from service.cli.opening import Opening, at_once, opening_of
from service.cli.printing import Tell, page, spinner, write_json

if TYPE_CHECKING:
    from service.bootstrap import Services
    from service.domain.draft import Draft
    from service.domain.thread import Case


def draft(
    ctx: typer.Context,
    text: Annotated[str | None, typer.Argument(help="The complaint, in quotes.")] = None,
    brand: BrandOption = None,
    source: InputOption = None,
    target: OutputOption = STREAM,
    channel: ChannelOption = "other",
    as_json: JsonOption = False,
) -> None:
    """Draft a reply and hold it for a human.

    [dim]amends draft --brand tidewell --channel x "Nobody came on Thursday."[/dim]

    [dim]amends draft --brand tidewell --input cases.jsonl --output drafts.jsonl[/dim]
    """
    one_of(text, source)
    opening = opening_of(ctx)
    if source is not None:
        run(_many(opening, brand, Batch.read(source, target, "drafts")))
        return
    case = {"complaint": {"text": text}, "channel": channel}
    run(_one(opening, required(brand), case, target, as_json))


async def _many(opening: Opening, brand: str | None, batch: Batch) -> None:
    from service.domain.thread import Case

    async with opening.drafting() as services:
        brands = Brands(services, brand)
        await brands.require_chosen()

        async def work(row: Row) -> Answer:
            case = Case.model_validate(row.value)
            return drafted_line(await drafted(services, case, (await brands.of(case)).id))

        await batch.run(work, at_once=at_once(services.settings))


async def _one(
    opening: Opening, brand: str, value: dict[str, Any], target: str, as_json: bool
) -> None:
    from service.cli.draft_view import draft_view
    from service.domain.thread import Case

    case = valid(Case, value)
    async with opening.drafting() as services:
        with spinner("storing the complaint") as tell:
            found = await drafted(services, case, brand, tell)
    if target != STREAM:
        with writer(target) as write:
            write(drafted_line(found))
    elif as_json:
        write_json(drafted_line(found))
    else:
        page().print(draft_view(found))


async def drafted(
    services: "Services", case: "Case", brand: str, tell: Tell | None = None
) -> "Draft":
    """The draft of a case, stored and ready for a human."""
    from service.domain.review import LOCAL_ADMIN

    return await finished(services, await services.drafts.create(case, brand, LOCAL_ADMIN), tell)


async def finished(services: "Services", draft_id: str, tell: Tell | None = None) -> "Draft":
    """The draft once it is ready for a human, with its stations told on the way."""
    if tell is not None:
        async for event in services.drafts.stages(draft_id):
            tell(STATIONS.get(event.stage.value, event.stage.value))
    return await services.drafts.finished(draft_id)


STATIONS = {
    "triage": "reading the complaint",
    "retrieve": "looking for the policy that applies",
    "render": "writing the prompt",
    "complete": "the model is writing",
    "check": "checking the reply",
    "revise": "the model is mending what the checks found",
    "hold": "choosing a holding reply",
}


def drafted_line(draft: "Draft") -> Answer:
    """A draft as JSON; `draft_id` stays beside an `id` that a file of cases may set."""
    from service.drafting.shape import draft_shape

    shape = {**draft_shape(draft), "draft_id": draft.id}
    if draft.status.value == "failed":
        shape["error"] = f"draft {draft.id} failed: the log on stderr says why"
    return shape
