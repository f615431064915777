"""A brand's pinned prompts at import: checked, warned of, and shown."""

from pathlib import Path

import pytest

from service.prompting.template import prompt_folder
from tests.cli.conftest import PLAIN_BRAND, Cli


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "shop"
    made.mkdir()
    return made


def pin(folder: Path, name: str, version: str) -> str:
    pins = f"prompts: {{{name}: {version}}}\n"
    (folder / "brand.yaml").write_text(PLAIN_BRAND + pins, encoding="utf-8")
    return str(folder)


def test_an_unknown_pin_imports_nothing(cli: Cli, folder: Path) -> None:
    result = cli("brand", "import", pin(folder, "draft_reply", "v99"))
    assert result.exit_code == 2
    assert "draft_reply has no version 'v99'; there are v1" in result.stderr
    assert cli.json("brand", "list") == []


@pytest.mark.parametrize("slip", ["", "timezone: Mars\n"])
def test_a_wrong_pin_is_named_with_whatever_else_is_wrong(
    cli: Cli, folder: Path, slip: str
) -> None:
    path = pin(folder, "draft_reply", "v99")
    with (folder / "brand.yaml").open("a", encoding="utf-8") as file:
        file.write(slip)
    (folder / "policies.jsonl").write_text('{"id": "p"}\n', encoding="utf-8")
    result = cli("brand", "import", path)
    assert result.exit_code == 2
    assert "brand.yaml: prompts: draft_reply has no version 'v99'" in result.stderr
    assert "policies.jsonl line 1: text:" in result.stderr
    assert ("brand.yaml: timezone:" in result.stderr) is bool(slip)


def test_a_pin_is_shown_and_warned_of_until_its_prompt_is_released(cli: Cli, folder: Path) -> None:
    path = pin(folder, "draft_reply", "v1")
    warned = cli("brand", "import", path)
    assert warned.exit_code == 0
    assert "warning: draft_reply@v1 is pinned and not released" in warned.stderr
    assert cli.json("brand", "show", "plain")["prompts"] == {"draft_reply": "v1"}
    assert "draft_reply: v1" in cli("brand", "show", "plain").stdout
    cli.lock.write_text((prompt_folder() / "released.lock").read_text(encoding="utf-8"))
    assert "not released" not in cli("brand", "import", path).stderr
