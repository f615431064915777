"""PDF: lines put together to paragraphs, headings told by their size or weight."""

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from service.errors import ImportRefused
from service.knowledge.formats.pages import Page
from service.knowledge.formats.raw import refused

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

_LARGER = 1.12
_LONGEST_HEADING = 120
_FEWEST_PAGES = 3
_FULL_LINE = 0.75
_DIGITS = re.compile(r"\d+")
_ENDS = (".", "!", "?", ":", ";", "…")
_BULLETS = ("•", "‣", "▪", "●", "◦", "–", "- ")


@dataclass(frozen=True)
class _Line:
    """A printed line with the size of most of its letters."""

    text: str
    size: float
    bold: bool


def read_pdf(content: bytes, where: str) -> Page:
    """The document as text under headings; ImportRefused where it holds no text."""
    reader = _opened(content, where)
    try:
        pages = [list(_lines(page)) for page in reader.pages]
        title = str((reader.metadata.title if reader.metadata else "") or "")
    except Exception as exc:  # pypdf lets KeyError, TypeError and more through on damaged files
        raise refused(f"{where}: damaged ({type(exc).__name__}); print it to PDF anew") from exc
    lines = _without_margins(pages)
    if not lines:
        raise refused(f"{where}: no text in it, so it seems to be scanned; run OCR first")
    return _page(lines, " ".join(title.split()))


def _opened(content: bytes, where: str) -> "PdfReader":
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    # What it says of a damaged file on stderr, our own message says with what to do.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    locked = f"{where}: protected by a password; save a copy without one"
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise refused(locked)
        pages = len(reader.pages)
    except (DependencyError, NotImplementedError) as exc:
        raise refused(locked) from exc
    except ImportRefused:
        raise
    except Exception as exc:
        raise refused(f"{where}: damaged, or no PDF; print it to PDF anew") from exc
    if not pages:
        raise refused(f"{where}: no pages in it")
    return reader


def _lines(page: "PageObject") -> Iterator[_Line]:
    """The page's lines; pypdf tells the size and the font of each bit of text as it passes it."""
    bits: list[tuple[str, float, bool]] = []

    def visit(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        scale = abs(tm[3] * cm[3]) or 1.0
        name = str((font or {}).get("/BaseFont", ""))
        for n, part in enumerate(text.split("\n")):
            if n:
                bits.append(("\n", 0.0, False))
            bits.append((part, round(size * scale, 1), "bold" in name.lower()))

    page.extract_text(visitor_text=visit)
    current: list[tuple[str, float, bool]] = []
    for bit in (*bits, ("\n", 0.0, False)):
        if bit[0] != "\n":
            current.append(bit)
            continue
        yield from _line(current)
        current = []


def _line(bits: Sequence[tuple[str, float, bool]]) -> Iterator[_Line]:
    text = " ".join("".join(text for text, _, _ in bits).split())
    if not text:
        return
    sizes = Counter[float]()
    for part, size, _ in bits:
        sizes[size] += len(part.strip())
    bold = all(heavy for part, _, heavy in bits if part.strip())
    yield _Line(text, sizes.most_common(1)[0][0], bold)


def _without_margins(pages: Sequence[Sequence[_Line]]) -> list[_Line]:
    """Without page numbers and what stands on top or at the foot of most pages."""
    ends = Counter(_same(line) for page in pages for line in {*page[:2], *page[-2:]})
    often = max(_FEWEST_PAGES, len(pages) // 2 + 1)
    kept = (line for page in pages for line in page if ends[_same(line)] < often)
    return [line for line in kept if not line.text.isdigit()]


def _same(line: _Line) -> str:
    return _DIGITS.sub("0", line.text)


def _page(lines: Sequence[_Line], title: str) -> Page:
    body = _body_size(lines)
    sizes = sorted({li.size for li in lines if _is_larger(li, body)}, reverse=True)
    plain = sum(not line.bold for line in lines)
    marked = [_marked(line, body, sizes, bold_counts=plain > len(lines) // 2) for line in lines]
    if marked[0].startswith("# ") and sum(line.startswith("# ") for line in marked) == 1:
        title, marked = marked[0].removeprefix("# "), marked[1:]
    width = max(len(line.text) for line in lines)
    return Page(title, "\n".join(_paragraphs(marked, width)))


def _body_size(lines: Sequence[_Line]) -> float:
    letters = Counter[float]()
    for line in lines:
        letters[line.size] += len(line.text)
    return letters.most_common(1)[0][0]


def _is_larger(line: _Line, body: float) -> bool:
    return line.size > body * _LARGER and len(line.text) <= _LONGEST_HEADING


def _marked(line: _Line, body: float, sizes: Sequence[float], *, bold_counts: bool) -> str:
    if _is_larger(line, body):
        return f"{'#' * min(sizes.index(line.size) + 1, 4)} {line.text}"
    short = len(line.text) <= _LONGEST_HEADING and not line.text.endswith(_ENDS)
    if bold_counts and line.bold and short:
        return f"{'#' * min(len(sizes) + 1, 5)} {line.text}"
    return line.text


def _paragraphs(lines: Sequence[str], width: int) -> Iterator[str]:
    """A line that fills the page and ends no sentence goes on in the next one."""
    paragraph, last = "", ""
    for line in lines:
        if paragraph and (_stands_alone(line) or not _goes_on(last, width)):
            yield paragraph
            paragraph = ""
        paragraph, last = _joined(paragraph, line), line
    if paragraph:
        yield paragraph


def _stands_alone(line: str) -> bool:
    return line.startswith(("#", *_BULLETS))


def _goes_on(line: str, width: int) -> bool:
    full = len(line) >= width * _FULL_LINE
    return full and not line.endswith(_ENDS) and not line.startswith("#")


def _joined(before: str, line: str) -> str:
    if before.endswith("-") and line[:1].islower():
        return before[:-1] + line
    return f"{before} {line}".strip()
