"""Why passages and past replies were found, and why the next ones were not used."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from service.cli.printing import plain

if TYPE_CHECKING:
    from service.domain.knowledge import CutPassage, Evidence, FoundPassage, FoundReply, Scores


def evidence_view(found: "Evidence") -> RenderableType:
    """Every row with what each search said of it and the words that it shares with the search."""
    rows = [
        *(_passage(passage) for passage in found.policy),
        *(_reply(reply) for reply in found.past_replies),
        *(_cut(passage) for passage in found.cut),
    ]
    return Group(*(line for row in rows for line in row))


def _passage(passage: "FoundPassage") -> Iterator[Text]:
    yield _head(passage.score, f"{passage.id}@{passage.version}", passage.title)
    yield _why(passage.scores)
    yield _matched(passage.excerpt, passage.scores)
    yield Text()


def _reply(reply: "FoundReply") -> Iterator[Text]:
    yield _head(reply.score, f"past reply {reply.id}", reply.language)
    yield _why(reply.scores)
    yield _matched(reply.complaint, reply.scores)
    yield plain(reply.reply + "\n", "italic")


def _cut(passage: "CutPassage") -> Iterator[Text]:
    yield _head(passage.score, f"{passage.id}@{passage.version}", passage.title)
    yield _why(passage.scores)


def _head(score: float, name: str, more: str) -> Text:
    head = plain(f"{score:.2f}  ", "dim")
    return head.append_text(plain(f"{name} ", "bold")).append_text(plain(more))


def _why(scores: "Scores") -> Text:
    """What each search said, and why the row is no evidence."""
    parts = {
        "conversation": scores.trained,
        "nearest point": scores.vector,
        "words": scores.text,
        "reranked": scores.reranked,
    }
    said = [f"{name} {score:.2f}" for name, score in parts.items() if score is not None]
    said += ["by a question that leads here"] if scores.source == "asks" else []
    line = plain("      " + ", ".join(said), "dim")
    return line.append_text(plain(f"; not used: {scores.cut}", "yellow")) if scores.cut else line


def _matched(text: str, scores: "Scores") -> Text:
    """The text with the words that the search shares."""
    shown = plain(text)
    for span in scores.matched:
        shown.stylize("bold", span.start or 0, span.end)
    return shown
