"""A feed of posts line by line, however long it is: what is read is forgotten batch by batch."""

import json
from collections.abc import AsyncIterable, AsyncIterator, Mapping
from dataclasses import dataclass, field

from pydantic import ValidationError

from service.domain.mention import Mention
from service.errors import InvalidInput
from service.knowledge.importer import explain

LONGEST_LINE = 2_500_000
"""In bytes: the longest post that is taken, with every character escaped."""
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class FeedLine:
    """One post as it came, with its number; bytes of a line, or an object read already."""

    number: int
    value: bytes | Mapping[str, object] | None = field(repr=False)
    """None where the line was too long to be kept."""

    def mention(self) -> Mention:
        """The post, or InvalidInput without the words that stood there."""
        value = _object(self.value) if isinstance(self.value, bytes) else self.value
        if value is None:
            raise InvalidInput(f"longer than {LONGEST_LINE:,} bytes")
        try:
            return Mention.model_validate(value)
        except ValidationError as exc:
            raise InvalidInput("; ".join(explain(exc))) from None


async def feed_lines(chunks: AsyncIterable[bytes]) -> AsyncIterator[FeedLine]:
    """The lines of a body that comes in pieces; blank ones are counted and left out."""
    number, begun, too_long = 1, bytearray(), False
    async for chunk in chunks:
        *ended, rest = chunk.split(b"\n")
        for piece in ended:
            begun += piece
            if too_long or begun.strip():
                yield _line(number, begun, too_long=too_long)
            number, begun, too_long = number + 1, bytearray(), False
        begun += rest
        if len(begun) > LONGEST_LINE:
            begun, too_long = bytearray(), True
    if too_long or begun.strip():
        yield _line(number, begun, too_long=too_long)


def _line(number: int, content: bytearray, *, too_long: bool) -> FeedLine:
    if too_long or len(content) > LONGEST_LINE:
        return FeedLine(number, None)
    return FeedLine(number, bytes(content).removeprefix(_BOM if number == 1 else b""))


def _object(raw: bytes) -> Mapping[str, object]:
    try:
        value = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as exc:
        raise InvalidInput(f"not UTF-8 (byte {exc.start + 1} of the line)") from None
    except (ValueError, RecursionError):
        raise InvalidInput("not JSON") from None
    if not isinstance(value, dict):
        raise InvalidInput("not a JSON object")
    return value
