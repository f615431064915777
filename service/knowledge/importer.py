"""Read a brand folder whole: every problem of every file is named before anything is refused."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from service.domain.base import Lenient
from service.domain.brand import Brand, Pins
from service.domain.knowledge import Asks, PastReply, PolicyPassage
from service.domain.slips import slips
from service.domain.wording import in_words
from service.errors import ImportRefused
from service.knowledge.formats.csv_rows import read_csv
from service.knowledge.formats.encoding import decode
from service.knowledge.formats.files import (
    MOST_PAGE_BYTES,
    MOST_ROWS_BYTES,
    PAGES,
    content_of,
    pages_in,
    unread_in,
)
from service.knowledge.formats.jsonl import read_jsonl
from service.knowledge.formats.pages import Page, passages_of
from service.knowledge.formats.raw import Parsed, Raw
from service.text.language import detect
from service.text.yaml_text import load_yaml, what_is_wrong

Model = TypeVar("Model", bound=BaseModel)
CheckPins = Callable[[Mapping[str, str]], Iterable[str]]
"""Says what is wrong with the prompts that a brand pins."""


@dataclass(frozen=True)
class BrandFolder:
    """A brand folder that was read without a problem; `unread` are files of no known format."""

    brand: Brand
    policy: tuple[PolicyPassage, ...]
    past_replies: tuple[PastReply, ...]
    unread: tuple[str, ...] = ()


class _Asks(Lenient):
    """A row of asks.jsonl: the questions of a passage that is kept in another file."""

    id: str = Field(min_length=1)
    version: str | None = Field(default=None, coerce_numbers_to_str=True)
    asks: Asks


@dataclass
class _Reading:
    """Collects every problem before anything is refused, so that one run shows them all."""

    problems: list[str] = field(default_factory=list)

    def rows(self, read: Callable[[], Parsed]) -> tuple[Raw, ...]:
        """The rows of a file; what is wrong with it is kept."""
        try:
            parsed = read()
        except ImportRefused as exc:
            self.problems.extend(exc.problems)
            return ()
        self.problems.extend(parsed.problems)
        return parsed.rows

    def checked(self, model: type[Model], rows: Iterable[Raw]) -> Iterator[Model]:
        """The rows that are right; the others are named."""
        for raw in rows:
            self.problems.extend(f"{raw.where}: {slip}" for slip in slips(model, raw.fields))
            try:
                yield model.model_validate(raw.fields)
            except ValidationError as exc:
                self.problems.extend(f"{raw.where}: {problem}" for problem in explain(exc))

    def distinct(
        self, model: type[Model], rows: Iterable[Raw], key: Callable[[Model], str]
    ) -> Iterator[Model]:
        """The right rows, each key once; who comes second is named with where the first stands."""
        places: dict[str, str] = {}
        for raw in rows:
            for one in self.checked(model, [raw]):
                first = places.setdefault(key(one), raw.where)
                if first is not raw.where:
                    self.problems.append(f"{raw.where}: {key(one)!r} stands at {first} already")
                yield one


def explain(error: ValidationError) -> Iterator[str]:
    """What is wrong, field by field, without repeating what was sent."""
    for item in error.errors(include_url=False):
        place = ".".join(str(part) for part in item["loc"])
        message = in_words(item)
        yield f"{place}: {message}" if place else message


def _unchecked(_: Mapping[str, str]) -> Iterable[str]:
    return ()


def read_folder(folder: Path, check_pins: CheckPins = _unchecked) -> BrandFolder:
    """Read brand.yaml, the policies in whatever format, and past_replies.jsonl or .csv."""
    if not folder.is_dir():
        raise ImportRefused([f"{folder}: no such folder; it should hold a brand.yaml"])
    reading = _Reading()
    brand = _read_brand(reading, folder / "brand.yaml", check_pins)
    languages = brand.languages if brand else ("en",)
    policy = _read_policy(reading, folder, languages)
    rows = _read_rows(reading, folder, "past_replies", languages)
    replies = tuple(reading.distinct(PastReply, rows, lambda reply: reply.id))
    policy = _with_asks(reading, folder / "asks.jsonl", policy)
    if reading.problems or brand is None:
        raise ImportRefused(reading.problems)
    unread = tuple(f"policies/{name}" for name in unread_in(folder / "policies"))
    return BrandFolder(brand, policy, replies, unread)


def _read_brand(reading: _Reading, path: Path, check_pins: CheckPins) -> Brand | None:
    def read() -> Parsed:
        text = decode(content_of(path, path.name, most=MOST_PAGE_BYTES), path.name)
        return Parsed((Raw(path.name, _loaded(text, path.name)),))

    rows = reading.rows(read)
    brand = next(reading.checked(Brand, rows), None)
    for row in rows:
        wrong = check_pins(_pins(row.fields))
        reading.problems.extend(f"{row.where}: {problem}" for problem in wrong)
    return brand


def _pins(fields: Mapping[str, object]) -> dict[str, str]:
    """The pins as they are written; of another shape they are named with the brand's fields."""
    try:
        return TypeAdapter(Pins).validate_python(fields.get("prompts", {}))
    except ValidationError:
        return {}


def _loaded(text: str, name: str) -> dict[str, object]:
    try:
        loaded = load_yaml(text)
    except yaml.YAMLError as exc:
        raise ImportRefused([f"{name} is no YAML: {what_is_wrong(exc)}"]) from exc
    if not isinstance(loaded, dict):
        raise ImportRefused([f"{name}: it has to be lines of `name: value`"])
    return loaded


def _read_policy(
    reading: _Reading, folder: Path, languages: Sequence[str]
) -> tuple[PolicyPassage, ...]:
    """Rows and pages together: a brand may keep some of its policy in each."""
    rows = [
        *_read_rows(reading, folder, "policies", languages),
        *_read_pages(reading, folder / "policies", languages),
    ]
    return tuple(reading.distinct(PolicyPassage, rows, lambda rule: f"{rule.id} {rule.version}"))


_REQUIRED = {"policies": ("id", "text"), "past_replies": ("id", "complaint", "reply")}


def _read_rows(
    reading: _Reading, folder: Path, name: str, languages: Sequence[str]
) -> Iterator[Raw]:
    """The rows of NAME.jsonl and of NAME.csv, whichever there are."""
    for path in (folder / f"{name}.jsonl", folder / f"{name}.csv"):
        if path.exists():
            yield from reading.rows(partial(_parsed, path, name, languages))


def _parsed(path: Path, name: str, languages: Sequence[str]) -> Parsed:
    content = content_of(path, path.name, most=MOST_ROWS_BYTES)
    if path.suffix == ".jsonl":
        return read_jsonl(content, path.name)
    return read_csv(content, path.name, required=_REQUIRED[name], languages=languages)


def _read_pages(reading: _Reading, folder: Path, languages: Sequence[str]) -> Iterator[Raw]:
    for path in pages_in(folder):
        where = f"{folder.name}/{path.name}"
        yield from reading.rows(partial(_paged, path, where, languages))


def _paged(path: Path, where: str, languages: Sequence[str]) -> Parsed:
    page = PAGES[path.suffix.lower()](content_of(path, where, most=MOST_PAGE_BYTES), where)
    language = page.language or _language(page, languages)
    named = Page(page.title, page.text, language, page.fields)
    return Parsed(tuple(Raw(where, row) for row in passages_of(named, path.stem)))


def _language(page: Page, languages: Sequence[str]) -> str:
    """What the page does not say is read off its words, where there is a choice."""
    if "language" in page.fields or len(languages) == 1:
        return languages[0]
    return detect(f"{page.title}. {page.text}", tuple(languages))


def _with_asks(
    reading: _Reading, path: Path, policy: tuple[PolicyPassage, ...]
) -> tuple[PolicyPassage, ...]:
    """The passages with the questions that asks.jsonl has for them."""
    if not path.exists():
        return policy
    rows = reading.rows(
        lambda: read_jsonl(content_of(path, path.name, most=MOST_ROWS_BYTES), path.name)
    )
    known = {key for p in policy for key in ((p.id, None), (p.id, p.version))}
    asked: dict[tuple[str, str | None], _Asks] = {}
    for row in reading.checked(_Asks, rows):
        if (row.id, row.version) not in known:
            name = row.id if row.version is None else f"{row.id}@{row.version}"
            reading.problems.append(f"{path.name}: {name!r} is none of the policies here")
        asked[row.id, row.version] = row
    return tuple(_asking(passage, asked) for passage in policy)


def _asking(passage: PolicyPassage, asked: dict[tuple[str, str | None], _Asks]) -> PolicyPassage:
    found = asked.get((passage.id, passage.version)) or asked.get((passage.id, None))
    return passage.model_copy(update={"asks": found.asks}) if found else passage
