"""The suites' files: `evals/suites/NAME.yaml`, each read as what its kind of suite asks for."""

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from evals.errors import EvalError, faults
from service.text.yaml_text import load_yaml, what_is_wrong

SUITES = Path(__file__).parent / "suites"
LANGUAGES = ("en", "pl", "es", "de")
"""What the labelled rows are written in: figures are told for each, in this order."""
Suite = TypeVar("Suite", bound=BaseModel)


def read_suite(name: str, model: type[Suite]) -> Suite:
    """A suite by its name or by its file's path; EvalError says what is wrong with it."""
    path = Path(name) if name.endswith((".yaml", ".yml")) else SUITES / f"{name}.yaml"
    loaded = _loaded(path, name)
    try:
        return model.model_validate(loaded)
    except ValidationError as exc:
        raise EvalError(f"{path.name}: {faults(exc)}") from exc


def suite_names() -> tuple[str, ...]:
    """The suites that stand in the folder."""
    return tuple(sorted(path.stem for path in SUITES.glob("*.yaml")))


def _loaded(path: Path, name: str) -> object:
    try:
        return load_yaml(path.read_text(encoding="utf-8"))
    except FileNotFoundError as exc:
        raise EvalError(f"there is no suite {name}: {', '.join(suite_names())}") from exc
    except (OSError, UnicodeDecodeError) as exc:
        raise EvalError(f"{path.name} can't be read: {type(exc).__name__}") from exc
    except yaml.YAMLError as exc:
        raise EvalError(f"{path.name} is no YAML: {what_is_wrong(exc)}") from exc
