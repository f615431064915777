"""`amends mentions import` says what came of a feed, and what is next."""

from pathlib import Path

import pytest

from tests.cli.conftest import Cli, write_jsonl

OURS = {"external_id": "a", "channel": "x", "text": "@plain where is my parcel?"}
ANOTHERS = {"external_id": "b", "channel": "x", "text": "My own bread is too salty again."}
MARKS = "mentions:\n  handles: ['@plain']\n"


def feed(folder: Path, *rows: object) -> str:
    return str(write_jsonl(folder / "posts.jsonl", rows))


@pytest.fixture
def marked(cli: Cli, plain_brand: str, tmp_path: Path) -> Cli:
    file = tmp_path / plain_brand / "brand.yaml"
    file.write_text(file.read_text(encoding="utf-8") + MARKS, encoding="utf-8")
    assert cli("brand", "import", str(file.parent)).exit_code == 0
    return cli


def test_what_is_taken_in_says_who_writes_the_drafts(marked: Cli, tmp_path: Path) -> None:
    done = marked("mentions", "import", feed(tmp_path, OURS, ANOTHERS))
    assert done.exit_code == 0
    assert "1 ours" in done.stdout
    assert "1 draft waits to be written" in done.stderr
    assert "amends serve" in done.stderr
    assert "warning" not in done.stderr


def test_where_nothing_is_ours_it_says_what_to_check(marked: Cli, tmp_path: Path) -> None:
    done = marked("mentions", "import", feed(tmp_path, ANOTHERS), "--json")
    assert done.exit_code == 0
    assert "warning: nothing was ours" in done.stderr
    assert "Plain Goods" in done.stderr
    assert "names, handles" in done.stderr


def test_without_a_brand_nothing_can_be_ours(cli: Cli, tmp_path: Path) -> None:
    done = cli("mentions", "import", feed(tmp_path, OURS))
    assert done.exit_code == 0
    assert "warning: no brand is imported" in done.stderr


def test_an_empty_feed_is_no_success(marked: Cli, tmp_path: Path) -> None:
    done = marked("mentions", "import", feed(tmp_path))
    assert done.exit_code == 1
    assert "warning: there is no post in it" in done.stderr
