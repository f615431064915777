import json

import pytest

from tests.cli.conftest import Cli

pytestmark = pytest.mark.slow


def states(cli: Cli, *args: str) -> tuple[int, dict[str, str]]:
    result = cli("doctor", "--json", *args)
    return result.exit_code, {row["name"]: row["state"] for row in json.loads(result.stdout)}


def test_a_fresh_place_is_fine_but_has_no_brand(cli: Cli) -> None:
    code, found = states(cli)
    assert code == 0
    assert found["database"] == found["embedding"] == found["prompts"] == found["model"] == "ok"
    assert found["brands"] == "warn"
    assert "amends demo" in cli("doctor").stdout


def test_an_imported_brand_is_indexed(cli: Cli, tidewell: str) -> None:
    assert states(cli)[1]["brands"] == "ok"


def test_the_model_is_asked_only_when_told_to(cli: Cli) -> None:
    cli.answers = [AssertionError("asked")]
    assert states(cli)[1]["model"] == "ok"
    cli.answers = ["ready"]
    assert states(cli, "--ask")[1]["model"] == "ok"


def test_a_changed_prompt_and_a_broken_place_are_failures(cli: Cli) -> None:
    cli.lock.write_text(f"{'0' * 64} draft_reply@v1\n")
    cli.settings.data_dir.parent.mkdir(parents=True, exist_ok=True)
    cli.settings.data_dir.write_text("a file where a folder should be")
    code, found = states(cli)
    assert code == 1
    assert found["prompts"] == found["database"] == "fail"
    assert found["embedding"] == "ok"
