"""Prompt files: found by their names, read strictly, and their texts looked through for slips."""

import hashlib
import re
from collections.abc import Collection, Iterable
from importlib.resources.abc import Traversable
from typing import TypeVar

import yaml
from jinja2 import StrictUndefined, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import ValidationError

from service.domain.base import Frozen
from service.domain.wording import in_words
from service.errors import ConfigurationError
from service.text.yaml_text import load_yaml, what_is_wrong

SUFFIXES = (".yaml", ".yml")
ENVIRONMENT = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
)
_VERSION = re.compile(r"v[0-9]{1,6}\.yaml")
Prompt = TypeVar("Prompt", bound=Frozen)


def looks_like_a_prompt(name: str) -> bool:
    """Whether a file is meant to be read; what editors hide or leave behind is not."""
    return name.lower().endswith(SUFFIXES) and not name.startswith(".")


def versions_in(folder: Traversable, where: str) -> tuple[str, ...]:
    """The versions of a prompt, oldest first; a file that nobody would find is refused."""
    names = sorted(entry.name for entry in folder.iterdir() if looks_like_a_prompt(entry.name))
    for name in names:
        if _VERSION.fullmatch(name) is None:
            raise ConfigurationError(
                f"prompt file {where}/{name}: call it v1.yaml, v2.yaml and so on, or take it away"
            )
    return tuple(sorted((n.removesuffix(".yaml") for n in names), key=lambda stem: int(stem[1:])))


def text_of(path: Traversable, where: str) -> str:
    """A prompt file's text; `where` names the file in what an error says."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise ConfigurationError(f"{where} can't be read: {type(exc).__name__}") from exc


def read_prompt(model: type[Prompt], text: str, where: str) -> Prompt:
    """A prompt from the text of its file, with the text's hash."""
    try:
        loaded = load_yaml(text)
        if not isinstance(loaded, dict):
            raise ConfigurationError(f"{where} is not valid: it holds no fields")
        return model.model_validate({**loaded, "sha256": hashlib.sha256(text.encode()).hexdigest()})
    except yaml.YAMLError as exc:
        raise ConfigurationError(f"{where} is not valid: {what_is_wrong(exc)}") from exc
    except ValidationError as exc:
        raise ConfigurationError(f"{where} is not valid: {_faults(exc)}") from exc


def _faults(exc: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(str(part) for part in fault['loc'])}: {in_words(fault)}"
        for fault in exc.errors(include_url=False)
    )


def variables_in(texts: Iterable[str], where: str) -> set[str]:
    """The variables that texts name."""
    try:
        found = [meta.find_undeclared_variables(ENVIRONMENT.parse(text)) for text in texts]
    except TemplateError as exc:
        raise ConfigurationError(f"{where}: {exc.message}") from exc
    return set().union(*found)


def require_declared(used: Collection[str], declared: Collection[str], where: str) -> None:
    """Refuse a variable that is named and not declared, or declared and not named."""
    if odd := set(used).symmetric_difference(declared):
        listed = ", ".join(sorted(odd))
        raise ConfigurationError(f"{where}: declared and used variables differ: {listed}")


def require_known(used: Collection[str], known: Collection[str], where: str) -> None:
    """Refuse a variable that nobody fills in."""
    if unknown := set(used) - set(known):
        raise ConfigurationError(
            f"{where}: no such variable: {', '.join(sorted(unknown))}; "
            f"there are {', '.join(sorted(known))}"
        )
