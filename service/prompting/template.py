"""Prompts as files: a strict model loaded from YAML; a missing variable is an error."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Literal

from jinja2 import TemplateError
from pydantic import Field

from service.domain.base import Frozen
from service.domain.draft import PromptRef
from service.domain.triage import Kind, MoveKind
from service.errors import ConfigurationError, InvalidInput, NotFound
from service.prompting.prompt_files import (
    ENVIRONMENT,
    SUFFIXES,
    looks_like_a_prompt,
    read_prompt,
    require_declared,
    require_known,
    text_of,
    variables_in,
    versions_in,
)

DRAFT_VARIABLES = frozenset(
    {
        "brand_name",
        "voice",
        "signature",
        "guidelines",
        "links",
        "never_in_public",
        "windows",
        "window",
        "private_way",
        "language",
        "max_chars",
        "channel",
        "public",
        "kind",
        "issues",
        "passages",
        "past_replies",
        "thread",
        "complaint",
        "known",
        "known_private",
        "resolved",
        "resolved_private",
        "instruction",
        "move",
        "example_complaint",
        "example_reply",
        "findings",
    }
)
"""What `rendering` fills in."""
ASKS_VARIABLES = frozenset({"brand_name", "languages", "count", "title", "passage"})
"""What is filled in where questions for a passage are asked for: a prompt without moves."""


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
    named = f"prompt file {where}"
    template = read_prompt(PromptTemplate, text, named)
    _require_every_move(template, named)
    _require_variables(template, named)
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
    where = f"{name}/{path.name}"
    template = parse_template(text_of(path, f"prompt file {where}"), where=where)
    if (template.name, template.version) != (name, chosen):
        raise ConfigurationError(f"prompt file {where} goes by another name inside: {template.ref}")
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
    if path.suffix not in SUFFIXES:
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
    return versions_in(folder, name)


def all_refs() -> tuple[tuple[str, str], ...]:
    """Every prompt there is, as (name, version)."""
    return tuple((name, version) for name in sorted(_names()) for version in versions(name))


def _names() -> Iterator[str]:
    for entry in prompt_folder().iterdir():
        is_folder = entry.is_dir() and not entry.name.startswith(".")
        if is_folder and entry.name.isidentifier():
            yield entry.name
        elif is_folder or looks_like_a_prompt(entry.name):
            raise ConfigurationError(
                f"prompts/{entry.name} is no prompt: one is prompts/NAME/v1.yaml, with letters, "
                "digits and _ in its NAME"
            )


def released() -> dict[str, str]:
    """The sha256 of every released prompt by `name@version`; released ones never change."""
    return read_lock(prompt_folder() / "released.lock")


def read_lock(lock: Traversable) -> dict[str, str]:
    """The sha256 of every prompt in a lock file by `name@version`; none where there is no file."""
    lines = lock.read_text(encoding="utf-8").splitlines() if lock.is_file() else []
    pairs = (line.split() for line in lines if line.strip() and not line.startswith("#"))
    return {ref: sha256 for sha256, ref in pairs}


def _require_every_move(template: PromptTemplate, where: str) -> None:
    """A prompt that drafts has words, be they none, for each move; another has no moves at all."""
    missing = [move.value for move in MoveKind if move not in template.moves]
    if template.moves and missing:
        raise ConfigurationError(
            f'{where}: moves lacks {", ".join(missing)}; "" stands for no words'
        )


def _require_variables(template: PromptTemplate, where: str) -> None:
    known = DRAFT_VARIABLES if template.moves else ASKS_VARIABLES
    of_moves = variables_in(template.moves.values(), where)
    used = of_moves | variables_in(_texts(template), where)
    require_declared(used, template.variables, where)
    require_known(used, known, where)
    require_known(of_moves, known - {"move"}, f"{where}: moves")


def _texts(template: PromptTemplate) -> Iterator[str]:
    yield from (template.system, template.user, template.revise)
    for example in (template.example, *template.fixed_examples):
        if example is not None:
            yield from (example.user, example.assistant)
