"""Saved pages of a help centre: the article stays, what frames it goes."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from service.knowledge.formats.pages import Page
from service.knowledge.formats.raw import refused
from service.knowledge.formats.tables import rows_in_words

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag
    from bs4.element import PageElement

_NOT_TEXT = (
    *("script", "style", "noscript", "template", "svg", "iframe", "object", "canvas", "video"),
    *("nav", "footer", "aside", "form", "dialog", "select", "audio", "picture", "img"),
)
_HIDDEN = "[hidden], [aria-hidden=true]"
_ROLES = "[role=navigation], [role=banner], [role=contentinfo], [role=search], [role=complementary]"
_ARTICLE = ("[itemprop=articleBody]", "article", "main", "[role=main]", ".article-body", "#content")
_FRAME = re.compile(
    r"(?:^|[-_])(?:nav|navbar|menu|breadcrumbs?|footer|sidebar|cookies?|consent|share|social|"
    r"related|recommended|newsletter|feedback|votes?|helpful|comments?|pagination|toc|skip|banner)"
    r"(?:$|[-_])",
    re.IGNORECASE,
)
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6, "summary": 3}
_LINES = frozenset(
    {
        *("p", "div", "section", "article", "main", "ul", "ol", "li", "dl", "dt", "dd", "details"),
        *("blockquote", "pre", "figure", "figcaption", "address", "header", "hr", "br", "body"),
    }
)
_SITE = re.compile(r"\s+[|–—·»]\s+|\s+-\s+")
_FEWEST_LINKS = 3


def read_html(content: bytes, where: str) -> Page:
    """The page's article as text under headings, with its title and language."""
    soup = _soup(content, where)
    language = str((soup.html.get("lang") if soup.html else "") or "")[:2].lower()
    heading = _site_title(soup)
    _drop_frame(soup)
    article = _article(soup)
    first = article.find("h1")
    title = " ".join(first.get_text(" ").split()) if first else heading
    lines = [line for line in _lines(article) if line not in ("", f"# {title}")]
    if not any(not line.startswith("#") for line in lines):
        raise refused(
            f"{where}: no text in the page; if scripts build it in the browser, save it from there "
            "as a complete page, or print it to PDF"
        )
    return Page(title, "\n".join(lines), language=language if language.isalpha() else None)


def _soup(content: bytes, where: str) -> "BeautifulSoup":
    from bs4 import BeautifulSoup
    from bs4.dammit import EncodingDetector

    from service.knowledge.formats.encoding import decode

    declared = EncodingDetector.find_declared_encoding(content, is_html=True)
    if declared and not content.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        try:
            return BeautifulSoup(content.decode(declared), "lxml")
        except (UnicodeDecodeError, LookupError) as exc:
            raise refused(f"{where}: not in {declared}, as it says; save it as UTF-8") from exc
    return BeautifulSoup(decode(content, where), "lxml")


def _site_title(soup: "BeautifulSoup") -> str:
    """The title of the window without the name of the site behind it."""
    words = soup.title.get_text() if soup.title else ""
    return " ".join(_SITE.split(words.strip())[0].split())


def _drop_frame(soup: "BeautifulSoup") -> None:
    for found in soup.select(", ".join((*_NOT_TEXT, _HIDDEN, _ROLES))):
        found.decompose()
    for found in soup.find_all(_is_frame):
        if not found.decomposed and found.name not in ("html", "body", "main", "article"):
            found.decompose()
    for button in soup.find_all("button"):
        if button.find_parent(list(_HEADINGS)) is None:  # a heading that opens its answer stays
            button.decompose()


def _is_frame(tag: "Tag") -> bool:
    names = [*tag.get_attribute_list("class"), *tag.get_attribute_list("id")]
    return any(name and _FRAME.search(str(name)) for name in names) or _is_list_of_links(tag)


def _is_list_of_links(tag: "Tag") -> bool:
    """A table of contents or a list of other articles, whatever its class is."""
    if tag.name not in ("ul", "ol"):
        return False
    items = tag.find_all("li")
    linked = [item for item in items if item.find("a") and _only_link(item)]
    return len(items) >= _FEWEST_LINKS and len(linked) == len(items)


def _only_link(item: "Tag") -> bool:
    link = item.find("a")
    return link is not None and link.get_text(strip=True) == item.get_text(strip=True)


def _article(soup: "BeautifulSoup") -> "Tag":
    for selector in _ARTICLE:
        found = [tag for tag in soup.select(selector) if tag.get_text(strip=True)]
        if found:
            return max(found, key=lambda tag: len(tag.get_text()))
    return soup.body or soup


def _lines(article: "Tag") -> Iterator[str]:
    """The text block by block; white space is the browser's, so it counts for nothing."""
    words: list[str] = []
    for piece in _pieces(article):
        if piece is None:
            yield _joined(words)
            words.clear()
        else:
            words.append(piece)
    yield _joined(words)


def _joined(words: list[str]) -> str:
    line = " ".join("".join(words).split())
    return "" if line in ("-", "#") else line


def _pieces(node: "Tag") -> Iterator[str | None]:
    """Words as they come, and None wherever a line ends."""
    for child in node.children:
        yield from _piece(child)


def _piece(child: "PageElement") -> Iterator[str | None]:
    from bs4.element import NavigableString, Tag

    if type(child) is NavigableString:
        yield str(child)
    elif not isinstance(child, Tag):
        return
    elif child.name in _HEADINGS:
        yield from (None, "#" * _HEADINGS[child.name], " ", child.get_text(" "), None)
    elif child.name == "table":
        yield from _table(child)
    elif child.name in _LINES:
        yield from (None, "- " if child.name == "li" else "")
        yield from _pieces(child)
        yield None
    else:
        yield from _pieces(child)


def _table(table: "Tag") -> Iterator[str | None]:
    rows = [row.find_all(["th", "td"]) for row in table.find_all("tr")]
    rows = [row for row in rows if row]
    headed = bool(rows) and all(cell.name == "th" for cell in rows[0])
    words = [[cell.get_text(" ") for cell in row] for row in rows]
    for line in rows_in_words(words, headed=headed):
        yield from (None, line, None)
