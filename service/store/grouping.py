"""Counts and percentiles by group, and over all, in one statement that both databases run."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    FromClause,
    Label,
    Select,
    String,
    case,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.reports import Dimension, Row

R = TypeVar("R", bound=Row)
Keys = Mapping[Dimension, str]
"""The columns that a report is divided by."""
Counting = Callable[[Sequence[str]], tuple[FromClause, Sequence[Label[Any]]]]
"""What is counted, given the columns of the groups: the rows, and what is made of them."""


def by_group(keys: Keys, counting: Counting) -> CompoundSelect[Any]:
    """A row for each group, and one for all of them together."""
    whole = [cast(null(), String).label(_name(dimension)) for dimension in keys]
    total = _counted(counting, {}, whole)
    return union_all(_counted(counting, keys, ()), total) if keys else union_all(total)


def _counted(counting: Counting, keys: Keys, padding: Sequence[ColumnElement[Any]]) -> Select[Any]:
    source, measures = counting(list(keys.values()))
    groups = columns_of(source, keys)
    query = select(literal(not keys).label("is_total"), *groups, *padding, *measures)
    return query.select_from(source).group_by(*(source.c[column] for column in keys.values()))


@dataclass(frozen=True)
class Table(Generic[R]):
    """A report's groups, and the row over all of them."""

    groups: list[R]
    total: R


async def table(
    connection: AsyncConnection, keys: Keys, counting: Counting, shape: type[R]
) -> Table[R]:
    """Count, in the order of the groups' names."""
    rows = (await connection.execute(by_group(keys, counting))).mappings().all()
    groups = [_row(row, keys, shape) for row in rows if not row["is_total"]]
    (total,) = (_row(row, {}, shape) for row in rows if row["is_total"])
    return Table(sorted(groups, key=lambda row: [x or "" for x in row.group.values()]), total)


def _row(row: RowMapping, keys: Keys, shape: type[R]) -> R:
    fields = {name: row[name] for name in shape.model_fields if name in row}
    return shape.model_validate({**fields, "group": group_of(row, keys)})


def group_of(row: RowMapping, keys: Keys) -> dict[Dimension, str | None]:
    """Whose row it is."""
    return {dimension: row[_name(dimension)] for dimension in keys}


def columns_of(source: FromClause, keys: Keys) -> list[Label[Any]]:
    """The columns by which `group_of` tells."""
    return [source.c[column].label(_name(dimension)) for dimension, column in keys.items()]


def _name(dimension: Dimension) -> str:
    return f"by_{dimension.value}"


def count_of(condition: ColumnElement[bool], name: str) -> Label[int]:
    """How many rows of a group fulfil a condition."""
    return func.count().filter(condition).label(name)


def ranked(
    source: FromClause,
    keys: Sequence[str],
    values: Mapping[str, ColumnElement[Any]],
    *others: ColumnElement[Any],
) -> FromClause:
    """Each value with its place in its group, beside others; what is null comes last, unplaced."""
    by = [source.c[key] for key in keys]
    added: list[Label[Any]] = []
    for name, value in values.items():
        place = func.row_number().over(partition_by=by, order_by=value.asc().nulls_last())
        of = func.count(value).over(partition_by=by)
        added += [value.label(name), place.label(f"{name}_place"), of.label(f"{name}_of")]
    return select(*by, *others, *added).subquery()


def percentile(source: FromClause, name: str, percent: int) -> ColumnElement[Any]:
    """A ranked value by the nearest rank; null where there is none."""
    place = (source.c[f"{name}_of"] * percent + 99) // 100
    return func.max(case((source.c[f"{name}_place"] == place, source.c[name])))
