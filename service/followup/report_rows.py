"""Reports as flat rows, for CSV and for tables."""

from collections.abc import Iterator, Mapping, Sequence

from pydantic import BaseModel

from service.domain.edits import EditKind
from service.domain.reports import CoverageReport, Dimension, Report, Row, Unanswered
from service.text.spreadsheets import csv_of

TOTAL = "all"
"""What stands in the first group's cell of the row over all."""


def report_csv(report: Report[Row]) -> str:
    """The groups, and the row over all of them last."""
    rows = [*flat_rows(report)]
    return csv_of(list(rows[-1]), ([*map(_rounded, row.values())] for row in rows))


def unanswered_csv(report: CoverageReport) -> str:
    """The list of what was not answered."""
    rows = (row.model_dump(mode="json").values() for row in report.unanswered)
    return csv_of(list(Unanswered.model_fields), ([*map(_rounded, row)] for row in rows))


def _rounded(value: object) -> object:
    """Two decimals are whole percents: more of them only look exact."""
    return round(value, 2) if isinstance(value, float) else value


def flat_rows(report: Report[Row]) -> Iterator[dict[str, object]]:
    """Each row under the names of its columns, the one over all last."""
    for row in report.rows:
        yield {**_group(row.group, report.by), **_figures(row)}
    whole = dict.fromkeys(report.by, TOTAL)
    yield {**_group(whole, report.by), **_figures(report.total)}


def _group(group: Mapping[Dimension, str | None], by: Sequence[Dimension]) -> dict[str, object]:
    return {dimension.value: group.get(dimension) for dimension in by}


def _figures(row: BaseModel) -> dict[str, object]:
    figures = row.model_dump(mode="json", exclude={"group"})
    kinds = figures.pop("edit_kinds", None)
    if kinds is None:
        return figures
    return {**figures, **{f"edited_{kind}": kinds.get(kind, 0) for kind in EditKind}}
