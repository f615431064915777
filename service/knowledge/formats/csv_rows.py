"""CSV as spreadsheets write it: commas, semicolons or tabs; the first line names the columns."""

import csv
import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from service.knowledge.formats.encoding import decode_guessing
from service.knowledge.formats.raw import Parsed, Raw, refused

if TYPE_CHECKING:
    from _csv import Reader

_DELIMITERS = ",;\t|"
_MANY = re.compile(r"\s*(?:\||\r?\n|\r)\s*")
_LISTS = frozenset({"asks"})
_LONGEST_CELL = 1_000_000


def read_csv(
    content: bytes, where: str, *, required: Sequence[str], languages: Sequence[str]
) -> Parsed:
    """Rows by their column names; an empty cell counts as absent."""
    text = decode_guessing(content, where, languages)
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        header = _header(next(reader, []), where, required)
        return _rows(reader, header, where)
    except csv.Error as exc:
        raise refused(
            f"{where} line {reader.line_num}: not readable as CSV; look for a quotation mark "
            "that is not closed, or doubled inside a cell"
        ) from exc


def _rows(reader: "Reader", header: Sequence[str], where: str) -> Parsed:
    rows: list[Raw] = []
    problems: list[str] = []
    begins = reader.line_num + 1
    for cells in reader:
        place, begins = f"{where} line {begins}", reader.line_num + 1
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
            problems.append(
                f"{place}: {len(cells)} cells for {len(header)} columns; put a text that holds "
                "the separator in quotation marks"
            )
            continue
        named = zip(header, cells, strict=False)
        rows.append(Raw(place, {k: _value(k, cell) for k, cell in named if k and cell.strip()}))
    return Parsed(tuple(rows), tuple(problems))


def _delimiter(text: str) -> str:
    """The separator that stands most often in the line that names the columns."""
    first = text.lstrip("\r\n").partition("\n")[0]
    return max(_DELIMITERS, key=first.count)


def _header(cells: Sequence[str], where: str, required: Sequence[str]) -> list[str]:
    names = [cell.strip().lower().replace(" ", "_") for cell in cells]
    missing = [name for name in required if name not in names]
    if missing:
        here = ", ".join(name for name in names if name) or "none"
        raise refused(
            f"{where} line 1: no column {' and no column '.join(missing)}; the first line has to "
            f"name the columns, and has {here[:200]}"
        )
    twins = sorted({name for name in names if name and names.count(name) > 1})
    if twins:
        raise refused(f"{where} line 1: the column {twins[0]} stands there twice")
    return names


def _value(name: str, cell: str) -> object:
    if name in _LISTS:
        return [part for part in _MANY.split(cell.strip()) if part]
    return cell.strip()
