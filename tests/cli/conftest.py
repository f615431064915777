import json
import shutil
import warnings
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import structlog
from click.testing import Result

with warnings.catch_warnings():
    # typer 0.19, which guardrails-ai asks for, imports names that click 8.5 calls deprecated.
    warnings.simplefilter("ignore", DeprecationWarning)
    from typer.testing import CliRunner

from service.cli.main import app
from service.cli.opening import Opening, OpenModel
from service.llm.scripted import Answer, ScriptedChatModel
from service.settings import Settings

SAMPLES = Path(__file__).parents[2] / "service" / "samples"
TIDEWELL = SAMPLES / "tidewell"

PLAIN_BRAND = """
id: plain
name: Plain Goods
voice: Warm and short, first person.
"""


@dataclass
class Cli:
    """Runs commands in this process on a database of its own, with a scripted model."""

    settings: Settings
    lock: Path
    answers: Sequence[Answer] = ()
    runner: CliRunner = field(default_factory=CliRunner)

    def __call__(self, *args: str, stdin: bytes | None = None) -> Result:
        opening = Opening(settings=lambda: self.settings, model=self._model, lock=lambda: self.lock)
        return self.runner.invoke(app, list(args), obj=opening, input=stdin)

    def json(self, *args: str) -> Any:
        result = self(*args, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    @asynccontextmanager
    async def _model(self, _: Settings) -> AsyncIterator[OpenModel]:
        async def ready(_: Callable[[str], None]) -> None:
            return None

        yield OpenModel(ScriptedChatModel(self.answers, repeat_last=True), ready)


@pytest.fixture
def cli(settings: Settings, tmp_path: Path) -> Iterator[Cli]:
    yield Cli(settings, tmp_path / "released.lock")
    structlog.reset_defaults()


@pytest.fixture
def plain_brand(cli: Cli, tmp_path: Path) -> str:
    """A brand without knowledge: importing it embeds nothing."""
    folder = tmp_path / "plain"
    folder.mkdir()
    (folder / "brand.yaml").write_text(PLAIN_BRAND, encoding="utf-8")
    assert cli("brand", "import", str(folder)).exit_code == 0
    return "plain"


@pytest.fixture(scope="session")
def imported(cache_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the real sample brand, embedded once by the real model."""
    folder = tmp_path_factory.mktemp("imported")
    settings = Settings(data_dir=folder, cache_dir=cache_dir)
    once = Cli(settings, folder / "released.lock")
    result = once("brand", "import", str(TIDEWELL))
    assert result.exit_code == 0, result.output
    assert once("db", "backup", str(folder / "copy.db")).exit_code == 0
    return folder / "copy.db"


@pytest.fixture
def tidewell(cli: Cli, imported: Path) -> str:
    """The real sample brand."""
    cli.settings.data_dir.mkdir(parents=True)
    shutil.copy(imported, cli.settings.data_dir / "amends.db")
    return "tidewell"


def write_jsonl(path: Path, rows: Sequence[object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def read_jsonl(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
