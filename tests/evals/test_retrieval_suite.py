"""Retrieval's figures don't fall below their gates; and the suite's report shows them."""

import json

import pytest

from evals.retrieval.report import lines
from evals.retrieval.rows import Split
from evals.retrieval.suite import fingerprint_of, run_suite
from service.settings import RetrievalSettings


@pytest.mark.slow
@pytest.mark.parametrize(("split", "answered"), [("test", 90), ("plain", 80)])
async def test_no_figure_falls_below_its_gate(
    split: Split, answered: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AMENDS_EVALDATA", raising=False)
    run = await run_suite(split)
    assert not run.failed
    document = json.loads(json.dumps(run.document()))
    assert document["gates"]["asked"]
    assert document["scores"]["hit@3"]["all"]["count"] > answered
    shown = "\n".join(lines(run, 3))
    assert "hit@3" in shown
    assert "every gate is met" in shown


def test_another_model_or_reranker_is_another_fingerprint() -> None:
    plain = fingerprint_of("test", "bundled", RetrievalSettings())
    assert plain == fingerprint_of("test", "bundled", RetrievalSettings())
    reranked = RetrievalSettings(reranker="litellm:cohere/rerank-v3.5")
    others = {
        fingerprint_of("dev", "bundled", RetrievalSettings()),
        fingerprint_of("test", "litellm:ollama/nomic-embed-text", RetrievalSettings()),
        fingerprint_of("test", "bundled", reranked),
    }
    assert len(others - {plain}) == 3
