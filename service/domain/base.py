"""What every word of the domain shares: frozen models and text that can be stored anywhere."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

_NEARLY = 0.8


class Frozen(BaseModel):
    """A value: immutable, and strict about names so that a typo is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Lenient(BaseModel):
    """A value read from tools that may send more than we know; the unknown is left out."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Sent(Lenient):
    """What a tool sends: a field that is nearly one of ours is a slip, any other its own affair."""

    @model_validator(mode="before")
    @classmethod
    def _no_slips(cls, sent: object) -> object:
        if isinstance(sent, Mapping):
            for name, meant in misspelt(sent.keys(), cls.model_fields):
                raise PydanticCustomError(
                    "misspelt",
                    "no such field: {name}; is {meant} meant?",
                    {"name": name, "meant": meant},
                )
        return sent


def misspelt(names: Collection[object], fields: Collection[str]) -> list[tuple[str, str]]:
    """Names that are nearly a field which is absent, each with the field that is meant."""
    absent = {_plain(field): field for field in fields if field not in names}
    unknown = sorted(name for name in names if isinstance(name, str) and name not in fields)
    return [
        (name, absent[meant])
        for name in unknown
        for meant in get_close_matches(_plain(name), absent, n=1, cutoff=_NEARLY)
        if abs(len(_plain(name)) - len(meant)) <= 1 and _plain(name) != f"{meant}s"
    ]


def _plain(name: str) -> str:
    """Without the marks between words: `authorName` is `author_name`."""
    return name.replace("_", "").replace("-", "").lower()


def storable(value: object) -> object:
    """Drop NULs and replace lone surrogates: no database and no model takes them."""
    if not isinstance(value, str):
        return value
    return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def as_utc(value: datetime) -> datetime:
    """Read a time without a zone as UTC and bring every other one there."""
    try:
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except OverflowError as exc:
        raise ValueError("not a time that a calendar holds") from exc


Text = Annotated[str, BeforeValidator(storable)]
UtcTime = Annotated[datetime, AfterValidator(as_utc)]
