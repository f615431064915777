"""`amends search`: the policy and the past replies that a draft would find."""

from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.asking import (
    BrandOption,
    Brands,
    InputOption,
    JsonOption,
    OutputOption,
    brand_named,
    one_of,
    required,
    run,
)
from service.cli.lines import STREAM, Answer, Batch, Row, writer
from service.cli.opening import Opening, opening_of
from service.cli.printing import page, write_json

if TYPE_CHECKING:
    from service.bootstrap import Services
    from service.domain.brand import Brand
    from service.domain.knowledge import Evidence


def search(
    ctx: typer.Context,
    text: Annotated[str | None, typer.Argument(help="What to look for, in quotes.")] = None,
    brand: BrandOption = None,
    source: InputOption = None,
    target: OutputOption = STREAM,
    top: Annotated[int, typer.Option(min=1, max=50, help="Rows of each kind.")] = 5,
    everything: Annotated[
        bool, typer.Option("--all", help="Show the nearest also where nothing is near.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Find the policy that applies and past replies that are alike.

    [dim]amends search --brand tidewell "refund for a returned dryer"[/dim]

    [dim]amends search --brand tidewell --input queries.jsonl --output results.jsonl[/dim]
    """
    one_of(text, source)
    search = Searching(opening_of(ctx), top, cut_off=not everything)
    if source is not None:
        run(search.many(brand, Batch.read(source, target, "searches")))
        return
    found = run(search.one(required(brand), _words(text)))
    if target != STREAM:
        with writer(target) as write:
            write(_line(found, None))
    elif as_json:
        write_json(_line(found, None))
    else:
        _show(found)


class Searching:
    """Searches of one run."""

    def __init__(self, opening: Opening, top: int, *, cut_off: bool) -> None:
        self._opening = opening
        self._top = top
        self._cut_off = cut_off

    async def one(self, brand_id: str, text: str) -> "Evidence":
        """What one text finds."""
        async with self._opening.services() as services:
            return await self._find(services, await services.library.brand(brand_id), text)

    async def many(self, chosen: str | None, batch: Batch) -> None:
        """What every line finds."""
        async with self._opening.services() as services:
            brands = Brands(services, chosen)
            await brands.require_chosen()

            async def work(row: Row) -> Answer:
                brand_id, text = _asked(row, chosen)
                found = await self._find(services, await brands.named(brand_id), text)
                return _line(found, row.id)

            await batch.run(work)

    async def _find(self, services: "Services", brand: "Brand", text: str) -> "Evidence":
        from service.knowledge.query import Query
        from service.text.language import detect

        query = Query(
            points=(text,),
            language=detect(text, brand.languages),
            today=brand.today(services.now()),
            cut_off=self._cut_off,
            policy=self._top,
            past_replies=self._top,
        )
        return await services.retriever.retrieve(brand, query)


def _words(text: str | None) -> str:
    if not text or not text.strip():
        raise typer.BadParameter("the search is empty: say what to look for")
    return text


def _asked(row: Row, chosen: str | None) -> tuple[str, str]:
    """The brand and the words of a line."""
    from service.domain.base import storable
    from service.errors import InvalidInput

    said = row.value.get("query", row.value.get("complaint"))
    text = said.get("text") if isinstance(said, dict) else said
    own = row.value.get("brand")
    if not isinstance(text, str) or not text.strip():
        raise InvalidInput("query: missing; a line is {id, query}, or a case with its complaint")
    return brand_named(chosen, own if isinstance(own, str) else None), str(storable(text))


def _line(found: "Evidence", query_id: object) -> Answer:
    return {"id": query_id, **found.model_dump(mode="json")}


def _show(found: "Evidence") -> None:
    from service.cli.evidence_view import evidence_view

    if not found.policy and not found.past_replies:
        page().print("Nothing that this brand knows is near; --all shows the nearest anyway.")
    page().print(evidence_view(found))
