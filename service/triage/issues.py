"""The distinct points that a customer raised, each with its place."""

import re
from collections.abc import Sequence

from service.domain.triage import Issue, Span
from service.text.sentences import Sentence, split_sentences

_MIN_CHARS = 12
_SURELY = 0.08
"""A point too many costs a search, a point too few an answer."""
_MAX_ISSUES = 6
# A second point often hides behind "and also": the words that open one, in four languages.
_TURN = re.compile(
    r"[,;]\s+(?=(?:and\s+)?(?:also|plus|on top of (?:that|it)|meanwhile|to top it off|"
    r"(?:a\s+)?(?:do tego|dodatkowo|poza tym|w dodatku|na dodatek)|"
    r"(?:y\s+)?(?:además|encima|aparte|para colmo)|"
    r"(?:und\s+)?(?:außerdem|ausserdem|zudem|dazu noch|obendrein))\b)",
    re.IGNORECASE,
)


def points_of(text: str) -> tuple[Sentence, ...]:
    """The points of a text, or the whole of it where none can be told apart: never none."""
    return split_points(text) or (Sentence(0, len(text), text),)


def split_points(text: str) -> tuple[Sentence, ...]:
    """Sentences, and the parts of a sentence that open a new point."""
    points: list[Sentence] = []
    for sentence in split_sentences(text):
        start = sentence.start
        for turn in _TURN.finditer(text, sentence.start, sentence.end):
            points.append(_piece(text, start, turn.start()))
            start = turn.end()
        points.append(_piece(text, start, sentence.end))
    return tuple(point for point in points if point.text)


def _piece(text: str, start: int, end: int) -> Sentence:
    return Sentence(start, end, text[start:end])


def pick_issues(points: Sequence[Sentence], weights: Sequence[float]) -> tuple[Issue, ...]:
    """The points that carry an issue, in their order; `weights` says how surely each one does.

    At least one is kept wherever there is a text, so that retrieval always has a query.
    """
    wanted = [
        n
        for n, weight in enumerate(weights)
        if weight >= _SURELY and len(points[n].text) >= _MIN_CHARS
    ]
    if not wanted and points:
        wanted = [max(range(len(points)), key=lambda n: weights[n])]
    strongest = sorted(wanted, key=lambda n: -weights[n])[:_MAX_ISSUES]
    return tuple(_issue(points[n], float(weights[n])) for n in sorted(strongest))


def _issue(point: Sentence, weight: float) -> Issue:
    span = Span(start=point.start, end=point.end, text=point.text)
    return Issue(text=point.text, span=span, weight=weight)
