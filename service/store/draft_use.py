"""What became of drafts, and how much people changed in those that went out."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Label, and_, case, exists, func, or_, select
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.draft import DraftStatus
from service.domain.reports import CameAs, DraftsRow
from service.domain.review import DecisionKind
from service.store.asked import Stretch, within
from service.store.dialect import elements
from service.store.grouping import (
    Counting,
    Keys,
    Table,
    columns_of,
    count_of,
    group_of,
    percentile,
    ranked,
)
from service.store.tables import decisions, draft_versions, drafts

_READ = ("id", "brand_id", "kind", "language", "prompt", "model")
_UNDECIDED = (DraftStatus.DRAFTING, DraftStatus.PENDING_REVIEW, DraftStatus.BLOCKED)
_ENDS = (
    DraftStatus.IGNORED,
    DraftStatus.ESCALATED,
    DraftStatus.FAILED,
    DraftStatus.STALE,
    DraftStatus.SUPERSEDED,
)
_QUARTERS = (0.25, 0.5, 0.75, 1.0)


def drafts_by_use(stretches: Sequence[Stretch]) -> Counting:
    """How each draft ended; the median of what was changed is that of the edited ones."""
    draft = _chosen(stretches)
    changed = {"changed": case((draft.c.use == "edited", draft.c.edit_share))}

    def counting(keys: Sequence[str]) -> tuple[FromClause, Sequence[Label[Any]]]:
        more = (draft.c.status, draft.c.came_as, draft.c.use, draft.c.rejected)
        used = ranked(draft, keys, changed, *more)
        return used, [
            func.count().label("drafts"),
            count_of(used.c.status.in_(_UNDECIDED), "waiting"),
            count_of(used.c.use == "as_it_was", "used_as_they_were"),
            count_of(used.c.use == "edited", "edited"),
            count_of(used.c.rejected, DraftStatus.REJECTED.value),
            *(count_of(used.c.status == status, status.value) for status in _ENDS),
            count_of(used.c.came_as == CameAs.HOLDING, "holding"),
            count_of(used.c.came_as == CameAs.BLOCKED, "blocked"),
            *_quarters(used.c.changed),
            percentile(used, "changed", 50).label("median_edit_share"),
        ]

    return counting


def _chosen(stretches: Sequence[Stretch]) -> FromClause:
    # A text that was changed and changed back again went out as it was.
    unchanged = or_(drafts.c.edited_by.is_(None), func.coalesce(drafts.c.edit_share, 1) == 0)
    approved = drafts.c.status == DraftStatus.APPROVED
    use = case((and_(approved, unchanged), "as_it_was"), (approved, "edited"))
    more = (drafts.c.status, drafts.c.came_as, drafts.c.edit_share, drafts.c.edited_by)
    told = (use.label("use"), _rejected().label("rejected"))
    return (
        select(*(drafts.c[name] for name in _READ), *more, *told)
        .where(within(stretches, drafts.c.brand_id, drafts.c.asked_at))
        .subquery()
    )


def _rejected() -> ColumnElement[bool]:
    """Turned down by a person, also where it was drafted again since: a text was thrown away."""
    turned_down = exists().where(
        decisions.c.draft_id == drafts.c.id, decisions.c.decision == DecisionKind.REJECT
    )
    return or_(drafts.c.status == DraftStatus.REJECTED, turned_down)


def _quarters(changed: ColumnElement[float]) -> Iterator[Label[int]]:
    for top in _QUARTERS:
        inside = and_(changed > top - _QUARTERS[0], changed <= top)
        yield count_of(inside, f"edited_up_to_{top * 100:.0f}")


async def with_edit_kinds(
    connection: AsyncConnection,
    counted: Table[DraftsRow],
    stretches: Sequence[Stretch],
    keys: Keys,
) -> Table[DraftsRow]:
    """In how many drafts people changed what, told from the versions that they wrote."""
    rows = await _edit_kinds(connection, stretches, keys)
    total = Counter[str]()
    by_group: dict[tuple[str | None, ...], dict[str, int]] = {}
    for row in rows:
        group = tuple(group_of(row, keys).values())
        by_group.setdefault(group, {})[row["edit_kind"]] = row["drafts"]
        total[row["edit_kind"]] += row["drafts"]
    groups = [_with(row, by_group.get(tuple(row.group.values()), {})) for row in counted.groups]
    return Table(groups, _with(counted.total, total))


def _with(row: DraftsRow, kinds: dict[str, int]) -> DraftsRow:
    return DraftsRow.model_validate({**dict(row), "edit_kinds": dict(sorted(kinds.items()))})


async def _edit_kinds(
    connection: AsyncConnection, stretches: Sequence[Stretch], keys: Keys
) -> Sequence[RowMapping]:
    draft = _chosen(stretches)
    finding = elements(connection, draft_versions.c.content["edits"])
    kind = finding["kind"].as_string()
    groups = columns_of(draft, keys)
    query = (
        select(*groups, kind.label("edit_kind"), func.count(draft.c.id.distinct()).label("drafts"))
        .select_from(draft)
        .join(draft_versions, draft_versions.c.draft_id == draft.c.id)
        .join(finding.table, draft_versions.c.created_by != "amends")
        .where(draft.c.edited_by.is_not(None), kind.is_not(None))
        .group_by(*(draft.c[column] for column in keys.values()), kind)
    )
    return (await connection.execute(query)).mappings().all()
