import json
from pathlib import Path

import pytest

from service.errors import ImportRefused
from service.knowledge.importer import read_folder

BRAND = "id: shop\nname: Shop\nvoice: Plain.\n"


def folder(path: Path, *, policies: bytes | str = "", brand: str = BRAND) -> Path:
    path.joinpath("brand.yaml").write_text(brand, "utf-8")
    raw = policies if isinstance(policies, bytes) else policies.encode()
    if raw:
        path.joinpath("policies.jsonl").write_bytes(raw)
    return path


def row(**values: object) -> str:
    return json.dumps({"id": "p", "text": "Thirty days.", **values})


def test_a_folder_is_read(tmp_path: Path) -> None:
    rows = row(version=3.1, internal_id=7) + "\n\n" + row(id="q")
    read = read_folder(folder(tmp_path, policies=rows))
    assert [(p.id, p.version) for p in read.policy] == [("p", "3.1"), ("q", "1")]


@pytest.mark.parametrize(
    ("policies", "problem"),
    [
        ('{"id": "p"\n', "policies.jsonl line 1: not a JSON object"),
        (row() + "\n" + row(id="q", text=""), "policies.jsonl line 2: text:"),
        (row(valid_from="soon"), "policies.jsonl line 1: valid_from:"),
        (row(valid_from="2026-02-01", valid_to="2026-01-01"), "valid_to is before valid_from"),
        (row() + "\n" + row(), "'p 1' stands at policies.jsonl line 1 already"),
        (row().encode() + b"\n\xff\xfe", "policies.jsonl line 2: not UTF-8"),
        ("\n", "policies.jsonl: it holds no rows; remove the file"),
        (row(valid_til="2026-01-01"), "line 1: valid_til: no such field; is valid_to meant?"),
    ],
)
def test_a_bad_row_is_named_by_file_and_line(
    tmp_path: Path, policies: bytes | str, problem: str
) -> None:
    with pytest.raises(ImportRefused) as refused:
        read_folder(folder(tmp_path, policies=policies))
    assert problem in str(refused.value)


@pytest.mark.parametrize(
    ("brand", "problem"),
    [
        ("id: shop\nname: [", "brand.yaml is no YAML: line 2: expected"),
        ("id: shop\nname: Shop\n", "brand.yaml: voice:"),
        (BRAND + "holiday_replies: 1\n", "holiday_replies"),
        (BRAND + "timezone: Mars/Olympus\n", "Europe/Warsaw"),
    ],
)
def test_a_bad_brand_file_says_what_to_mend(tmp_path: Path, brand: str, problem: str) -> None:
    with pytest.raises(ImportRefused, match="nothing was imported") as refused:
        read_folder(folder(tmp_path, brand=brand))
    assert problem in str(refused.value)


def test_no_customer_text_stands_in_the_problems(tmp_path: Path) -> None:
    secret = "my order 4471 is a disgrace"
    policies = json.dumps({"id": "p", "text": "x", "status": secret})
    with pytest.raises(ImportRefused) as refused:
        read_folder(folder(tmp_path, policies=policies))
    assert secret not in str(refused.value)


def test_markdown_policies_with_front_matter(tmp_path: Path) -> None:
    folder(tmp_path)
    notes = tmp_path / "policies"
    notes.mkdir()
    text = "---\ntitle: Returns\nversion: 2\n---\nThirty days.\n"
    notes.joinpath("returns.md").write_text(text, "utf-8")
    (passage,) = read_folder(tmp_path).policy
    assert (passage.id, passage.version, passage.title) == ("returns", "2", "Returns")
    assert passage.text == "Thirty days."
