"""How an import is told to people: what changed by id and version, and what follows from it."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from service.cli.printing import Advance, page, plain

if TYPE_CHECKING:
    from service.domain.changes import Changes, ImportResult
    from service.knowledge.embedding_work import WorkDone

_STYLES = {"added": "green", "changed": "yellow", "superseded": "yellow", "removed": "red"}
_MOST_LISTED = 40


def show_import(result: "ImportResult") -> None:
    """What an import did, or would do."""
    console = page()
    console.print(plain(f"{result.brand_id} {_verb(result)}", "bold"))
    for name, changes, held in (
        ("policy passages", result.diff.policy, result.policy),
        ("past replies", result.diff.past_replies, result.past_replies),
    ):
        console.print(plain(f"{held} {name}{_counted(changes)}"))
        for kind, line in _listed(changes):
            console.print(plain(f"  {kind:<11}", _STYLES[kind]).append_text(plain(line)))
    for line in _consequences(result):
        console.print(plain(line))


def telling(bar: Advance) -> "Callable[[WorkDone], None]":
    """Moves a bar on, and says how long it will take at the pace measured so far."""

    def tell(done: "WorkDone") -> None:
        bar.to(done.texts, done.of)
        if done.seconds_left is not None:
            bar.tell(f"embedding, {_in_words(done.seconds_left)} left")

    return tell


def _verb(result: "ImportResult") -> str:
    if not result.changed:
        return "unchanged"
    return "would change (nothing was written)" if result.dry_run else "imported"


def _counted(changes: "Changes") -> str:
    counts = [f"{len(rows)} {kind.value}" for kind, rows in changes.by_kind() if rows]
    return f": {', '.join(counts)}" if counts else ""


def _listed(changes: "Changes") -> Iterator[tuple[str, str]]:
    for kind, rows in changes.by_kind():
        if kind.value not in _STYLES:
            continue
        for row in rows[:_MOST_LISTED]:
            yield kind.value, str(row)
        if len(rows) > _MOST_LISTED:
            yield kind.value, f"and {len(rows) - _MOST_LISTED} more (--json lists them all)"


def _consequences(result: "ImportResult") -> Iterator[str]:
    if result.diff.settings.value == "changed":
        yield "brand.yaml changed"
    if result.dry_run:
        yield f"{result.embedded} texts would be embedded"
        if result.stale_drafts:
            yield f"{result.stale_drafts} waiting drafts cite what would change and would be stale"
        return
    yield f"{result.embedded} texts newly embedded"
    if result.stale_drafts:
        yield (
            f"{result.stale_drafts} waiting drafts cited what changed and are stale now: "
            "`amends queue` and redraft them"
        )


def _in_words(seconds: float) -> str:
    if seconds < 90:
        return f"about {max(round(seconds), 1)} s"
    minutes = seconds / 60
    return f"about {minutes:.0f} min" if minutes < 90 else f"about {minutes / 60:.1f} h"
