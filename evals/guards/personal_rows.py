"""The texts that personal data is looked for in: public rows, customers' tweets and our own."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from evals.guards.spans import Row, Span

HERE = Path(__file__).parent
_KINDS = {
    "STREET_ADDRESS": "address",
    "PHONE_NUMBER": "phone",
    "EMAIL_ADDRESS": "email",
    "CREDIT_CARD": "card",
    "IBAN_CODE": "iban",
    "US_SSN": "national_id",
    "US_DRIVER_LICENSE": "also",
    "ZIP_CODE": "postcode",
    "PERSON": "name",
}
_TAG = re.compile(r"<(\w+)>(.*?)</\1>", re.DOTALL)


class _PublicSpan(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    type: str
    start: int
    end: int
    value: str


class _PublicRow(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    text: str
    spans: tuple[_PublicSpan, ...]


class _Tweet(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    customer_text: str


class _OwnRow(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class OwnText:
    """One of our sentences with its tags read, and its language."""

    language: str
    row: Row


def is_held_out(row_id: str) -> bool:
    """Half of the public rows, by their ids: not looked at while rules are written."""
    return int(hashlib.sha256(row_id.encode()).hexdigest(), 16) % 2 == 1


def public_rows(folder: Path, *, held_out: bool) -> list[Row]:
    """One half of the public rows."""
    lines = (folder / "pii_presidio_synth.jsonl").read_text(encoding="utf-8").splitlines()
    read = [_PublicRow.model_validate_json(line) for line in lines]
    return [_row(one) for one in read if is_held_out(one.id) is held_out]


def _row(read: _PublicRow) -> Row:
    labels: list[Span] = []
    neutral: list[Span] = []
    for span in read.spans:
        kind = _KINDS.get(span.type)
        one_word = kind == "name" and len(span.value.split()) == 1
        if kind:
            (neutral if one_word else labels).append(Span(kind, span.start, span.end))
    return Row(read.text, tuple(labels), tuple(neutral))


def own_texts(path: Path = HERE / "personal.jsonl") -> list[OwnText]:
    """Our sentences; those without a tag are harmless."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_own(_OwnRow.model_validate_json(line)) for line in lines]


def _own(read: _OwnRow) -> OwnText:
    plain, labels, reached = "", [], 0
    for match in _TAG.finditer(read.text):
        plain += read.text[reached : match.start()]
        labels.append(Span(match[1], len(plain), len(plain) + len(match[2])))
        plain += match[2]
        reached = match.end()
    return OwnText(read.language, Row(plain + read.text[reached:], tuple(labels), ()))


def tweets(folder: Path) -> list[str]:
    """What customers wrote to brands."""
    lines = (folder / "twcs_brand_reply_pairs.jsonl").read_text(encoding="utf-8").splitlines()
    return [_Tweet.model_validate_json(line).customer_text for line in lines]
