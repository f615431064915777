"""What differs between two prompts, part by part, or between what a model would see of each."""

from collections.abc import Iterator, Mapping
from difflib import unified_diff
from itertools import zip_longest

import yaml

from service.domain.base import Frozen
from service.domain.draft import ChatMessage
from service.prompting.rendering import RenderedPrompt
from service.prompting.template import PromptTemplate

_NAMES = {"name", "version", "sha256"}
_TEXTS = ("system", "user", "revise")
_GROUPS: Mapping[str, tuple[str, ...]] = {
    "examples": ("example", "fixed_examples"),
    "moves": ("moves", "openings"),
}
_CONTEXT_LINES = 3


class PartDiff(Frozen):
    """One part of two prompts; `lines` is a unified diff, empty where the part is the same."""

    part: str
    lines: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Whether nothing differs in this part."""
        return not self.lines


def diff_templates(old: PromptTemplate, new: PromptTemplate) -> tuple[PartDiff, ...]:
    """The parts of two prompts compared; names and versions differ anyway and are left out."""
    before, after = _parts(old), _parts(new)
    return tuple(_diff(part, before[part], after[part]) for part in before)


def diff_rendered(old: RenderedPrompt, new: RenderedPrompt) -> tuple[PartDiff, ...]:
    """The messages of two rendered prompts compared, one after the other."""
    return tuple(_message_diffs(old.messages, new.messages))


def _parts(template: PromptTemplate) -> dict[str, str]:
    texts = {part: str(getattr(template, part)) for part in _TEXTS}
    whole = template.model_dump(mode="json", exclude=_NAMES | set(_TEXTS))
    groups = {
        part: _as_yaml({name: whole.pop(name) for name in names if name in whole})
        for part, names in _GROUPS.items()
    }
    return {**texts, **groups, "settings": _as_yaml(whole)}


def _as_yaml(value: Mapping[str, object]) -> str:
    # Whole lines, however long: a wrapped sentence would differ below its first changed word.
    return yaml.safe_dump(dict(value), allow_unicode=True, sort_keys=False, width=10_000)


def _message_diffs(
    old: tuple[ChatMessage, ...], new: tuple[ChatMessage, ...]
) -> Iterator[PartDiff]:
    for number, (before, after) in enumerate(zip_longest(old, new), start=1):
        roles = dict.fromkeys(one.role for one in (before, after) if one is not None)
        name = f"message {number}, {' / '.join(roles)}"
        yield _diff(name, _said(before), _said(after))


def _said(message: ChatMessage | None) -> str:
    return "" if message is None else message.content


def _diff(part: str, old: str, new: str) -> PartDiff:
    found = unified_diff(old.splitlines(), new.splitlines(), n=_CONTEXT_LINES, lineterm="")
    # The first two lines name files.
    return PartDiff(part=part, lines=tuple(found)[2:])
