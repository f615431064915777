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


def test_a_pin_is_shown_and_warned_of_until_its_prompt_is_released(cli: Cli, folder: Path) -> None:
    path = pin(folder, "draft_reply", "v1")
    warned = cli("brand", "import", path)
    assert warned.exit_code == 0
    assert "warning: draft_reply@v1 is pinned and not released" in warned.stderr
    assert cli.json("brand", "show", "plain")["prompts"] == {"draft_reply": "v1"}
    assert "draft_reply: v1" in cli("brand", "show", "plain").stdout
    cli.lock.write_text((prompt_folder() / "released.lock").read_text(encoding="utf-8"))
    assert "not released" not in cli("brand", "import", path).stderr
