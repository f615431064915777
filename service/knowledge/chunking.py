"""Cut long passages into pieces that one vector can stand for."""

from service.text.sentences import split_sentences

MAX_CHARS = 700
"""About 170 tokens: past that, one vector blurs what a passage says."""


def chunk(text: str, *, max_chars: int = MAX_CHARS) -> tuple[str, ...]:
    """Pieces of whole sentences, each at most `max_chars` unless one sentence is longer."""
    pieces: list[str] = []
    current = ""
    for sentence in split_sentences(text):
        joined = f"{current} {sentence.text}".strip()
        if current and len(joined) > max_chars:
            pieces.append(current)
            joined = sentence.text
        current = joined
    return (*pieces, current) if current else tuple(pieces)
