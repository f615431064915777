"""Cut long passages into pieces that one vector can stand for."""

from collections.abc import Iterator

from service.knowledge.formats.pages import HEADING
from service.text.sentences import split_sentences

MAX_CHARS = 700
"""About 170 tokens: past that, one vector blurs what a passage says."""


def chunk(text: str, *, max_chars: int = MAX_CHARS) -> tuple[str, ...]:
    """Pieces of whole sentences, each at most `max_chars` unless one sentence is longer.

    No piece reaches across a heading, and each one begins with the heading it stands under.
    """
    pieces: list[str] = []
    under = list(_under_headings(text))
    for heading, body in under:
        headed = f"{heading}: " if heading else ""
        pieces += [headed + piece for piece in _sentences(body, max(max_chars - len(headed), 80))]
    # A rule that is told in its heading alone is a rule still.
    return tuple(pieces or [heading for heading, _ in under if heading])


def _under_headings(text: str) -> Iterator[tuple[str, str]]:
    heading, lines = "", list[str]()
    for line in text.split("\n"):
        match = HEADING.match(line)
        if match is None:
            lines.append(line)
            continue
        yield heading, "\n".join(lines)
        heading, lines = match.group(2), []
    yield heading, "\n".join(lines)


def _sentences(text: str, max_chars: int) -> Iterator[str]:
    current = ""
    for sentence in split_sentences(text):
        joined = f"{current} {sentence.text}".strip()
        if current and len(joined) > max_chars:
            yield current
            joined = sentence.text
        current = joined
    if current:
        yield current
