"""The labelled sentences and replies: their shape, their loading, and what is wrong with a file.

`python -m evals.guards.corpus FILE...` names every bad line. LABELS.md says what the labels mean.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Literal, Self, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from service.domain.checks import CHECK_IDS
from service.domain.thread import Channel, KnownFact, Message, Visibility
from service.guards.reading import Label, Stance

HERE = Path(__file__).parent
Folder = Literal["sentences", "claims", "replies"]
Split = Literal["train", "dev", "test"]
Language = Literal["en", "pl", "es", "de"]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LabelledSentence(_Row):
    """One sentence of a brand's reply with every label that is true of it."""

    id: str
    language: Language
    text: str = Field(min_length=2, max_length=320)
    labels: frozenset[Label] = frozenset()
    near: Label | None = None
    complaint: str | None = None

    @model_validator(mode="after")
    def _near_is_not_true(self) -> Self:
        if self.near in self.labels:
            raise ValueError(f"near '{self.near}' is among the labels")
        return self


class LabelledFinding(_Row):
    """What an editor would mark in a reply: the check, the exact words (None if missing), why."""

    check: str
    text: str | None
    why: str

    @model_validator(mode="after")
    def _check_exists(self) -> Self:
        if self.check not in CHECK_IDS:
            raise ValueError(f"unknown check '{self.check}'")
        return self


class _InCase(_Row):
    id: str
    brand: str
    language: Language
    channel: Channel
    visibility: Visibility
    thread: tuple[Message, ...] = ()
    complaint: str
    known: tuple[KnownFact, ...] = ()
    policy_ids: tuple[str, ...] = ()


class Claim(_Row):
    """A sentence that a reply could hold and how it stands to what is known in its case."""

    text: str = Field(min_length=2, max_length=320)
    stance: Stance
    why: str = ""


class LabelledClaims(_InCase):
    """A case with sentences that a reply to it could hold.

    `windows`: what the brand lets its people promise, where the row says it and not a brand.yaml.
    """

    windows: tuple[str, ...] = ()
    sentences: tuple[Claim, ...]


class LabelledReply(_InCase):
    """A reply in its case with all that an editor would mark; none means it is good."""

    recent_replies: tuple[str, ...] = ()
    reply: str
    findings: tuple[LabelledFinding, ...] = ()
    near: tuple[str, ...] = ()
    note: str = ""

    @model_validator(mode="after")
    def _spans_are_in_the_reply(self) -> Self:
        for finding in self.findings:
            if finding.text is not None and finding.text not in self.reply:
                raise ValueError(f"'{finding.check}': its text is not in the reply, word for word")
        marked = {finding.check for finding in self.findings}
        for check in self.near:
            if check not in CHECK_IDS or check in marked:
                raise ValueError(f"near '{check}' is unknown or also a finding")
        return self


Row = TypeVar("Row", bound=_Row)


def split_of(kind: Folder) -> dict[str, Split]:
    """Source name to split, as sources.yaml gives them."""
    listed = yaml.safe_load((HERE / "sources.yaml").read_text(encoding="utf-8"))
    return {source: entry["split"] for source, entry in listed[kind].items()}


def _rows(kind: Folder, row: type[Row], split: Split) -> Iterator[tuple[str, Row]]:
    for source, its_split in split_of(kind).items():
        if its_split == split:
            for line in (HERE / kind / f"{source}.jsonl").read_text(encoding="utf-8").splitlines():
                yield source, row.model_validate_json(line)


@cache
def sentences(split: Split) -> tuple[LabelledSentence, ...]:
    """All sentences of a split."""
    return tuple(row for _, row in _rows("sentences", LabelledSentence, split))


@cache
def replies(split: Split) -> tuple[LabelledReply, ...]:
    """All replies of a split."""
    return tuple(row for _, row in _rows("replies", LabelledReply, split))


@cache
def claims(split: Split) -> tuple[LabelledClaims, ...]:
    """All cases with claims of a split."""
    return tuple(row for _, row in _rows("claims", LabelledClaims, split))


def problems(path: Path) -> list[str]:
    """What is wrong with a file, one line each."""
    row = _SHAPES[path.parent.name]
    found, seen, starts = [], Counter[str](), Counter[str]()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            parsed = row.model_validate_json(line)
        except ValidationError as exc:
            first = exc.errors()[0]
            found.append(f"{path.name}:{number}: {'.'.join(map(str, first['loc']))} {first['msg']}")
            continue
        texts = _texts(parsed)
        for key in (f"id {parsed.id}", *(f"text {text.casefold()}" for text in texts)):
            seen[key] += 1
            if seen[key] == 2:
                found.append(f"{path.name}:{number}: {key[:60]!r} stands there twice")
        starts.update(" ".join(text.casefold().split()[:2]) for text in texts)
    many = 5 + starts.total() // 100
    often = [f"{start!r} x{count}" for start, count in starts.most_common(8) if count > many]
    return found + ([f"{path.name}: many rows begin alike: {', '.join(often)}"] if often else [])


_SHAPES: dict[str, type[LabelledSentence] | type[LabelledClaims] | type[LabelledReply]] = {
    "sentences": LabelledSentence,
    "claims": LabelledClaims,
    "replies": LabelledReply,
}


def _texts(row: _Row) -> list[str]:
    match row:
        case LabelledReply():
            return [row.reply]
        case LabelledClaims():
            return [claim.text for claim in row.sentences]
        case LabelledSentence():
            return [row.text]
    return []


def _counts(path: Path) -> str:
    counted = Counter[str]()
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        counted.update(
            row.get("labels") or [f["check"] for f in row.get("findings", [])] or ["(none)"]
        )
        counted.update(claim["stance"] for claim in row.get("sentences", []))
        near = row.get("near") or []
        counted.update(f"near {name}" for name in ([near] if isinstance(near, str) else near))
    return ", ".join(f"{name} {count}" for name, count in sorted(counted.items()))


def main(paths: list[str]) -> int:
    """Print what is wrong with the files and what they hold; 1 if anything is wrong."""
    wrong = 0
    for path in map(Path, paths):
        listed = problems(path)
        wrong += len(listed)
        print("\n".join(listed) or f"{path.name}: fine")
        print(f"  {_counts(path)}")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
