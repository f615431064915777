"""A row beside its triage: which issues were found, and what stands wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from evals.drafting.cases import CaseIssue
from evals.guards.figures import Confusion
from evals.triage.due import Due
from service.bootstrap import Services
from service.domain.triage import Issue, MoveKind, Triage
from service.embedding.embedder import TextVectors, Vectors

READABLE_CHARS = 20
"""A language is asked of texts longer than this: of "???" nobody can say it."""


@dataclass(frozen=True)
class JudgedTriage:
    """A row with its triage. `found`: the labelled issues that triage found, by id; `needed`: how
    many of triage's own issues are one of them."""

    due: Due
    triage: Triage
    found: frozenset[str]
    needed: int

    @property
    def readable(self) -> bool:
        """Whether its language can be told."""
        return len(self.due.text) > READABLE_CHARS

    @property
    def escalated(self) -> bool:
        """Whether triage hands it to a named owner."""
        return self.triage.move.kind is MoveKind.ESCALATE

    def wrong(self) -> Iterator[Confusion]:
        """What an editor would want to read."""
        said, due = self.triage, self.due
        if said.move.kind is not due.move:
            reason = f"{said.move.kind} for {due.move}: {said.move.reason}"
            yield self._confusion("move", "missed", reason)
        if said.kind is not due.kind:
            yield self._confusion("kind", "missed", f"{said.kind} for {due.kind}")
        if self.readable and said.language != due.language:
            yield self._confusion("language", "missed", f"{said.language} for {due.language}")
        for issue in due.issues:
            if issue.id not in self.found:
                yield self._confusion("issue", "missed", f"{issue.point}: {issue.quote}")

    def _confusion(self, name: str, wrong: str, why: str) -> Confusion:
        return Confusion(name, self.due.language, self.due.id, wrong, self.due.text, why)


async def judge(row: Due, services: Services, *, close: float) -> JudgedTriage:
    """Triage a row as a draft would.

    An issue is found where a span of triage's overlaps its quote, or where triage's words are at
    least so `close` to its quote or its point.
    """
    vectors = TextVectors(services.embedder)
    triage = await services.triager.triage(row.case, row.brand, vectors)
    same = await matches(row, triage.issues, vectors, close=close)
    return JudgedTriage(
        due=row,
        triage=triage,
        found=frozenset(
            issue.id for issue, hits in zip(row.issues, same, strict=True) if any(hits)
        ),
        needed=sum(any(hits) for hits in zip(*same, strict=True)),
    )


async def matches(
    row: Due, read: Sequence[Issue], vectors: TextVectors, *, close: float
) -> list[list[bool]]:
    """For each labelled issue, which of triage's are the same."""
    if not row.issues or not read:
        return [[] for _ in row.issues]
    near = await nearness(row.issues, read, vectors)
    text = row.text
    return [
        [
            _overlap(issue.quote, text, one) or bool(near[n, m] >= close)
            for m, one in enumerate(read)
        ]
        for n, issue in enumerate(row.issues)
    ]


async def nearness(
    issues: Sequence[CaseIssue], read: Sequence[Issue], vectors: TextVectors
) -> Vectors:
    """Cosines of labelled issues, the better of quote and point, with those of triage."""
    quotes = await vectors.of(issue.quote for issue in issues)
    points = await vectors.of(issue.point for issue in issues)
    said = await vectors.of(one.text for one in read)
    near: Vectors = np.maximum(quotes @ said.T, points @ said.T)
    return near


def _overlap(quote: str, text: str, read: Issue) -> bool:
    start, span = text.find(quote), read.span
    if start < 0 or span.start is None or span.end is None:
        return False
    return span.start < start + len(quote) and start < span.end
