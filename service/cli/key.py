"""`amends key`: the keys that open the API."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from service.cli.asking import JsonOption, RoleName, run
from service.cli.opening import Opening, opening_of
from service.cli.printing import page, plain, say, write_json
from service.cli.root import new_group

if TYPE_CHECKING:
    from service.review.keys import NewKey

app = new_group("Make, list and revoke API keys.")
ACTOR = "cli"


@app.command()
def create(
    ctx: typer.Context,
    name: Annotated[str, typer.Option(help="Who will use it, as the audit shows it.")],
    brand: Annotated[
        str | None, typer.Option("--brand", "-b", help="The only brand it opens; else all.")
    ] = None,
    role: Annotated[RoleName, typer.Option(help="What it may do.")] = "agent",
    as_json: JsonOption = False,
) -> None:
    """Make a key; its secret is shown once and never again.

    An agent asks and edits, a reviewer also decides, a lead also overrides findings, an admin
    also manages keys.

    [dim]amends key create --brand tidewell --role reviewer --name "Marta, evenings"[/dim]
    """
    key = run(_create(opening_of(ctx), name, brand, role))
    if as_json:
        write_json({"id": key.id, "secret": key.secret, "name": name, "role": role, "brand": brand})
        return
    say(f"{key.id}: {role} of {brand or 'all brands'}. Keep the secret, it is not shown again:")
    typer.echo(key.secret)


@app.command("list")
def list_(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """List the keys without their secrets.

    [dim]amends key list[/dim]
    """
    rows = [_row(key) for key in run(_all(opening_of(ctx)))]
    if as_json:
        write_json(rows)
        return
    from rich.table import Table

    table = Table("key", "name", "role", "brand", "made", "revoked", box=None)
    for row in rows:
        cells = (row["role"], row["brand"] or "all", row["created_at"], row["revoked_at"] or "")
        table.add_row(row["id"], plain(row["name"]), *cells)
    page().print(table if rows else "No keys yet: `amends key create --name NAME --brand BRAND`.")


@app.command()
def revoke(
    ctx: typer.Context,
    key_id: Annotated[str, typer.Argument(metavar="ID", help="The key's id, key_...")],
    as_json: JsonOption = False,
) -> None:
    """End a key at once.

    [dim]amends key revoke key_3f2a[/dim]
    """
    run(_revoke(opening_of(ctx), key_id))
    if as_json:
        write_json({"id": key_id, "revoked": True})
        return
    page().print(f"{key_id} is revoked.")


async def _create(opening: Opening, name: str, brand: str | None, role: str) -> "NewKey":
    from service.domain.review import Role

    async with opening.services() as services:
        return await services.keys.create(name=name, role=Role(role), brand_id=brand, actor=ACTOR)


async def _all(opening: Opening) -> list[dict[str, Any]]:
    async with opening.services() as services:
        return await services.keys.all()


async def _revoke(opening: Opening, key_id: str) -> None:
    async with opening.services() as services:
        await services.keys.revoke(key_id, actor=ACTOR)


def _row(key: dict[str, Any]) -> dict[str, Any]:
    """A key as JSON shows it."""
    times = {
        name: key[name] and key[name].isoformat(timespec="seconds")
        for name in ("created_at", "revoked_at")
    }
    return {
        "id": key["id"],
        "name": key["name"],
        "role": str(key["role"]),
        "brand": key["brand_id"],
        **times,
    }
