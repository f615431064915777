"""Readings made up for tests: what the trained reader might say of a reply."""

from collections.abc import Mapping
from dataclasses import replace

from service.domain.triage import Issue, Span
from service.guards.context import CheckContext
from service.guards.reading import (
    IssueReading,
    Label,
    Reading,
    SentenceReading,
    Source,
    Stance,
)
from service.text.sentences import split_sentences

Labels = Mapping[Label, float]
Stances = Mapping[Stance, float]


def read_as(
    context: CheckContext,
    *said: Labels | tuple[Labels, Stances],
    sources: tuple[Source, ...] = (),
    issues: Mapping[str, float] | None = None,
) -> CheckContext:
    """The context with a reading: labels (and stances) for each sentence of its reply in order."""
    sentences = split_sentences(context.reply)
    assert len(said) == len(sentences), "one reading a sentence"
    readings = []
    for sentence, one in zip(sentences, said, strict=True):
        labels, stances = one if isinstance(one, tuple) else (one, {})
        span = Span(start=sentence.start, end=sentence.end, text=sentence.text)
        readings.append(SentenceReading(sentence.text, span, labels, stances, sources))
    raised = tuple(
        IssueReading(Issue(text=text, span=Span(start=0, end=len(text), text=text)), cosine)
        for text, cosine in (issues or {}).items()
    )
    return replace(context, reading=Reading(tuple(readings), raised))
