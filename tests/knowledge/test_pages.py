"""Pages of a help centre: what is read off them, and what they are refused for."""

from pathlib import Path

import pytest

from service.errors import ImportRefused
from service.knowledge.chunking import chunk
from service.knowledge.formats.docx import read_docx
from service.knowledge.formats.html import read_html
from service.knowledge.formats.markdown import read_markdown
from service.knowledge.formats.pages import Page, passages_of
from service.knowledge.formats.pdf import read_pdf
from service.knowledge.importer import read_folder
from tests.knowledge.files import HELP_PAGE, docx, pdf

BRAND = "id: shop\nname: Shop\nvoice: Plain.\n"


def test_a_help_page_keeps_its_article_and_loses_its_frame() -> None:
    page = read_html(HELP_PAGE.encode(), "returns.html")
    assert (page.title, page.language) == ("Returns & refunds", "en")
    assert page.text.split("\n") == [
        "You have 30 days from delivery to send back anything that is unused.",
        "## Opened items",
        "An appliance you tried out can come back within 14 days.",
        "- Everything from the box is there.",
        "- It shows no marks.",
        "## Collection fees",
        "Item: Small appliance; Fee: free",
        "Item: Large appliance; Fee: €35",
    ]


def test_a_list_of_links_and_a_hidden_part_are_left_out() -> None:
    links = "".join(f'<li><a href="/{n}">Article {n}</a></li>' for n in range(4))
    text = f"<body><h1>Fees</h1><ul>{links}</ul><p hidden>old</p><p>Post costs €5.</p></body>"
    assert read_html(text.encode(), "fees.html").text == "Post costs €5."


def test_the_window_title_stands_in_for_a_missing_heading() -> None:
    text = "<title>Late parcels – Shop Help</title><p>Five days late gives €10.</p>"
    assert read_html(text.encode(), "x.html").title == "Late parcels"


def test_questions_that_open_their_answers_become_headings() -> None:
    text = "<main><details><summary>How long?</summary><p>Two days.</p></details></main>"
    assert read_html(text.encode(), "faq.html").text == "### How long?\nTwo days."


def test_a_page_may_say_its_encoding() -> None:
    text = '<meta charset="iso-8859-2"><p>Zwrot bezpłatny, żądanie w 14 dni.</p>'
    assert "bezpłatny" in read_html(text.encode("iso-8859-2"), "x.html").text


def test_a_word_document_in_order() -> None:
    page = read_docx(docx(), "zwroty.docx")
    assert (page.title, page.language) == ("Zwroty", "pl")
    assert page.text.split("\n") == [
        "Masz 30 dni na zwrot.",
        "# Towar otwarty",
        "Urządzenie wypróbowane zwrócisz w 14 dni.",
        "- Komplet części.",
        "Rzecz: Duże AGD; Opłata: 150 zł",
        "#### Kontakt",
        "Napisz do nas.",
    ]


def test_a_pdf_has_headings_paragraphs_and_no_page_furniture() -> None:
    body = [
        ("Anything that is unused can come back within thirty days of the deliv-", 11),
        ("ery, for any reason or none, and parcels up to 30 kg go back free from", 11),
        ("any drop-off point.", 11),
    ]
    pages = [
        [("Tidewell policies 2026", 8), *first, *body, (f"Page {n} of 3", 8)]
        for n, first in enumerate(
            ([("Returns", 20), ("Unused items", 14)], [("Opened items", 14)], [("Fees", -11)]), 1
        )
    ]
    page = read_pdf(pdf(pages), "returns.pdf")
    assert page.title == "Returns"
    lines = page.text.split("\n")
    assert [line for line in lines if line.startswith("#")] == [
        "## Unused items",
        "## Opened items",
        "### Fees",
    ]
    assert lines[1].startswith("Anything that is unused can come back within thirty days of the")
    assert "the delivery, for any reason" in lines[1]
    assert "Page" not in page.text
    assert "policies 2026" not in page.text


LOCKED = pdf([[("Secret", 11)]], password="x")
UNREADABLE = {
    "scan.pdf": (pdf([[]]), "seems to be scanned; run OCR first"),
    "locked.pdf": (LOCKED, "protected by a password"),
    "torn.pdf": (b"%PDF-1.7\nnothing", "damaged, or no PDF"),
    "torn.docx": (b"PK\x03\x04nothing", "damaged, or no Word document"),
    "old.docx": (b"\xd0\xcf\x11\xe0" + b"0" * 600, "protected by a password, or an old .doc"),
    "app.html": (b"<body><script>render()</script><div id=root></div></body>", "no text in the"),
    "odd.html": ("<p>é</p>".encode("latin-1"), "line 1: not UTF-8"),
    "empty.md": (b"---\ntitle: x\n---\n", "no text below the front matter"),
    "unclosed.md": (b"---\ntitle: x\nText.", "the front matter has no closing line"),
    "front.md": (b"---\ntitle: [\n---\nText.", "the front matter is no YAML"),
    "ask.md": (b"---\nasks: [Can I send it back?]\n---\nText.", "goes into quotation marks"),
    "month.md": (b"---\nvalid_from: 2026-99-01\n---\nText.", "a date is written 2026-11-23"),
    "list.md": (b"---\n- a\n---\nText.", "lines of `name: value`"),
    "date.md": (b"---\nvalid_from: soon\n---\nText.", "valid_from: not a date that can be read"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_page_that_cannot_be_read_says_why_and_what_to_do(tmp_path: Path, name: str) -> None:
    content, problem = UNREADABLE[name]
    _folder(tmp_path, {name: content})
    with pytest.raises(ImportRefused) as refused:
        read_folder(tmp_path)
    assert f"policies/{name}" in str(refused.value)
    assert problem in str(refused.value)


def test_every_bad_page_is_named_at_once(tmp_path: Path) -> None:
    _folder(tmp_path, {name: content for name, (content, _) in UNREADABLE.items()})
    with pytest.raises(ImportRefused) as refused:
        read_folder(tmp_path)
    assert len(refused.value.problems) == len(UNREADABLE)


def test_a_page_of_50_mb_is_refused_by_its_size(tmp_path: Path) -> None:
    _folder(tmp_path, {"big.html": b""})
    with (tmp_path / "policies" / "big.html").open("wb") as big:
        big.truncate(50_000_000)
    with pytest.raises(ImportRefused, match=r"big\.html: 50 MB, and 25 MB is the most"):
        read_folder(tmp_path)


def test_a_folder_of_every_format(tmp_path: Path) -> None:
    files = {
        "returns.html": HELP_PAGE.encode(),
        "zwroty.docx": docx(),
        "late.md": b"# Late parcels\r\n\r\nFive days late gives 10 euros.\r\n",
        "fees.pdf": pdf([[("Fees", 20), ("Collection costs 35 euros.", 11)]]),
        "draft.txt": b"not read",
        "~$zwroty.docx": b"left behind by Word",
        "logo.png": b"",
    }
    _folder(tmp_path, files)
    read = read_folder(tmp_path)
    assert {(p.id, p.title) for p in read.policy} == {
        ("returns", "Returns & refunds"),
        ("zwroty", "Zwroty"),
        ("late", "Late parcels"),
        ("fees", "Fees"),
    }
    assert read.unread == ("policies/draft.txt",)


def test_a_long_page_becomes_a_passage_a_heading() -> None:
    rule = " ".join(f"Rule {n} says something of note about returns." for n in range(20))
    text = f"{rule}\n## Opened items\n{rule}\n## Fees\n### Large\n{rule}\n### Large\n{rule}"
    rows = list(passages_of(Page("Returns", text), "returns"))
    assert [(row["id"], row["title"]) for row in rows] == [
        ("returns", "Returns"),
        ("returns#opened-items", "Returns: Opened items"),
        ("returns#fees-large", "Returns: Fees: Large"),
        ("returns#fees-large-2", "Returns: Fees: Large"),
    ]


def test_a_page_that_names_its_id_stays_one_passage() -> None:
    body = "\n".join(f"## Part {n}\n" + "A rule of some length. " * 40 for n in range(3))
    page = read_markdown(f"---\nid: all\nversion: 3\n---\n{body}".encode(), "x.md")
    (row,) = passages_of(page, "x")
    assert (row["id"], row["version"]) == ("all", 3)


def test_pieces_keep_to_their_heading_and_name_it() -> None:
    text = "You have 30 days.\n## Opened\nOnly 14 days.\nTry it out.\n## Fees\nLarge: €35"
    assert chunk(text) == (
        "You have 30 days.",
        "Opened: Only 14 days. Try it out.",
        "Fees: Large: €35",
    )


def _folder(path: Path, pages: dict[str, bytes]) -> None:
    path.joinpath("brand.yaml").write_text(BRAND, "utf-8")
    path.joinpath("policies").mkdir()
    for name, content in pages.items():
        path.joinpath("policies", name).write_bytes(content)
