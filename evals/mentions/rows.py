"""Labelled posts and the invented brands that they may speak of."""

from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import TypeAdapter, ValidationError

from evals.errors import EvalError, faults
from service.domain.base import Lenient
from service.domain.brand import Brand
from service.domain.mention import Mention

HERE = Path(__file__).parent
Split = Literal["train", "dev", "test"]


class MentionRow(Lenient):
    """A post, a brand that it may speak of, and whether it does."""

    id: str
    split: Split
    brand: str
    language: str
    text: str
    author_handle: str | None = None
    counts: bool
    why: str = ""

    @property
    def post(self) -> Mention:
        """The post as a listening tool would send it."""
        return Mention(external_id=self.id, text=self.text, author_handle=self.author_handle)


@cache
def rows(split: Split) -> tuple[MentionRow, ...]:
    """The rows of a split; EvalError names what is wrong."""
    found = []
    for name in ("posts.jsonl", "train.jsonl"):
        for number, line in enumerate((HERE / name).read_text("utf-8").splitlines(), start=1):
            try:
                row = MentionRow.model_validate_json(line)
            except ValidationError as exc:
                raise EvalError(f"{name} line {number}: {faults(exc)}") from exc
            if row.brand not in brands():
                raise EvalError(f"{name} line {number}: no brand {row.brand!r}")
            if row.split == split:
                found.append(row)
    return tuple(found)


@cache
def brands() -> dict[str, Brand]:
    """Every invented brand by its id; its trade is what its settings say that it does."""
    listed = [
        brand
        for name in ("brands.yaml", "train_brands.yaml")
        for some in _read(HERE / name).values()
        for brand in some
    ]
    return {brand["id"]: _brand(**brand) for brand in listed}


def _read(path: Path) -> dict[str, list[dict[str, Any]]]:
    shape = TypeAdapter(dict[str, list[dict[str, Any]]])
    return shape.validate_python(yaml.safe_load(path.read_text("utf-8")))


def _brand(*, trade: str, mentions: dict[str, Any] | None = None, **settings: Any) -> Brand:
    said = {**(mentions or {}), "about": trade}
    return Brand.model_validate({"voice": "plain", **settings, "mentions": said})
