"""What the README says of settings and commands is what there is."""

from collections.abc import Iterator
from pathlib import Path

import typer.main
from pydantic import BaseModel

from service.cli.main import app
from service.settings import Settings

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")


def _variables(model: type[BaseModel], prefix: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from _variables(inner, f"{prefix}{name.upper()}__")
        else:
            yield f"| `{prefix}{name.upper()}` |"


def test_every_setting_is_in_the_table() -> None:
    missing = [row for row in _variables(Settings, "AMENDS_") if row not in README]
    assert missing == []


def test_every_command_shown_exists() -> None:
    group = typer.main.get_group(app)
    shown = {line.split()[2] for line in README.splitlines() if line.startswith("$ amends ")}
    assert shown
    assert shown <= set(group.commands)
