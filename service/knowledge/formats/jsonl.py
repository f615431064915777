"""JSON lines: one object a line."""

import json

from service.knowledge.formats.encoding import decode
from service.knowledge.formats.raw import Parsed, Raw, refused


def read_jsonl(content: bytes, where: str) -> Parsed:
    """The objects of a file; a line that holds none is named and the others are read."""
    rows: list[Raw] = []
    problems: list[str] = []
    for number, line in enumerate(decode(content, where).split("\n"), start=1):
        if not line.strip():
            continue
        place = f"{where} line {number}"
        value = _object(line)
        if value is None:
            problems.append(f"{place}: not a JSON object")
        else:
            rows.append(Raw(place, value))
    if not rows and not problems:
        raise refused(f"{where}: it holds no rows; remove the file if that is meant")
    return Parsed(tuple(rows), tuple(problems))


def _object(line: str) -> dict[str, object] | None:
    try:
        value = json.loads(line, parse_float=str)  # a version 3.10 is not 3.1
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
