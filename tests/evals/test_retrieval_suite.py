"""Retrieval's figures don't fall below their gates; and the suite's report shows them."""

import json

import pytest

from evals.retrieval.report import lines
from evals.retrieval.suite import run_suite


@pytest.mark.slow
async def test_no_figure_falls_below_its_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AMENDS_EVALDATA", raising=False)
    run = await run_suite()
    assert not run.failed
    document = json.loads(json.dumps(run.document()))
    assert document["scores"]["hit@3"]["all"]["count"] > 90
    shown = "\n".join(lines(run, 3))
    assert "hit@3" in shown
    assert "every gate is met" in shown
