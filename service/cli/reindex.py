"""`amends brand reindex`: bring brands under the embedding model of the settings."""

from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.asking import JsonOption, run
from service.cli.brand_view import telling
from service.cli.opening import Opening, opening_of
from service.cli.printing import page, plain, progress_bar, say, write_json

if TYPE_CHECKING:
    from service.domain.changes import ImportResult


def reindex(
    ctx: typer.Context,
    brand: Annotated[str | None, typer.Option("--brand", "-b", help="This brand only.")] = None,
    anew: Annotated[
        bool, typer.Option("--anew", help="Embed everything again, whatever is there.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Embed what is indexed under another embedding model, and then switch over at once.

    Searches go on with the old vectors until a brand is complete. A run that was stopped goes on
    where it was. `amends serve` does the same in the background.

    [dim]amends brand reindex --brand tidewell[/dim]
    """
    done = run(_reindex(opening_of(ctx), brand, anew=anew))
    if as_json:
        write_json(
            [
                {"brand_id": one.brand_id, "embedded": one.embedded, "changed": one.changed}
                for one in done
            ]
        )
        return
    for one in done:
        state = "re-indexed" if one.changed else "unchanged"
        page().print(plain(f"{one.brand_id} {state}: {one.embedded} texts newly embedded"))


async def _reindex(opening: Opening, brand: str | None, *, anew: bool) -> "list[ImportResult]":
    async with opening.services() as services:
        brands = [brand] if brand else [each.id for each in await services.library.all_brands()]
        if not brands:
            say("no brands yet: `amends brand import DIR`")
        done = []
        for brand_id in brands:
            with progress_bar(f"embedding {brand_id}", 1) as bar:
                done.append(
                    await services.library.reindex(
                        brand_id, actor="cli", anew=anew, progress=telling(bar)
                    )
                )
        return done
