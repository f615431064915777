"""Reports as tables that a person can read."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table

from service.cli.printing import plain

if TYPE_CHECKING:
    from rich.text import Text

    from service.domain.reports import CoverageReport, Report, Row

_NOTHING = "–"
_ONLY_CSV = ("edited_",)
"""Columns that are too many for a page; JSON and CSV have them."""
_MOST_ACROSS = 10


def report_view(report: "Report[Row]") -> Group:
    """The groups and the row over all; what is too wide for a page is turned on its side."""
    from service.followup.report_rows import flat_rows

    rows = list(flat_rows(report))
    columns = [name for name in rows[-1] if not name.startswith(_ONLY_CSV)]
    lines = [[_words(name, row[name]) for name in columns] for row in rows]
    whole = [[name.replace("_", " ") for name in columns], *lines]
    if len(columns) > _MOST_ACROSS:
        whole = [list(line) for line in zip(*whole, strict=True)]
    title = f"{report.brand or 'all brands'}, {report.first} to {report.last}"
    return Group(plain(title, "bold"), _drawn(whole))


def _drawn(lines: Sequence[Sequence[str]]) -> Table:
    heading, *rows = lines
    table = Table(box=None, pad_edge=False)
    for place, words in enumerate(heading):
        table.add_column(plain(words), justify="right" if place else "left", overflow="fold")
    for row in rows:
        table.add_row(*(plain(words) for words in row))
    return table


def hate_line(report: "CoverageReport") -> "Text":
    """Hate is counted apart."""
    hate = report.hate
    return plain(f"hate, apart: {hate.asked} posts, {hate.asked - hate.answered} not answered\n")


def unanswered_table(report: "CoverageReport") -> "Table | Text":
    """What was not answered; what looks worst first."""
    if not report.unanswered:
        return plain("No negative message is unanswered.")
    table = Table(title="unanswered", title_justify="left", box=None, pad_edge=False)
    for name in ("where", "thread", "kind", "asked at (UTC)", "hours", "how it ended"):
        table.add_column(name, overflow="fold")
    for one in report.unanswered:
        ended = f"{one.ended.value}: {one.reason}" if one.reason else one.ended.value
        place, kind = one.place.value.replace("_", " "), one.kind.value if one.kind else _NOTHING
        cells = (f"{one.asked_at:%Y-%m-%d %H:%M}", f"{one.hours_open:g}", ended)
        table.add_row(*(plain(cell) for cell in (place, one.thread_id, kind, *cells)))
    if report.more:
        table.caption = "There is more: --limit lists it."
    return table


def _words(name: str, value: object) -> str:
    if value is None:
        return _NOTHING
    if isinstance(value, float):
        return f"{value:.0%}" if "share" in name else f"{value:.0f}"
    return str(value)
