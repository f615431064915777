"""Word documents: paragraphs, lists and tables in order; page headers and footers stay out."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from service.knowledge.formats.pages import Page
from service.knowledge.formats.raw import refused
from service.knowledge.formats.tables import rows_in_words

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table
    from docx.text.paragraph import Paragraph

_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_LONGEST_BOLD_HEADING = 80
_BOLD_LEVEL = 4
MOST_UNPACKED_BYTES = 200_000_000


def read_docx(content: bytes, where: str) -> Page:
    """The document as text under headings."""
    document = _opened(content, where)
    lines = [line for line in _lines(document) if line]
    title = _title(document, lines)
    rest = [line for line in lines if line != f"# {title}"]
    if not any(not line.startswith("#") for line in rest):
        raise refused(f"{where}: no text in the document; pictures of text have to be typed out")
    language = (document.core_properties.language or "")[:2].lower()
    return Page(title, "\n".join(rest), language=language if language.isalpha() else None)


def _opened(content: bytes, where: str) -> "Document":
    from docx import Document

    if content.startswith(_OLD_OR_LOCKED):
        raise refused(
            f"{where}: protected by a password, or an old .doc; save it as .docx without a password"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
        if unpacked <= MOST_UNPACKED_BYTES:
            return Document(io.BytesIO(content))
    except Exception as exc:  # zip, XML and package errors of three libraries mean the same here
        raise refused(f"{where}: damaged, or no Word document; save it anew as .docx") from exc
    raise refused(f"{where}: unpacks to more than {MOST_UNPACKED_BYTES // 1_000_000} MB; split it")


def _lines(document: "Document") -> Iterator[str]:
    from docx.text.paragraph import Paragraph

    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            yield _line(block)
        else:
            yield from _table(block)


def _line(paragraph: "Paragraph") -> str:
    words = " ".join(paragraph.text.split())
    style = str(paragraph.style.name or "") if paragraph.style else ""
    if not words:
        return ""
    if style == "Title":
        return f"# {words}"
    if match := _HEADING.match(style):
        return f"{'#' * min(int(match.group(1)), 6)} {words}"
    if style.startswith("List"):
        return f"- {words}"
    return f"{'#' * _BOLD_LEVEL} {words}" if _is_bold_heading(paragraph, words) else words


def _is_bold_heading(paragraph: "Paragraph", words: str) -> bool:
    """Many people write headings as a short bold line of their own."""
    runs = [run for run in paragraph.runs if run.text.strip()]
    short = len(words) <= _LONGEST_BOLD_HEADING and words[-1] not in ".:;,!"
    return short and bool(runs) and all(run.bold for run in runs)


def _table(table: "Table") -> list[str]:
    rows = []
    for row in table.rows:
        cells = {id(cell._tc): cell.text for cell in row.cells}  # a merged cell comes repeatedly
        rows.append(list(cells.values()))
    return rows_in_words(rows, headed=len({len(row) for row in rows}) == 1)


def _title(document: "Document", lines: list[str]) -> str:
    if lines and lines[0].startswith("# "):
        return lines[0].removeprefix("# ")
    return " ".join((document.core_properties.title or "").split())
