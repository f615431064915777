import json
from pathlib import Path

import pytest

from service.prompting import template
from tests.cli.conftest import Cli

REF = "draft_reply@v1"
BROKEN = "name: t\nversion: v1\ndescription: d\nanswer: text\nvariables: [brand_nme]\n"
BROKEN += "system: '{{ brand_nme }}'\nuser: u\nrevise: r\nmoves: {}\n"


def test_list_and_show_agree(cli: Cli) -> None:
    listed = {row["ref"]: row for row in cli.json("prompt", "list")}
    shown = cli.json("prompt", "show", "draft_reply")
    assert listed[shown["ref"]]["sha256"] == shown["sha256"]
    assert shown["ref"] in cli("prompt", "list").stdout
    assert shown["system"].split()[0] in cli("prompt", "show", "draft_reply").stdout


def test_a_release_is_written_once(cli: Cli) -> None:
    cli.lock.write_text("# sha256 ref")
    assert cli.json("prompt", "release", REF)["added"] is True
    assert cli.json("prompt", "release", REF)["added"] is False
    comment, line = cli.lock.read_text().splitlines()
    sha256 = cli.json("prompt", "show", REF)["sha256"]
    assert (comment, line) == ("# sha256 ref", f"{sha256} {REF}")
    assert cli.json("prompt", "show", REF)["released"] is True


def test_a_released_prompt_with_another_text_is_refused(cli: Cli) -> None:
    before = f"{'0' * 64} {REF}\n"
    cli.lock.write_text(before)
    result = cli("prompt", "release", REF)
    assert result.exit_code == 2
    assert "new version" in result.stderr
    assert cli.lock.read_text() == before
    assert "CHANGED" in cli("prompt", "show", REF).stdout


def test_a_prompt_that_there_is_not_is_an_error(cli: Cli) -> None:
    for ref in ("nobody", "draft_reply@v99", "../secrets"):
        result = cli("prompt", "release", ref)
        assert result.exit_code == 2
        assert "no prompt" in result.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("prompt", "show", "t"),
        ("prompt", "release", "t"),
        ("prompt", "render", "t", "--input", "-"),
        ("prompt", "list"),
        ("serve", "--port", "0"),
    ],
    ids=" ".join,
)
def test_a_broken_prompt_is_named_with_its_file(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    (tmp_path / "prompts" / "t").mkdir(parents=True)
    (tmp_path / "prompts" / "t" / "v1.yaml").write_text(BROKEN, encoding="utf-8")
    monkeypatch.setattr(template, "prompt_folder", lambda: tmp_path / "prompts")
    result = cli(*command)
    assert result.exit_code == 2
    assert result.stderr.startswith("error: prompt file t/v1.yaml: no such variable: brand_nme")
    assert not cli.lock.exists()


def test_a_name_without_a_version_is_named_as_it_was_given(cli: Cli) -> None:
    for ref in ("nope", "draft_reply@v99"):
        result = cli("prompt", "show", ref)
        assert result.stderr == f"error: no prompt {ref}: see `amends prompt list`\n"


@pytest.mark.slow
def test_render_shows_what_the_model_would_see(cli: Cli, tidewell: str, tmp_path: Path) -> None:
    case = {"brand": tidewell, "channel": "x", "complaint": "My dryer refund is three weeks late."}
    file = tmp_path / "case.json"
    file.write_text(json.dumps(case))
    rendered = cli.json("prompt", "render", "draft_reply", "--input", str(file))
    roles = [message["role"] for message in rendered["messages"]]
    assert roles[0] == "system"
    assert roles[-1] == "user"
    assert "three weeks late" in rendered["messages"][-1]["content"]
    assert rendered["tokens"] > 50
    assert "three weeks late" in cli("prompt", "render", REF, "--input", str(file)).stdout
    assert cli.json("queue") == []


@pytest.mark.slow
def test_render_shows_the_style_notes_that_count(cli: Cli, tidewell: str, tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_text(json.dumps({"brand": tidewell, "complaint": "My sofa is three weeks late."}))
    note = "Never open with the customer's name."
    cli.json("notes", "add", note, "--brand", tidewell, "--by", "Lea")
    rendered = cli.json("prompt", "render", "draft_reply", "--input", str(file))
    assert note in rendered["messages"][0]["content"]


@pytest.mark.slow
def test_render_says_why_a_model_would_not_be_asked(
    cli: Cli, tidewell: str, tmp_path: Path
) -> None:
    file = tmp_path / "case.json"
    file.write_text(json.dumps({"complaint": "late " * 3000}))
    result = cli("prompt", "render", REF, "--brand", tidewell, "--input", str(file))
    assert result.exit_code == 2
    assert "would not be asked" in result.stderr
