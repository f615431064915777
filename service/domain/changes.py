"""What an import does to a brand's knowledge, row by row."""

from collections.abc import Iterator
from enum import StrEnum

from service.domain.base import Frozen


class ChangeKind(StrEnum):
    """What happens to one row; `superseded`: it stays and is in force no longer."""

    ADDED = "added"
    CHANGED = "changed"
    SUPERSEDED = "superseded"
    UNCHANGED = "unchanged"
    REMOVED = "removed"


class RowRef(Frozen):
    """Which row; past replies have no version."""

    id: str
    version: str | None = None

    def __str__(self) -> str:
        return self.id if self.version is None else f"{self.id}@{self.version}"


class Changes(Frozen):
    """What happens to the rows of one kind, each list by id and version."""

    added: tuple[RowRef, ...] = ()
    changed: tuple[RowRef, ...] = ()
    superseded: tuple[RowRef, ...] = ()
    unchanged: tuple[RowRef, ...] = ()
    removed: tuple[RowRef, ...] = ()

    def by_kind(self) -> Iterator[tuple[ChangeKind, tuple[RowRef, ...]]]:
        """Each kind with its rows, in the order in which people read them."""
        for kind in ChangeKind:
            yield kind, getattr(self, kind.value)

    @property
    def any(self) -> bool:
        """Whether anything is not as it was."""
        return any(rows for kind, rows in self.by_kind() if kind is not ChangeKind.UNCHANGED)


class KnowledgeDiff(Frozen):
    """What an import does, or would do, to a brand."""

    settings: ChangeKind = ChangeKind.UNCHANGED
    policy: Changes = Changes()
    past_replies: Changes = Changes()

    @property
    def any(self) -> bool:
        """Whether anything is not as it was."""
        changed = self.settings is not ChangeKind.UNCHANGED
        return changed or self.policy.any or self.past_replies.any


class ImportResult(Frozen):
    """What an import did, or with `dry_run` would do.

    `policy` and `past_replies` count what the brand holds afterwards, `embedded` the texts that
    were embedded, and `stale_drafts` the waiting drafts that cited what is in force no longer;
    with `dry_run` those that would be.
    """

    brand_id: str
    policy: int
    past_replies: int
    embedded: int
    changed: bool
    dry_run: bool = False
    stale_drafts: int = 0
    diff: KnowledgeDiff = KnowledgeDiff()
