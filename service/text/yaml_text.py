"""YAML that people write: a name that stands twice is refused, where PyYAML takes the last one."""

from typing import Any

import yaml


class _Loader(yaml.SafeLoader):
    """The safe loader, which also tells where a value can't be what it looks like."""

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        """A mapping whose names all differ, before others are merged into it."""
        node = super().compose_mapping_node(anchor)
        seen = set()
        for name, _ in node.value:
            if not isinstance(name, yaml.ScalarNode):
                continue
            if (name.tag, name.value) in seen:
                raise _refused(f"{name.value!r} stands there twice", name)
            seen.add((name.tag, name.value))
        return node

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """Any value; a date with a month 99 is a ValueError to PyYAML, `!!int ''` an IndexError."""
        try:
            return super().construct_object(node, deep)
        except (ValueError, IndexError) as exc:
            raise _refused(str(exc), node) from exc


def _as_written(_: yaml.SafeLoader, node: yaml.ScalarNode) -> str:
    return str(node.value)


class _AsTextLoader(_Loader):
    """Keeps 3.10 as it is written."""


_AsTextLoader.add_constructor("tag:yaml.org,2002:float", _as_written)


def load_yaml(text: str, *, decimals_as_text: bool = False) -> Any:
    """What the text holds; yaml.YAMLError where it is no YAML or holds a slip.

    `decimals_as_text`: where numbers are names of versions.
    """
    loader = _AsTextLoader if decimals_as_text else _Loader
    return yaml.load(text, Loader=loader)  # noqa: S506 (it is a safe loader)


def what_is_wrong(error: yaml.YAMLError) -> str:
    """The line and the problem, without the text around it."""
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "not readable"
    return f"line {mark.line + 1}: {problem}" if mark else str(problem)


def _refused(problem: str, node: yaml.Node) -> yaml.constructor.ConstructorError:
    return yaml.constructor.ConstructorError(None, None, problem, node.start_mark)
