"""`amends db`: upgrade the database, copy it away and bring it back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.asking import JsonOption, run
from service.cli.opening import Opening, opening_of
from service.cli.printing import page, say, write_json
from service.cli.root import new_group

if TYPE_CHECKING:
    from service.store.session import Database

app = new_group("Upgrade, back up and restore the database.")


@app.command()
def upgrade(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """Bring the database to the shape that this release expects.

    Every other command does this by itself on first use. On PostgreSQL it may need a role that
    may create tables, which the others don't.

    [dim]amends db upgrade[/dim]
    """
    place, revision = run(_upgrade(opening_of(ctx)))
    if as_json:
        write_json({"path": place, "revision": revision})
        return
    page().print(f"{place} is at revision {revision}.", soft_wrap=True)


@app.command()
def backup(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the copy goes.")],
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite FILE where it is there already.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Copy the database into one file, while Amends goes on working; PostgreSQL needs `pg_dump`.

    [dim]amends db backup amends-monday.db[/dim]
    """
    if not force:
        _refuse_overwriting(file)
    place = run(_backup(opening_of(ctx), file))
    if as_json:
        write_json({"path": place, "backup": str(file), "bytes": file.stat().st_size})
        return
    page().print(f"{place} is copied to {file}.", soft_wrap=True)


@app.command()
def restore(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A copy made by `db backup`.")],
    as_json: JsonOption = False,
) -> None:
    """Put a copy in the place of the database; what was there is kept beside it, numbered.

    [dim]amends db restore amends-monday.db[/dim]
    """
    place, kept = run(_restore(opening_of(ctx), file))
    if as_json:
        write_json({"path": place, "restored": str(file), "kept": str(kept) if kept else None})
        return
    before = f"what it held before is in {kept}" if kept else "nothing was there before"
    page().print(f"{place} now holds {file}; {before}.", soft_wrap=True)
    say("restart `amends serve` where it runs: it remembers what was there before")


def _refuse_overwriting(file: Path) -> None:
    """It may be the only copy of an older state."""
    from service.errors import InvalidInput

    if file.is_file():
        raise InvalidInput(
            f"{file} is there already: name another file (--force overwrites this one)"
        )


def _database(opening: Opening) -> "Database":
    from service.store.session import Database

    return Database(opening.settings().database_url)


async def _upgrade(opening: Opening) -> tuple[str, str | None]:
    database = _database(opening)
    try:
        await database.migrate()
        return database.name, (await database.facts()).revision
    finally:
        await database.close()


async def _backup(opening: Opening, file: Path) -> str:
    """As it is: a backup is most wanted before an upgrade."""
    database = _database(opening)
    try:
        await database.backup(file)
        return database.name
    finally:
        await database.close()


async def _restore(opening: Opening, file: Path) -> tuple[str, Path | None]:
    """Without opening what is there: it may be damaged, or made by a newer Amends."""
    database = _database(opening)
    try:
        return database.name, await database.restore(file)
    finally:
        await database.close()
