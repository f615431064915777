"""Rows as CSV that a spreadsheet shows and never runs."""

import csv
import io
from collections.abc import Iterable, Sequence

_RUNS = ("=", "+", "-", "@", "\t", "\r")
"""What a text must not begin with, lest a spreadsheet takes it for a formula."""


def csv_of(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A header and rows; null is an empty cell."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return written.getvalue()


def _cell(value: object) -> object:
    """Texts only: a number below zero is a number."""
    if isinstance(value, str) and value.lstrip(" ").startswith(_RUNS):
        return f"'{value}"
    return value
