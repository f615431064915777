"""A page of a help centre as text under headings, and the passages that it becomes.

All page formats meet here as Markdown-like text: `#` before a heading, and one paragraph, list
item or table row a line.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from service.text.folding import fold

WHOLE_CHARS = 1_500
"""A page up to this length stays one passage: a rule keeps its exceptions beside it."""

HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")
_ITEM = re.compile(r"^\s*[-*+•]\s+")
_NUMBERED = re.compile(r"^\s*(\d{1,2})[.)]\s+")
_LINK = re.compile(r"\[([^\[\]]{1,200})\]\([^()\s]{1,500}\)")
_EMPHASIS = re.compile(r"\*\*|__|`|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)")
_NOT_IN_IDS = re.compile(r"[^a-z0-9]+")
_LONGEST_SLUG = 60
_ONE_PASSAGE = frozenset({"id", "asks"})


@dataclass(frozen=True)
class Page:
    """A page that was read; `fields` is what its front matter says."""

    title: str
    text: str
    language: str | None = None
    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Section:
    """A heading with the text below it, down to the next heading that counts as much."""

    heading: str
    text: str


def passages_of(page: Page, stem: str) -> Iterator[dict[str, object]]:
    """A row per passage: the page, or where it is long each part that has a heading.

    A page that names its `id` or its `asks` is one passage, however long.
    """
    whole = {"id": stem, "title": page.title or stem, **page.fields}
    if page.language:
        whole.setdefault("language", page.language)
    if _ONE_PASSAGE & page.fields.keys():
        yield {**whole, "text": page.text}
        return
    taken: set[str] = set()
    for section in _parts(page.text):
        if not section.heading:
            yield {**whole, "text": section.text}
            continue
        title = f"{whole['title']}: {section.heading}"
        name = _free(f"{whole['id']}#{_slug(section.heading)}", taken)
        yield {**whole, "id": name, "title": title, "text": section.text}


def sections(text: str, level: int) -> Iterator[Section]:
    """The text cut at the headings of that level and above; the first part may have none."""
    heading, lines = "", list[str]()
    for line in text.split("\n"):
        match = HEADING.match(line)
        if match and len(match.group(1)) <= level:
            yield from _section(heading, lines)
            heading, lines = match.group(2), []
        else:
            lines.append(line)
    yield from _section(heading, lines)


def _section(heading: str, lines: list[str]) -> Iterator[Section]:
    text = "\n".join(lines).strip()
    if text:
        yield Section(heading, text)


def plain_parts(text: str) -> list[str]:
    """What stands under each heading, without the headings and the marks of lists and emphasis."""
    parts: list[list[str]] = [[]]
    lines, number = text.split("\n"), 0
    counts = any((found := _NUMBERED.match(line)) and found[1] == "2" for line in lines)
    for line in lines:
        if HEADING.match(line):
            parts.append([])
            continue
        numbered = _NUMBERED.match(line)
        # "1. Mai" and "31. Januar" are no items of a list.
        if counts and numbered and int(numbered[1]) == number + 1:
            number, line = number + 1, line[numbered.end() :]
        elif line.strip():
            number = 0
        parts[-1].append(_EMPHASIS.sub("", _LINK.sub(r"\1", _ITEM.sub("", line))))
    return [part for kept in parts if (part := "\n".join(kept).strip())]


def _parts(text: str) -> Iterator[Section]:
    """Cut at the highest headings there are, and again below them where a part is still long."""
    levels = [len(m.group(1)) for m in map(HEADING.match, text.split("\n")) if m]
    if len(text) <= WHOLE_CHARS or not levels:
        yield Section("", text)
        return
    for section in sections(text, min(levels)):
        for part in _parts(section.text):
            joined = ": ".join(words for words in (section.heading, part.heading) if words)
            yield Section(joined, part.text)


def _slug(heading: str) -> str:
    return _NOT_IN_IDS.sub("-", fold(heading)).strip("-")[:_LONGEST_SLUG] or "part"


def _free(name: str, taken: set[str]) -> str:
    """The name, with a number where an earlier part of the page has it already."""
    chosen, number = name, 2
    while chosen in taken:
        chosen, number = f"{name}-{number}", number + 1
    taken.add(chosen)
    return chosen
