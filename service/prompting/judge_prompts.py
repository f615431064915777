"""The judge's prompts, one file per failure: `prompts/judge/<check>/<version>.yaml`."""

from collections.abc import Mapping
from functools import cache
from importlib.resources.abc import Traversable
from typing import Literal

from jinja2 import TemplateError
from pydantic import Field

from service.domain.base import Frozen
from service.domain.draft import ChatMessage
from service.errors import ConfigurationError
from service.prompting.prompt_files import (
    ENVIRONMENT,
    read_prompt,
    require_declared,
    text_of,
    variables_in,
    versions_in,
)
from service.prompting.template import prompt_folder


class JudgePrompt(Frozen):
    """One question about one failure. `words_from` says whose words the answer quotes."""

    check: str
    version: str
    description: str
    variables: tuple[str, ...]
    words_from: Literal["reply", "customer"] = "reply"
    needs_policy: bool = False
    suggestion: str = Field(min_length=1)
    system: str = Field(min_length=1)
    user: str = Field(min_length=1)
    sha256: str

    def messages(self, values: Mapping[str, str]) -> tuple[ChatMessage, ...]:
        """The question with its variables filled in."""
        parts = (("system", self.system), ("user", self.user))
        return tuple(ChatMessage(role=r, content=self._filled(part, values)) for r, part in parts)

    def _filled(self, part: str, values: Mapping[str, str]) -> str:
        try:
            return ENVIRONMENT.from_string(part).render(values).strip()
        except TemplateError as exc:
            raise ConfigurationError(f"judge prompt {self.check} does not render: {exc}") from exc


def judged_checks() -> tuple[str, ...]:
    """The checks that have a prompt to judge them by."""
    return tuple(sorted(entry.name for entry in _folder().iterdir() if entry.is_dir()))


@cache
def load_judge_prompt(check: str) -> JudgePrompt:
    """The newest prompt for a check; ConfigurationError where there is none."""
    known = judged_checks()
    if check not in known:
        raise ConfigurationError(
            f"AMENDS_CHECKS__JUDGED names {check!r}; there are prompts for {', '.join(known)}"
        )
    there = versions_in(_folder() / check, f"judge/{check}")
    if not there:
        raise ConfigurationError(f"judge prompt {check}: its folder holds no v1.yaml")
    path = _folder() / check / f"{there[-1]}.yaml"
    where = f"{check}/{path.name}"
    prompt = parse_judge_prompt(text_of(path, f"judge prompt {where}"), where=where)
    if (prompt.check, prompt.version) != (check, there[-1]):
        raise ConfigurationError(f"judge prompt {where} goes by another name inside")
    return prompt


def parse_judge_prompt(text: str, *, where: str) -> JudgePrompt:
    """A prompt from the text of its file, checked whole."""
    named = f"judge prompt {where}"
    prompt = read_prompt(JudgePrompt, text, named)
    require_declared(variables_in((prompt.system, prompt.user), named), prompt.variables, named)
    return prompt


def _folder() -> Traversable:
    return prompt_folder() / "judge"
