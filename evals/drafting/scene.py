"""A reply beside the case it answers, read and checked against what the case says is true.

The checks run on the passages that the case names, not on those that retrieval found: a reply that
rests on the wrong rule must not look grounded.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property

import numpy as np

from evals.brands import brand_of
from evals.drafting.cases import CaseIssue, EvalCase
from service.bootstrap import Services
from service.domain.brand import Brand
from service.domain.checks import CheckReport
from service.domain.triage import Issue, Span
from service.embedding.embedder import Embedder, Side
from service.guards.context import CheckContext
from service.guards.reading import Label, SentenceReading

NOW = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
"""The time in all evals: the cases are dated just before, and a rerun finds the same day."""


@dataclass(frozen=True)
class Scene:
    """A reply with its case, its reading and its report; `embedder` compares meanings."""

    case: EvalCase
    reply: str
    context: CheckContext
    report: CheckReport
    embedder: Embedder

    @property
    def brand(self) -> Brand:
        """The brand that replies."""
        return self.context.brand

    @property
    def read(self) -> tuple[SentenceReading, ...]:
        """The reply's sentences as the trained reader reads them."""
        return self.context.read

    def share(self, *labels: Label) -> float:
        """How surely some sentence is one of these."""
        return max((one.share(label) for one in self.read for label in labels), default=0.0)

    def found(self, *checks: str) -> bool:
        """Whether one of these checks found something that counts."""
        counted = (*self.report.blocks, *self.report.warnings)
        return any(finding.check in checks for finding in counted)

    def issue(self, issue_id: str) -> CaseIssue | None:
        """An issue of the case by its id."""
        return next((one for one in self.case.issues if one.id == issue_id), None)

    def nearness(self, text: str) -> float:
        """The cosine of a text with the nearest sentence of the reply."""
        asked = self.embedder.embed([text], Side.QUERY)[0]
        return float(np.max(self._sentences @ asked))

    @cached_property
    def _sentences(self) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        texts = [sentence.text for sentence in self.context.sentences] or [self.reply]
        return self.embedder.embed(texts, Side.QUERY)


async def scene_of(services: Services, case: EvalCase, reply: str) -> Scene:
    """Read and check a reply as the answer to a case."""
    brand = brand_of(case.brand)
    today = NOW.date()
    context = CheckContext(
        reply=reply,
        case=case.case,
        brand=brand,
        language=brand.answer_language(case.language),
        move=case.move,
        policy=await services.retriever.passages(brand, case.policy, today),
        superseded=await services.retriever.superseded(brand, today),
        kind=case.kind,
        issues=tuple(_issue(case, issue) for issue in case.issues),
    )
    context = replace(context, reading=services.reader.read(context))
    report = await (await services.guards.of(brand)).check(context, judged=False)
    return Scene(case, reply, context, report, services.embedder)


def _issue(case: EvalCase, issue: CaseIssue) -> Issue:
    start = case.case.complaint.text.find(issue.quote)
    place = (start, start + len(issue.quote)) if start >= 0 else (None, None)
    return Issue(text=issue.quote, span=Span(start=place[0], end=place[1], text=issue.quote))
