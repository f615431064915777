"""The judge's prompts, one file per failure: `prompts/judge/<check>/<version>.yaml`."""

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources.abc import Traversable
from typing import Literal

import yaml
from jinja2 import TemplateError, meta
from pydantic import Field, ValidationError

from service.domain.base import Frozen
from service.domain.draft import ChatMessage
from service.errors import ConfigurationError
from service.prompting.template import ENVIRONMENT, prompt_folder
from service.text.yaml_text import load_yaml


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
    path = max((_folder() / check).iterdir(), key=_number)
    prompt = parse_judge_prompt(path.read_text(encoding="utf-8"), where=f"{check}/{path.name}")
    if (prompt.check, f"{prompt.version}.yaml") != (check, path.name):
        raise ConfigurationError(f"judge prompt {check}/{path.name} goes by another name inside")
    return prompt


def parse_judge_prompt(text: str, *, where: str) -> JudgePrompt:
    """A prompt from the text of its file, checked whole."""
    try:
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        prompt = JudgePrompt.model_validate({**load_yaml(text), "sha256": sha256})
        parsed = [ENVIRONMENT.parse(part) for part in (prompt.system, prompt.user)]
    except (yaml.YAMLError, ValidationError, TypeError, TemplateError) as exc:
        raise ConfigurationError(f"judge prompt {where} is not valid: {exc}") from exc
    used = set().union(*(meta.find_undeclared_variables(one) for one in parsed))
    if used != set(prompt.variables):
        odd = ", ".join(sorted(used.symmetric_difference(prompt.variables)))
        raise ConfigurationError(f"judge prompt {where}: declared and used variables differ: {odd}")
    return prompt


def _folder() -> Traversable:
    return prompt_folder() / "judge"


def _number(path: Traversable) -> int:
    digits = path.name.removeprefix("v").removesuffix(".yaml")
    return int(digits) if digits.isdigit() else -1
