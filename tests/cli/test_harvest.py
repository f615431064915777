"""`amends eval harvest` and `confirm`, from a draft to a case."""

import json
from pathlib import Path

import pytest

from evals.drafting.cases import read_cases
from tests.cli.conftest import Cli, read_jsonl, write_jsonl

pytestmark = pytest.mark.slow

THANKS = "Thank you for telling me about the hinge and the little arrow, that made my morning!"
PRAISE = "The door hinge came in two days and fitted. Whoever drew the arrow: thank you!"
BETTER = "Thank you! I'm glad that the hinge fitted, and Ela who drew the arrow will read this."


def test_an_edited_reply_becomes_a_case(cli: Cli, tidewell: str, tmp_path: Path) -> None:
    cli.answers = [json.dumps({"reply": THANKS})]
    draft = cli.json("draft", "--brand", tidewell, "--channel", "instagram", PRAISE)
    edited = ("edit", "--by", "Marta", "--text", BETTER, "--approve")
    cli.json("decide", draft["id"], *edited)
    (edit, _) = cli.json("show", draft["id"])["decisions"]
    assert edit["edit_kinds"]

    path, cases = tmp_path / "candidates.jsonl", tmp_path / "mine.jsonl"
    asked = ("eval", "harvest", "--brand", tidewell, "--output", str(path))
    (added,) = cli.json(*asked, "--since", "2026-01-01")["added"]
    again = cli(*asked, "--json")
    assert (json.loads(again.stdout), again.stderr) == ({"found": 1, "added": []}, "")
    assert cli.json(*asked, "--since", "2200-01-01") == {"found": 0, "added": []}
    (row,) = read_jsonl(path)
    assert (row["id"], row["status"], row["reference"]) == (added, "candidate", BETTER)

    confirm = ("eval", "confirm", str(path), "--by", "Ewa", "--cases", str(cases))
    said = " ".join(cli(*confirm).stdout.split())
    assert "which no suite reads" in said
    assert f"{added} waits: say under `must` what a good reply does, and under `reference`" in said
    must = [{"type": "act", "act": "thank", "about": None}]
    write_jsonl(path, [{**row, "must": must}])
    assert cli.json(*confirm)["moved"] == [added]
    (moved,) = read_cases(cases)
    assert (moved.reference, moved.case.channel) == (BETTER, "instagram")
    assert cli.json(*asked)["added"] == []


def test_a_brand_that_there_is_not_is_an_error(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "candidates.jsonl"
    result = cli("eval", "harvest", "--brand", "nobody", "--output", str(path))
    assert result.exit_code == 2
    assert "no brand 'nobody'" in result.stderr
    assert not path.exists()


def test_a_brand_that_the_evals_do_not_have_is_warned_of(
    cli: Cli, plain_brand: str, tmp_path: Path
) -> None:
    path = tmp_path / "candidates.jsonl"
    told = cli("eval", "harvest", "--brand", plain_brand, "--output", str(path))
    assert told.exit_code == 0
    assert "warning: the evals have no brand plain" in told.stderr
    assert "evals/guards/brands" in told.stderr
