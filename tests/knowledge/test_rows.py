"""Rows in JSONL and CSV: separators, encodings, and every bad one named."""

import json
from pathlib import Path

import pytest

from service.domain.knowledge import PolicyPassage
from service.errors import ImportRefused
from service.knowledge.importer import read_folder

POLISH = "Masz 30 dni na zwrot nieużywanego towaru; później żądamy opłaty."
SPANISH = "Tiene 30 días para devolver el artículo. ¿Y si está dañado? El año siguiente también."
GERMAN = "Größere Geräte holen wir ab, außerhalb der Öffnungszeiten nicht."


def brand(path: Path, languages: str = "en, pl, es, de") -> Path:
    text = f"id: shop\nname: Shop\nvoice: Plain.\nlanguages: [{languages}]\n"
    path.joinpath("brand.yaml").write_text(text, "utf-8")
    return path


def read_csv(path: Path, content: bytes, languages: str = "en, pl, es, de") -> list[PolicyPassage]:
    brand(path, languages).joinpath("policies.csv").write_bytes(content)
    return list(read_folder(path).policy)


def refusal(path: Path) -> str:
    with pytest.raises(ImportRefused, match="nothing was imported") as refused:
        read_folder(path)
    return str(refused.value)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_as_spreadsheets_write_it(tmp_path: Path, separator: str) -> None:
    header = ["ID", "Version", "Title", "Text", "Valid from", "Status", "asks"]
    row = ["returns", "2", "Returns", '"Thirty days,\nor; less"', "2026-02-01", "", '"a?|b?\nc?"']
    content = separator.join(header) + "\r\n" + separator.join(row) + "\r\n" + separator * 6
    (passage,) = read_csv(tmp_path, content.encode())
    assert passage.text == "Thirty days,\nor; less"
    assert (passage.id, passage.version, str(passage.valid_from)) == ("returns", "2", "2026-02-01")
    assert passage.asks == ("a?", "b?", "c?")
    assert "status" not in passage.model_fields_set


@pytest.mark.parametrize(
    ("text", "encoding", "languages"),
    [
        (POLISH, "utf-8-sig", "en"),
        (POLISH, "utf-16", "en"),
        (POLISH, "cp1250", "en, pl, es, de"),
        (GERMAN, "cp1250", "en, de"),
        (GERMAN, "latin-1", "en, pl, es, de"),
        (SPANISH, "latin-1", "en, es"),
        ("Für „alle“ – 10 €", "cp1252", "de"),
    ],
)
def test_encodings_that_are_certain_are_read(
    tmp_path: Path, text: str, encoding: str, languages: str
) -> None:
    content = f'id,text\nx,"{text}"\n'.encode(encoding)
    assert read_csv(tmp_path, content, languages)[0].text == text


def test_an_encoding_that_two_languages_would_read_differently_is_refused(tmp_path: Path) -> None:
    content = 'id,text\na,Plain.\nx,"El año, mañana"\n'.encode("latin-1")
    brand(tmp_path).joinpath("policies.csv").write_bytes(content)
    assert "policies.csv line 3: not UTF-8, and which other encoding" in refusal(tmp_path)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("id,title\nx,y\n", "line 1: no column text; the first line has to name the columns"),
        ("\n", "no column id and no column text"),
        ("id,text,text\nx,y,z\n", "the column text stands there twice"),
        ("id,text\nx,one,two\n", "line 2: 3 cells for 2 columns"),
        ("id,text\na,b\nx,\n", "line 3: text: Field required"),
        ("id,text,valid_from\nx,y,01.02.2026\n", "line 2: valid_from: not a date"),
        ("id,text,valid_from\nx,y,2026-02-30\n", "write it as 2026-02-01"),
        ('id,text\na,"b\nc"\nx,"y\n', "not readable as CSV"),
        ("id,text\nx,y\nx,z\n", "policies.csv line 3: 'x 1' stands at policies.csv line 2 already"),
        ('id,text\na,"two\nlines"\n,y\n', "line 4: id: Field required"),
    ],
)
def test_bad_csv_is_named_by_its_line(tmp_path: Path, content: str, problem: str) -> None:
    brand(tmp_path).joinpath("policies.csv").write_text(content, "utf-8")
    assert problem in refusal(tmp_path)


def test_jsonl_in_utf_16_is_read(tmp_path: Path) -> None:
    row = json.dumps({"id": "x", "text": POLISH}, ensure_ascii=False)
    brand(tmp_path).joinpath("policies.jsonl").write_bytes(row.encode("utf-16"))
    assert read_folder(tmp_path).policy[0].text == POLISH


def test_a_version_is_kept_as_it_is_written(tmp_path: Path) -> None:
    folder = brand(tmp_path)
    folder.joinpath("policies.jsonl").write_text('{"id": "x", "text": "Old.", "version": 3.10}')
    folder.joinpath("policies").mkdir()
    page = "---\nid: y\nversion: 3.10\n---\nNew."
    folder.joinpath("policies/y.md").write_text(page)
    assert {rule.id: rule.version for rule in read_folder(tmp_path).policy} == {
        "x": "3.10",
        "y": "3.10",
    }


def test_utf_16_without_its_mark_is_refused(tmp_path: Path) -> None:
    brand(tmp_path).joinpath("policies.jsonl").write_bytes('{"id": "x"}'.encode("utf-16-le"))
    assert "UTF-16 without its mark" in refusal(tmp_path)


def test_a_brand_file_that_is_a_list_is_refused(tmp_path: Path) -> None:
    tmp_path.joinpath("brand.yaml").write_text("- id\n")
    assert "lines of `name: value`" in refusal(tmp_path)


def test_past_replies_may_be_csv_too(tmp_path: Path) -> None:
    content = "id;complaint;reply;language;channel\nr1;It leaks;Sorry.;en;x\n"
    brand(tmp_path).joinpath("past_replies.csv").write_text(content)
    assert read_folder(tmp_path).past_replies[0].channel == "x"


def test_asks_of_their_own_file_reach_passages_of_any_format(tmp_path: Path) -> None:
    pages = brand(tmp_path) / "policies"
    pages.mkdir()
    pages.joinpath("late.md").write_text("Five days late gives 10 euros.")
    rows = [
        {"id": "late", "version": 1, "title": "late", "asks": ["where is it", " ", "where is it"]}
    ]
    asks = tmp_path / "asks.jsonl"
    asks.write_text("\n".join(map(json.dumps, rows)))
    assert read_folder(tmp_path).policy[0].asks == ("where is it",)
    asks.write_text(json.dumps({"id": "lost", "asks": ["x"]}))
    assert "asks.jsonl: 'lost' is none of the policies here" in refusal(tmp_path)


def test_more_than_twelve_questions_are_refused(tmp_path: Path) -> None:
    row = {"id": "x", "text": "y", "asks": [f"q{n}?" for n in range(13)]}
    brand(tmp_path).joinpath("policies.jsonl").write_text(json.dumps(row))
    assert "asks: it must have 12 entries at most" in refusal(tmp_path)
