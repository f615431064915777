"""`amends brand import`: the diff for people and machines, dry runs, refusals."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import PLAIN_BRAND, Cli, read_jsonl, write_jsonl

pytestmark = pytest.mark.slow

RETURNS = {"id": "returns", "version": "1", "title": "Returns", "text": "Thirty days."}
LATE = {"id": "late", "text": "Five days late gives 10 euros."}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "shop"
    made.mkdir()
    (made / "brand.yaml").write_text(PLAIN_BRAND, encoding="utf-8")
    write_jsonl(made / "policies.jsonl", [RETURNS, LATE])
    return made


def test_a_dry_run_prints_the_diff_and_writes_nothing(cli: Cli, folder: Path) -> None:
    shown = cli("brand", "import", str(folder), "--dry-run")
    assert shown.exit_code == 0
    for words in ("nothing was written", "added      returns@1", "2 texts would be embedded"):
        assert words in shown.stdout
    assert cli.json("brand", "list") == []


def test_dangers_that_nobody_owns_are_told(cli: Cli, folder: Path) -> None:
    warned = cli("brand", "import", str(folder), "--dry-run").stderr
    assert "safety and health complaints" in warned
    with (folder / "brand.yaml").open("a", encoding="utf-8") as file:
        file.write(
            "\nescalation:\n"
            "  - {sensitivity: safety, owner: Ines}\n"
            "  - {sensitivity: health, owner: Ines}\n"
        )
    assert "warning" not in cli("brand", "import", str(folder), "--dry-run").stderr


def test_each_import_says_what_it_changed(cli: Cli, folder: Path) -> None:
    first = cli.json("brand", "import", str(folder))
    assert first["diff"]["policy"]["added"] == [
        {"id": "late", "version": "1"},
        {"id": "returns", "version": "1"},
    ]
    newer = {**RETURNS, "version": "2", "text": "Forty days."}
    write_jsonl(folder / "policies.jsonl", [newer, {**LATE, "text": "It gives 12 euros."}])
    told = cli.json("brand", "import", str(folder), "--dry-run")
    shown = cli("brand", "import", str(folder)).stdout
    assert told["diff"]["policy"]["superseded"] == [{"id": "returns", "version": "1"}]
    for words in ("added      returns@2", "changed    late@1", "superseded returns@1"):
        assert words in shown
    again = cli("brand", "import", str(folder)).stdout
    assert "plain unchanged" in again
    assert "0 texts newly embedded" in again
    assert "returns@1 Returns (superseded)" in cli("brand", "show", "plain").stdout


def test_a_folder_without_policy_is_refused_where_there_was_some(cli: Cli, folder: Path) -> None:
    cli.json("brand", "import", str(folder))
    (folder / "policies.jsonl").unlink()
    refused = cli("brand", "import", str(folder))
    assert refused.exit_code == 2
    assert "--allow-empty" in refused.stderr
    emptied = cli.json("brand", "import", str(folder), "--allow-empty")
    assert len(emptied["diff"]["policy"]["removed"]) == 2


def test_files_in_no_known_format_are_named(cli: Cli, folder: Path) -> None:
    (folder / "policies").mkdir()
    (folder / "policies" / "old.doc").write_bytes(b"x")
    told = cli("brand", "import", str(folder), "--dry-run")
    assert "left out: policies/old.doc" in told.stderr


def test_questions_are_written_reviewed_and_imported(
    cli: Cli, folder: Path, tmp_path: Path
) -> None:
    cli.json("brand", "import", str(folder))
    asks = ["it never came", "where's my stuff"]
    cli.answers = [json.dumps({"asks": asks})]
    target = folder / "asks.jsonl"
    written = cli("brand", "expand", "plain", "--output", str(target))
    assert written.exit_code == 0, written.stderr
    rows = read_jsonl(target)
    assert [(row["id"], row["asks"]) for row in rows] == [("late", asks), ("returns", asks)]
    assert cli("brand", "expand", "plain", "--output", str(target)).exit_code == 2
    done = cli.json("brand", "import", str(folder))
    assert (len(done["diff"]["policy"]["changed"]), done["embedded"]) == (2, 2)
    assert cli.json("brand", "show", "plain")["policy"][0]["asks"] == asks
    nothing = cli("brand", "expand", "plain")
    assert (nothing.exit_code, nothing.stdout) == (0, "")


def test_a_passage_without_readable_questions_is_named(cli: Cli, folder: Path) -> None:
    cli.json("brand", "import", str(folder))
    cli.answers = ["I would rather not."]
    result = cli("brand", "expand", "plain")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "none could be read for late@1" in result.stderr
