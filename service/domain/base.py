"""What every word of the domain shares: frozen models and text that can be stored anywhere."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict


class Frozen(BaseModel):
    """A value: immutable, and strict about names so that a typo is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Lenient(BaseModel):
    """A value read from tools that may send more than we know; the unknown is left out."""

    model_config = ConfigDict(frozen=True, extra="ignore")


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
