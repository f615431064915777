"""The labelled rows are in order: shapes, splits, brands, and no text in two splits."""

from pathlib import Path

import pytest

from evals.brands import brand_of
from evals.guards import corpus
from evals.guards.contexts import passages
from evals.guards.corpus import HERE, Folder, Split, problems, split_of

FOLDERS: tuple[Folder, ...] = ("sentences", "claims", "replies")
SPLITS: tuple[Split, ...] = ("train", "dev", "test")
FILES = [path for folder in FOLDERS for path in sorted((HERE / folder).glob("*.jsonl"))]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_file_has_no_bad_line(path: Path) -> None:
    assert not [line for line in problems(path) if "begin alike" not in line]


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_source_has_one_split(folder: Folder) -> None:
    named = set(split_of(folder))
    assert named == {path.stem for path in FILES if path.parent.name == folder}


def test_no_text_stands_in_two_splits() -> None:
    texts = {split: {row.text.casefold() for row in corpus.sentences(split)} for split in SPLITS}
    assert not texts["train"] & (texts["test"] | texts["dev"])
    assert not texts["dev"] & texts["test"]


@pytest.mark.parametrize("split", SPLITS)
def test_brands_load_and_hold_the_passages_in_play(split: Split) -> None:
    for row in (*corpus.replies(split), *corpus.claims(split)):
        assert brand_of(row.brand).id == row.brand
        assert len(passages(row.brand, row.policy_ids)) >= len(set(row.policy_ids)), row.id


def test_a_bad_line_is_named_with_its_number(tmp_path: Path) -> None:
    folder = tmp_path / "sentences"
    folder.mkdir()
    path = folder / "new.jsonl"
    good = '{"id": "a", "language": "en", "text": "Sorry about the lamp.", "labels": ["apology"]}'
    bad = good.replace('"a"', '"b"').replace("lamp", "bed").replace('["apology"]', '["rude"]')
    near = good.replace('"a"', '"c"').replace("lamp", "cup").replace("}", ', "near": "apology"}')
    path.write_text("\n".join([good, good, bad, near]), encoding="utf-8")
    found = problems(path)
    assert "new.jsonl:2: 'id a' stands there twice" in found
    assert any(line.startswith("new.jsonl:3:") for line in found)
    assert any("near" in line for line in found if line.startswith("new.jsonl:4:"))
