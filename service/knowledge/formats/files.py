"""A brand folder's files: which there are, how large they may be, and who reads each."""

from collections.abc import Callable
from pathlib import Path

from service.knowledge.formats.docx import read_docx
from service.knowledge.formats.html import read_html
from service.knowledge.formats.markdown import read_markdown
from service.knowledge.formats.pages import Page
from service.knowledge.formats.pdf import read_pdf
from service.knowledge.formats.raw import refused

MOST_PAGE_BYTES = 25_000_000
MOST_ROWS_BYTES = 200_000_000
_MB = 1_000_000

PageReader = Callable[[bytes, str], Page]
PAGES: dict[str, PageReader] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".pdf": read_pdf,
    ".docx": read_docx,
}
_OTHER_TEXTS = frozenset({".doc", ".rtf", ".odt", ".txt", ".pages", ".xlsx", ".json", ".csv"})


def content_of(path: Path, where: str, *, most: int) -> bytes:
    """All of a file; ImportRefused where it is missing, unreadable or too large."""
    try:
        size = path.stat().st_size
        if size > most:
            raise refused(
                f"{where}: {size / _MB:.0f} MB, and {most // _MB} MB is the most; split it, or "
                "leave out pictures"
            )
        return path.read_bytes()
    except FileNotFoundError as exc:
        raise refused(f"{where}: missing") from exc
    except OSError as exc:
        raise refused(f"{where}: cannot be read ({type(exc).__name__})") from exc


def pages_in(folder: Path) -> list[Path]:
    """The pages that can be read, by name."""
    return [path for path in _files(folder) if path.suffix.lower() in PAGES]


def unread_in(folder: Path) -> list[str]:
    """Files that look like policy and are in no format that is read."""
    return [path.name for path in _files(folder) if path.suffix.lower() in _OTHER_TEXTS]


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    found = (path for path in folder.iterdir() if path.is_file())
    # Word leaves ~$name.docx beside a document that is open, and systems leave dot files.
    return sorted(path for path in found if not path.name.startswith((".", "~$")))
