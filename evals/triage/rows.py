"""Labelled posts: what each one is, written for this project and kept apart by author."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import Field, ValidationError, model_validator

from evals.errors import EvalError, faults
from service.domain.base import Frozen, Text
from service.domain.thread import Channel
from service.domain.triage import Kind, Sensitivity, Sentiment

ROWS = Path(__file__).parent / "rows"
Split = Literal["train", "dev", "test"]
FILES: dict[Split, tuple[str, ...]] = {
    "train": (
        *("alder", "birch", "cedar", "dogwood", "elm", "fir", "gorse", "hazel", "juniper"),
        *("larch", "maple", "oak", "pine", "rowan", "willow"),
        *("beech", "linden", "nettle", "poplar", "rush", "tansy", "yew"),
        *("acacia", "aspen", "bamboo", "clover", "fennel", "ginger", "heather"),
        *("arnica", "bracken", "lupin", "mallow", "sage"),
    ),
    "dev": ("dev", "sedge", "burdock", "sorrel"),
    "test": ("test",),
}
"""The authors of each split: what one wrote is on one side only."""
PLAIN: dict[Split, tuple[str, ...]] = {
    "train": (),
    "dev": ("vetch", "teasel", "ivy"),
    "test": ("iris",),
}
"""Authors who wrote what an inbox is full of: short, plain, nothing hard about it."""


class LabelledPost(Frozen):
    """A post with what triage should read in it; `issues` are its own words.

    Ordinary posts, which teach how seldom anything is sensitive, are labelled without sentiment and
    issues. `near` names the label that it nearly has and has not.
    """

    id: str
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")]
    channel: Channel = Channel.OTHER
    text: Text = Field(min_length=1)
    followers: int | None = None
    kind: Kind
    sentiment: Sentiment | None = None
    sensitivities: tuple[Sensitivity, ...]
    needs_personal_data: bool
    upset: bool
    chases: bool
    issues: tuple[Text, ...] | None = None
    near: str = ""
    trade: str = ""

    @model_validator(mode="after")
    def _issues_are_quoted(self) -> "LabelledPost":
        for issue in self.issues or ():
            if issue not in self.text:
                raise ValueError("issues: one quotes words that do not stand in the text")
        return self


def posts(split: Split) -> list[LabelledPost]:
    """All posts of a split, in the order of their files."""
    return _of(FILES[split])


def plain_posts(split: Split) -> list[LabelledPost]:
    """The everyday posts of a split."""
    return _of(PLAIN[split])


def ordinary() -> list[LabelledPost]:
    """The complaints of `evals/retrieval/train`, read for how seldom anything is sensitive."""
    return read_posts(ROWS / "ordinary.jsonl")


def sentences() -> Iterator[tuple[Kind, str]]:
    """Short posts of which only the kind is known."""
    listed: dict[str, dict[str, list[str]]] = yaml.safe_load(
        (ROWS / "examples.yaml").read_text(encoding="utf-8")
    )
    for kind, languages in listed.items():
        for texts in languages.values():
            yield from ((Kind(kind), text) for text in texts)


def _of(authors: Sequence[str]) -> list[LabelledPost]:
    found = [row for name in authors for row in read_posts(ROWS / f"{name}.jsonl")]
    _refuse_doubles(found)
    return found


def read_posts(path: Path) -> list[LabelledPost]:
    """The posts of one file; EvalError names the line and what is wrong with it."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_post(path.name, n, line) for n, line in enumerate(lines, start=1) if line.strip()]


def _post(name: str, number: int, line: str) -> LabelledPost:
    try:
        return LabelledPost.model_validate_json(line)
    except ValidationError as exc:
        raise EvalError(f"{name}, line {number}: {faults(exc)}") from exc


def _refuse_doubles(rows: Sequence[LabelledPost]) -> None:
    ids = [row.id for row in rows]
    if len(set(ids)) < len(ids):
        twin = next(one for one in ids if ids.count(one) > 1)
        raise EvalError(f"the id {twin!r} stands there twice")
