"""The suite `retrieval`: production's own triage and search on labelled complaints, and gates."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from evals.brands import brand_of, services_for
from evals.drafting.cache import digest
from evals.drafting.generation import brand_hash, code_hash
from evals.guards.figures import Confusion, failures
from evals.retrieval.figures import Figure, Judged, figures
from evals.retrieval.public import is_here, public_figures
from evals.retrieval.rows import RetrievalCase, Split, brands, cases
from evals.suite_files import LANGUAGES, read_suite
from service.bootstrap import Services
from service.domain.knowledge import FoundPassage
from service.embedding.embedder import TextVectors
from service.knowledge.query import query_for
from service.settings import RetrievalSettings

_DEPTH = 10
Tick = Callable[[], None]


class RetrievalSuite(BaseModel):
    """`evals/suites/retrieval.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    suite: str
    split: Split
    gates: dict[Split, dict[str, float]]


@dataclass(frozen=True)
class RetrievalRun:
    """What a run of the suite found, ready to be shown."""

    suite: RetrievalSuite
    split: Split
    judged: Sequence[Judged]
    wrong: Sequence[Confusion]
    fingerprint: str
    failed: list[str]
    public: dict[str, Figure]

    def figures(self) -> dict[str, dict[str, Figure]]:
        """Every figure over all rows and for each language."""
        parts = {"all": self.judged}
        parts |= {code: [one for one in self.judged if one.language == code] for code in LANGUAGES}
        found = {name: figures(judged) for name, judged in parts.items()}
        return {figure: {name: found[name][figure] for name in found} for figure in found["all"]}

    def document(self) -> dict[str, Any]:
        """The one JSON document of a run."""
        return {
            "run": datetime.now(UTC).isoformat(timespec="seconds"),
            "suite": self.suite.suite,
            "split": self.split,
            "fingerprint": self.fingerprint,
            "scores": {
                figure: {name: one.json() for name, one in by_part.items()}
                for figure, by_part in self.figures().items()
            },
            "public": {name: one.json() for name, one in self.public.items()},
            "gates": {"asked": self.suite.gates.get(self.split, {}), "failed": self.failed},
            "wrong": [vars(row) for row in self.wrong],
        }


def load_suite() -> RetrievalSuite:
    """The suite's file; EvalError says what is wrong with it."""
    return read_suite("retrieval", RetrievalSuite)


async def run_suite(split: Split | None = None, tick: Tick = lambda: None) -> RetrievalRun:
    """Measure a split, and hold it to its gates."""
    suite = load_suite()
    chosen = split or suite.split
    judged, wrong = [], []
    async with services_for(brands(chosen)) as services:
        for row in cases(chosen):
            one = await judge(row, services)
            judged.append(one)
            wrong += _wrong(row, one)
            tick()
        made = fingerprint_of(chosen, services.retriever.embedding, services.settings.retrieval)
    headline = {name: figure.value for name, figure in figures(judged).items()}
    failed = failures(headline, suite.gates.get(chosen, {}))
    public = await public_figures() if is_here() else {}
    return RetrievalRun(suite, chosen, judged, wrong, made, failed, public)


async def judge(row: RetrievalCase, services: Services) -> Judged:
    """Triage and search as a draft would, once without the cut-off."""
    found = await search(row, services)
    kept = [passage for passage in found if passage.scores.relevant]
    wanted = services.settings.retrieval.policy
    return Judged(
        language=row.language,
        relevant=frozenset(row.relevant),
        lookalikes=frozenset(row.lookalikes),
        ranked=tuple(passage.id for passage in found),
        kept=tuple(passage.id for passage in kept[:wanted]),
    )


async def search(
    row: RetrievalCase, services: Services, *, depth: int = _DEPTH
) -> tuple[FoundPassage, ...]:
    """The nearest passages of a row's brand, best first, whether relevant or not."""
    brand, case = brand_of(row.brand), row.case()
    triage = await services.triager.triage(case, brand, TextVectors(services.embedder))
    query = query_for(case, triage, language=triage.language, today=brand.today(services.now()))
    wide = replace(query, cut_off=False, policy=depth, past_replies=0)
    return (await services.retriever.retrieve(brand, wide)).policy


def _wrong(row: RetrievalCase, one: Judged) -> list[Confusion]:
    """What an editor would want to read: the wrong passage, silence, or noise."""
    kept = ", ".join(one.kept[:3]) or "nothing"
    wanted = ", ".join(row.relevant) or "nothing"
    text = " / ".join((*(message.text for message in row.thread), row.complaint))
    if (row.relevant and set(one.kept[:3]) & one.relevant) or (not row.relevant and not one.kept):
        return []
    name = "missed" if row.relevant else "raised"
    return [Confusion("policy", row.language, row.id, name, text, f"{kept} for {wanted}")]


def fingerprint_of(split: Split, embedding: str, settings: RetrievalSettings) -> str:
    """What the figures depend on: the code with its weights, the settings, the brands, the rows."""
    policies = [brand_hash(brand) for brand in brands(split)]
    said = [row.model_dump_json() for row in cases(split)]
    return digest(code_hash(), embedding, settings.model_dump(mode="json"), policies, said)[:12]
