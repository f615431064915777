"""`amends prompt diff`, with a copy of a real prompt as somebody changes it."""

import json
from pathlib import Path

import pytest

from service.prompting.template import prompt_folder
from tests.cli.conftest import Cli

REF = "draft_reply@v1"


@pytest.fixture
def mine(tmp_path: Path) -> str:
    """A changed copy of the released prompt."""
    text = (prompt_folder() / "draft_reply" / "v1.yaml").read_text(encoding="utf-8")
    changed = text.replace("version: v1", "version: v2").replace("No irony.", "No irony, ever.")
    path = tmp_path / "mine.yaml"
    path.write_text(changed, encoding="utf-8")
    return str(path)


def test_the_same_prompt_exits_with_0(cli: Cli) -> None:
    assert "are the same" in cli("prompt", "diff", REF, "draft_reply").stdout
    found = cli.json("prompt", "diff", REF, REF)
    assert found["same"]
    assert all(part["same"] for part in found["parts"])


def test_another_one_exits_with_1_and_shows_the_lines(cli: Cli, mine: str) -> None:
    result = cli("prompt", "diff", REF, mine)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[:2] == [f"--- {REF}", f"+++ {mine}"]
    added = next(line for line in lines if line.startswith("+-"))
    assert added.endswith("No irony, ever.")
    assert "the same: user, revise, examples, moves, settings" in result.stdout


def test_the_parts_as_json(cli: Cli, mine: str) -> None:
    result = cli("prompt", "diff", REF, mine, "--json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert [part["part"] for part in found["parts"] if not part["same"]] == ["system"]


@pytest.mark.parametrize("ref", ["nobody", "draft_reply@v99", "nobody.yaml"])
def test_a_prompt_that_there_is_not_is_an_error_and_no_difference(cli: Cli, ref: str) -> None:
    result = cli("prompt", "diff", REF, ref)
    assert result.exit_code == 2
    assert result.stderr.startswith("error: ")


@pytest.mark.slow
def test_with_a_case_the_rendered_messages_are_compared(
    cli: Cli, tidewell: str, tmp_path: Path, mine: str
) -> None:
    case = tmp_path / "case.json"
    case.write_text(json.dumps({"channel": "x", "complaint": "My dryer refund is late."}))
    asked = ("--brand", tidewell, "--input", str(case))
    assert cli("prompt", "diff", REF, REF, *asked).exit_code == 0
    result = cli("prompt", "diff", REF, mine, *asked, "--json")
    assert result.exit_code == 1
    first, *rest = json.loads(result.stdout)["parts"]
    assert first["part"] == "message 1, system"
    assert not first["same"]
    assert all(part["same"] for part in rest)
    assert cli("prompt", "diff", REF, mine, "--input", str(case)).exit_code == 2
