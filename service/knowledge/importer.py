"""Bring a brand folder in: all of it or nothing, and only what changed is embedded again."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from service.domain.brand import Brand
from service.domain.knowledge import PastReply, PolicyPassage
from service.errors import ImportRefused

Item = TypeVar("Item", PolicyPassage, PastReply)


@dataclass(frozen=True)
class BrandFolder:
    """A brand folder that was read without a problem."""

    brand: Brand
    policy: tuple[PolicyPassage, ...]
    past_replies: tuple[PastReply, ...]


@dataclass
class _Reading:
    """Collects every problem before anything is refused, so that one run shows them all."""

    problems: list[str] = field(default_factory=list)

    def parse(self, where: str, model: type[BaseModel], value: object) -> Any:
        try:
            return model.model_validate(value)
        except ValidationError as exc:
            self.problems.extend(f"{where}: {problem}" for problem in explain(exc))
            return None


def explain(error: ValidationError) -> Iterator[str]:
    """What is wrong, field by field, without repeating what was sent."""
    for item in error.errors(include_input=False, include_url=False, include_context=False):
        place = ".".join(str(part) for part in item["loc"])
        message = item["msg"].removeprefix("Value error, ")
        yield f"{place}: {message}" if place else message


def read_folder(folder: Path) -> BrandFolder:
    """Read brand.yaml, policies.jsonl or policies/*.md, and past_replies.jsonl."""
    if not folder.is_dir():
        raise ImportRefused([f"{folder}: no such folder; it should hold a brand.yaml"])
    reading = _Reading()
    brand = _read_brand(reading, folder / "brand.yaml")
    policy = [
        *_read_rows(reading, folder / "policies.jsonl", PolicyPassage),
        *_read_markdown(reading, folder / "policies"),
    ]
    replies = _read_rows(reading, folder / "past_replies.jsonl", PastReply)
    _refuse_twins(reading, "policies", [f"{p.id} {p.version}" for p in policy])
    _refuse_twins(reading, "past_replies.jsonl", [reply.id for reply in replies])
    if reading.problems or brand is None:
        raise ImportRefused(reading.problems)
    return BrandFolder(brand, tuple(policy), tuple(replies))


def _read_brand(reading: _Reading, path: Path) -> Brand | None:
    text = _read_text(reading, path)
    if text is None:
        return None
    try:
        loaded = yaml.safe_load(text)
    except yaml.YAMLError as exc:
        mark = getattr(exc, "problem_mark", None)
        line = f" line {mark.line + 1}" if mark else ""
        reading.problems.append(f"{path.name}{line}: not readable as YAML")
        return None
    brand: Brand | None = reading.parse(path.name, Brand, loaded)
    return brand


def _read_text(reading: _Reading, path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        reading.problems.append(f"{path.name}: missing")
    except UnicodeDecodeError as exc:
        line = exc.object[: exc.start].count(b"\n") + 1
        reading.problems.append(f"{path.name} line {line}: not UTF-8; save the file as UTF-8")
    except OSError as exc:
        reading.problems.append(f"{path.name}: cannot be read ({type(exc).__name__})")
    return None


def _read_rows(reading: _Reading, path: Path, model: type[Item]) -> list[Item]:
    if not path.exists():
        return []
    text = _read_text(reading, path) or ""
    rows: list[Item] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path.name} line {number}"
        try:
            value = json.loads(line)
        except ValueError:
            reading.problems.append(f"{where}: not a JSON object")
            continue
        row = reading.parse(where, model, value)
        if row is not None:
            rows.append(row)
    return rows


def _read_markdown(reading: _Reading, folder: Path) -> list[PolicyPassage]:
    passages: list[PolicyPassage] = []
    for path in sorted(folder.glob("*.md")):
        text = _read_text(reading, path)
        if text is None:
            continue
        values = _front_matter(reading, path, text)
        where = f"{folder.name}/{path.name}"
        passage = reading.parse(where, PolicyPassage, values) if values else None
        if passage is not None:
            passages.append(passage)
    return passages


def _front_matter(reading: _Reading, path: Path, text: str) -> dict[str, Any] | None:
    """The fields between two lines of `---`, with the rest of the file as the text."""
    head, body = "", text
    if text.startswith("---\n") and "\n---" in text[4:]:
        head, _, body = text[4:].partition("\n---")
    try:
        fields = yaml.safe_load(head) or {}
    except yaml.YAMLError:
        reading.problems.append(f"policies/{path.name}: the front matter is not readable as YAML")
        return None
    return {"id": path.stem, "title": path.stem, **fields, "text": body.strip("-\n ")}


def _refuse_twins(reading: _Reading, name: str, keys: Sequence[str]) -> None:
    twins = sorted({key for key in keys if keys.count(key) > 1})
    reading.problems.extend(f"{name}: {key!r} stands there twice" for key in twins)


Progress = Callable[[int, int], None]
"""Called with texts embedded so far and in all."""
