"""Markdown with front matter: the fields between two lines of `---`, then the text."""

import re

import yaml

from service.knowledge.formats.encoding import decode
from service.knowledge.formats.pages import HEADING, Page
from service.knowledge.formats.raw import refused
from service.text.yaml_text import load_yaml, what_is_wrong

_OPENING = re.compile(r"---[ \t]*\n")
_FIELD = re.compile(r"(?:\s*(?:#.*)?\n)*(?:id|title|version|language|status|valid[_-]\w+|asks)\s*:")


def read_markdown(content: bytes, where: str) -> Page:
    """The page; its title is the one of the front matter, else its first line if that is `#`."""
    text = decode(content, where).replace("\r\n", "\n").replace("\r", "\n")
    head, body = _cut(text, where)
    fields = _fields(head, where)
    body = body.strip("\n ")
    title, rest = _title(body)
    if not rest:
        raise refused(f"{where}: no text below the front matter and the title")
    return Page(title, rest, fields=fields)


def _cut(text: str, where: str) -> tuple[str, str]:
    opening = _OPENING.match(text)
    if opening is None:
        return "", text
    head, found, body = text[opening.end() :].partition("\n---")
    if not found and _FIELD.match(head):
        raise refused(f"{where}: the front matter has no closing line of ---")
    if not found:
        return "", text
    return head, body.partition("\n")[2]


def _fields(head: str, where: str) -> dict[str, object]:
    try:
        fields = load_yaml(head, decimals_as_text=True) or {}
    except yaml.YAMLError as exc:
        raise refused(
            f"{where}: the front matter is no YAML ({what_is_wrong(exc)}); a text with ? : # or [ "
            "in it goes into quotation marks, a date is written 2026-11-23"
        ) from exc
    if not isinstance(fields, dict):
        raise refused(f"{where}: the front matter has to be lines of `name: value`")
    return {str(name): value for name, value in fields.items() if value is not None}


def _title(body: str) -> tuple[str, str]:
    first, _, rest = body.partition("\n")
    match = HEADING.match(first)
    if match and len(match.group(1)) == 1:
        return match.group(2), rest.strip("\n ")
    return "", body
