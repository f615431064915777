"""Prompts as files: a strict model loaded from YAML; a missing variable is an error."""

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Literal

import yaml
from jinja2 import StrictUndefined, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import Field, ValidationError

from service.domain.base import Frozen
from service.domain.draft import PromptRef
from service.domain.triage import Kind, MoveKind
from service.errors import ConfigurationError, InvalidInput, NotFound
from service.text.yaml_text import load_yaml

_SUFFIXES = (".yaml", ".yml")
ENVIRONMENT = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
)


class ExampleTurn(Frozen):
    """How one past reply is shown: as something the user said and the assistant answered."""

    user: str
    assistant: str


class PromptTemplate(Frozen):
    """A prompt file. Every text is a Jinja template over the declared variables."""

    name: str
    version: str
    description: str
    answer: Literal["json", "text"]
    variables: tuple[str, ...]
    system: str = Field(min_length=1)
    example: ExampleTurn | None = None
    fixed_examples: tuple[ExampleTurn, ...] = ()
    user: str = Field(min_length=1)
    revise: str = Field(min_length=1)
    moves: dict[MoveKind, str]
    openings: dict[MoveKind | Kind, str] = Field(default_factory=dict)
    max_passages: int = Field(default=4, ge=0)
    max_examples: int = Field(default=2, ge=0)
    max_passage_chars: int = Field(default=2000, ge=80)
    max_complaint_chars: int = Field(default=6000, ge=200)
    stop: tuple[str, ...] = ()
    first_sentence: bool = False
    says_back: bool = False
    sha256: str

    @property
    def ref(self) -> PromptRef:
        """Which prompt this is, exactly."""
        return PromptRef(name=self.name, version=self.version, sha256=self.sha256)

    def opening(self, move: MoveKind, kind: Kind) -> str:
        """The first words of the reply, given to the model; "" lets it begin as it likes."""
        return self.openings.get(move) or self.openings.get(kind, "")

    def fill(self, part: str, values: Mapping[str, Any]) -> str:
        """One of the texts with its variables filled in."""
        try:
            return ENVIRONMENT.from_string(part).render(values).strip()
        except TemplateError as exc:
            raise ConfigurationError(f"prompt {self.ref} does not render: {exc}") from exc


def prompt_folder() -> Traversable:
    """Where the prompts lie, in a checkout as in a wheel."""
    return files("prompts")


def parse_template(text: str, *, where: str) -> PromptTemplate:
    """A prompt from the text of its file, checked whole."""
    try:
        loaded = load_yaml(text)
        template = PromptTemplate.model_validate({**loaded, "sha256": _sha256(text)})
    except (yaml.YAMLError, ValidationError, TypeError) as exc:
        raise ConfigurationError(f"prompt file {where} is not valid: {exc}") from exc
    _refuse_unknown_variables(template, where)
    return template


@cache
def load_template(name: str, version: str | None = None) -> PromptTemplate:
    """A prompt by name and version; without a version the newest one."""
    folder = prompt_folder() / name
    known = versions(name)
    chosen = version or (known[-1] if known else "")
    if chosen not in known:
        ref = f"{name}@{version}" if version else name
        raise NotFound(f"no prompt {ref}: see `amends prompt list`")
    path = folder / f"{chosen}.yaml"
    template = parse_template(path.read_text(encoding="utf-8"), where=f"{name}/{chosen}.yaml")
    if (template.name, template.version) != (name, chosen):
        raise ConfigurationError(
            f"prompt file {name}/{chosen}.yaml goes by another name inside: {template.ref}"
        )
    return template


def find_template(ref: str) -> PromptTemplate:
    """A prompt by `name` or `name@version`."""
    name, _, version = ref.partition("@")
    return load_template(name, version or None)


def open_template(ref: str) -> PromptTemplate:
    """A prompt by name, by name@version, or by the path of a file that is not yet among them.

    For people at a command line: what comes from outside goes through `find_template`.
    """
    path = Path(ref)
    if path.suffix not in _SUFFIXES:
        return find_template(ref)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise InvalidInput(f"{ref} can't be read: {type(exc).__name__}") from exc
    return parse_template(text, where=path.name)


def versions(name: str) -> tuple[str, ...]:
    """The versions of a prompt, oldest first."""
    folder = prompt_folder() / name
    if not name.isidentifier() or not folder.is_dir():
        return ()
    stems = [entry.name.removesuffix(".yaml") for entry in folder.iterdir()]
    return tuple(sorted((s for s in stems if s[:1] == "v"), key=lambda s: int(s[1:])))


def all_refs() -> tuple[tuple[str, str], ...]:
    """Every prompt there is, as (name, version)."""
    names = sorted(entry.name for entry in prompt_folder().iterdir() if entry.is_dir())
    return tuple((name, version) for name in names for version in versions(name))


def released() -> dict[str, str]:
    """The sha256 of every released prompt by `name@version`; released ones never change."""
    return read_lock(prompt_folder() / "released.lock")


def read_lock(lock: Traversable) -> dict[str, str]:
    """The sha256 of every prompt in a lock file by `name@version`; none where there is no file."""
    lines = lock.read_text(encoding="utf-8").splitlines() if lock.is_file() else []
    pairs = (line.split() for line in lines if line.strip() and not line.startswith("#"))
    return {ref: sha256 for sha256, ref in pairs}


def _refuse_unknown_variables(template: PromptTemplate, where: str) -> None:
    parts = [template.system, template.user, template.revise, *template.moves.values()]
    for example in (template.example, *template.fixed_examples):
        parts += [example.user, example.assistant] if example else []
    used: set[str] = set()
    for part in parts:
        try:
            used |= meta.find_undeclared_variables(ENVIRONMENT.parse(part))
        except TemplateError as exc:
            raise ConfigurationError(f"prompt file {where}: {exc.message}") from exc
    if used != set(template.variables):
        odd = ", ".join(sorted(used.symmetric_difference(template.variables)))
        raise ConfigurationError(f"prompt file {where}: declared and used variables differ: {odd}")


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
