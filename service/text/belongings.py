"""The brand's own people and things, which customers call `your`: your van, your warehouse."""

import re
from collections.abc import Iterator

_THINGS = re.compile(
    r"(?<!\w)(?:your|ur) (?:[\w-]+ ){0,2}?"
    r"(vans?|trucks?|drivers?|couriers?|lads?|guys?|men|staff|people|colleagues?|agents?|team|"
    r"technicians?|fitters?|engineers?|warehouse|depot|shop|store|company|website|chatbot)\b",
    re.IGNORECASE,
)


def brand_things(text: str) -> Iterator[tuple[int, int, str]]:
    """What is called `your` there, with its place; the word itself without its ending."""
    for match in _THINGS.finditer(text):
        yield match.start(), match.end(), match.group(1).lower().rstrip("s")
