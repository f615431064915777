"""What a search shows: the passage or reply, what each search said of it, what matched. Pure."""

from collections.abc import Sequence

from service.domain.knowledge import (
    CutPassage,
    FoundPassage,
    FoundReply,
    PastReply,
    PolicyPassage,
    Scores,
)
from service.domain.triage import Span
from service.knowledge.chunking import chunk
from service.knowledge.ranking import Fusion, Ranked, search_terms
from service.text.folding import fold
from service.text.stems import words_like

MOST_CUT = 3
"""Passages of each kind that are named although they were cut."""


def found_passage(
    passage: PolicyPassage, score: float, excerpt: str, scores: Scores
) -> FoundPassage:
    """A passage as a search shows it."""
    return FoundPassage(
        id=passage.id,
        version=passage.version,
        title=passage.title,
        text=passage.text,
        language=passage.language,
        score=round(score, 4),
        excerpt=excerpt,
        scores=scores,
    )


def ranked_passage(
    passage: PolicyPassage, item: Ranked, fusion: Fusion, asked: str
) -> FoundPassage:
    """The passage as found; a question that led to it is no part of what it says."""
    by_question = item.text in passage.asks
    excerpt = next(iter(chunk(passage.text)), passage.text) if by_question else item.text
    scores = scores_of(item, fusion).model_copy(
        update={
            "source": "asks" if by_question else "text",
            "matched": matches(excerpt, asked),
        }
    )
    return found_passage(passage, item.score, excerpt, scores)


def ranked_reply(reply: PastReply, item: Ranked, fusion: Fusion, asked: str) -> FoundReply:
    """The past reply as found."""
    scores = scores_of(item, fusion)
    return FoundReply(
        id=reply.id,
        complaint=reply.complaint,
        reply=reply.reply,
        language=reply.language,
        channel=reply.channel,
        kind=reply.kind,
        score=round(item.score, 4),
        scores=scores.model_copy(update={"matched": matches(reply.complaint, asked)}),
    )


def cut_passages(
    surplus: Sequence[FoundPassage], below: Sequence[FoundPassage], *, wanted: int
) -> tuple[CutPassage, ...]:
    """The nearest that are no evidence: too many that apply, then what the cut-off left out."""
    only = f"beyond the best {wanted}"
    return (
        *(_cut(found, only) for found in surplus[:MOST_CUT]),
        *(_cut(found, found.scores.cut) for found in below[:MOST_CUT]),
    )


def _cut(found: FoundPassage, why: str | None) -> CutPassage:
    return CutPassage(
        id=found.id,
        version=found.version,
        title=found.title,
        score=found.score,
        scores=found.scores.model_copy(update={"relevant": False, "cut": why, "matched": ()}),
    )


def scores_of(item: Ranked, fusion: Fusion) -> Scores:
    """Each search's score, and in words why it is no evidence."""
    cut = None
    if not item.relevant:
        cut = f"relevance {item.score:.2f} is below the cut-off {fusion.cut_off:.2f}"
    return Scores(
        vector=_rounded(item.parts.vector),
        trained=_rounded(item.parts.trained),
        text=_rounded(item.parts.text),
        relevant=item.relevant,
        cut=cut,
    )


def matches(text: str, asked: str) -> tuple[Span, ...]:
    """The words of a text that the search shares with it, other endings counted in."""
    wanted = frozenset(fold(term) for term in search_terms(asked))
    return tuple(
        Span(start=start, end=end, text=text[start:end]) for start, end in words_like(text, wanted)
    )


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(score, 4)
