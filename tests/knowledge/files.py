"""Believable files of brands, made on the spot: PDF pages, Word documents, saved web pages."""

import io
from collections.abc import Sequence

from docx import Document
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

HELP_PAGE = """<!DOCTYPE html>
<html lang="en-GB"><head><title>Returns and refunds | Tidewell Help</title>
<style>.x{color:red}</style><script>track("page")</script></head>
<body>
<header class="site-header"><a href="/">Tidewell</a><form><input name="q"></form></header>
<nav><ul><li><a href="/a">Orders</a></li><li><a href="/b">Delivery</a></li></ul></nav>
<div class="breadcrumbs"><a href="/">Home</a> &gt; Returns</div>
<main><article>
<h1>Returns &amp; refunds</h1>
<p>You have <b>30 days</b> from delivery to send back anything
that is unused.</p>
<ul class="toc"><li><a href="#1">Opened items</a></li></ul>
<h2><button>Opened items</button></h2>
<p>An appliance you tried out can come back within 14&nbsp;days.</p>
<ul><li>Everything from the box is there.</li><li>It shows no marks.</li></ul>
<h2>Collection fees</h2>
<table><thead><tr><th>Item</th><th>Fee</th></tr></thead>
<tr><td>Small appliance</td><td>free</td></tr>
<tr><td>Large appliance</td><td>€35</td></tr></table>
<div class="article-votes">Was this article helpful? <button>Yes</button></div>
</article><aside>Related articles</aside></main>
<footer>© Tidewell 2026. All rights reserved.</footer>
<script>more()</script></body></html>
"""


def pdf(pages: Sequence[Sequence[tuple[str, int]]], *, password: str = "") -> bytes:
    """A PDF of lines with their sizes; a size below zero is bold."""
    writer = PdfWriter()
    fonts = {
        name: DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject(base),
                NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
            }
        )
        for name, base in (("/F1", "/Helvetica"), ("/F2", "/Helvetica-Bold"))
    }
    for lines in pages:
        page = writer.add_blank_page(595, 842)
        page[NameObject("/Resources")] = DictionaryObject(
            {
                NameObject("/Font"): DictionaryObject(
                    {NameObject(name): font for name, font in fonts.items()}
                )
            }
        )
        content = DecodedStreamObject()
        content.set_data(_drawn(lines))
        page[NameObject("/Contents")] = writer._add_object(content)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def _drawn(lines: Sequence[tuple[str, int]]) -> bytes:
    drawn, height = [], 780
    for text, size in lines:
        font = "/F2" if size < 0 else "/F1"
        escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        drawn.append(f"BT {font} {abs(size)} Tf 60 {height} Td ({escaped}) Tj ET")
        height -= abs(size) + 6
    return "\n".join(drawn).encode("cp1252")


def docx() -> bytes:
    """A Word document with headings, a list, a table and a page footer."""
    document = Document()
    document.core_properties.language = "pl-PL"
    document.add_heading("Zwroty", level=0)
    document.add_paragraph("Masz 30 dni na zwrot.")
    document.add_heading("Towar otwarty", level=1)
    document.add_paragraph("Urządzenie wypróbowane zwrócisz w 14 dni.")
    document.add_paragraph("Komplet części.", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        [*table.rows[0].cells, *table.rows[1].cells],
        ("Rzecz", "Opłata", "Duże AGD", "150 zł"),
        strict=True,
    ):
        cell.text = text
    bold = document.add_paragraph()
    bold.add_run("Kontakt").bold = True
    document.add_paragraph("Napisz do nas.")
    document.sections[0].footer.paragraphs[0].text = "Strona 1"
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()
