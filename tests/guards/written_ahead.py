"""Our own words under our own checks, as production reads them: with the trained reader."""

from dataclasses import replace
from functools import cache
from typing import Any

from service.domain.triage import Issue, Span, Triage
from service.embedding.embedder import Embedder
from service.guards.guard import Guard
from service.guards.reader import Reader
from service.settings import EmbeddingSettings
from tests.guards.factories import LAMPWICK, context

COMPLAINTS = {
    "en": "My lamp came broken and nobody answers.",
    "pl": "Lampa przyszła rozbita i nikt nie odpowiada.",
    "es": "La lámpara llegó rota y nadie contesta.",
    "de": "Die Lampe kam zerbrochen an und keiner antwortet.",
}


@cache
def _guard() -> Guard:
    return Guard(LAMPWICK, reader=Reader(Embedder(EmbeddingSettings())))


async def found_in(reply: str, triage: Triage, **case: Any) -> dict[str, str]:
    """What the checks find in a reply that people wrote ahead."""
    said = case["complaint"]
    point = Issue(text=said, span=Span(start=0, end=len(said), text=said))
    asked = context(reply, language=triage.language, move=triage.move.kind, **case)
    asked = replace(asked, kind=triage.kind, issues=(point,), written_ahead=True)
    report = await _guard().check(asked)
    return {finding.check: finding.span.text or finding.message for finding in report.findings}
