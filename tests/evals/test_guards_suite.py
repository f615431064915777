"""The guardrails' figures don't fall below their gates; and the suite's command says so."""

import json

import pytest
from typer.testing import CliRunner

from evals.guards.figures import Confusion
from evals.guards.report import lines
from evals.guards.runs import Measured
from evals.guards.suite import SuiteRun, headline, load_suite, run_suite
from service.cli.main import app


@pytest.mark.slow
async def test_no_figure_falls_below_its_gate() -> None:
    run = await run_suite()
    assert not run.failed
    document = json.loads(json.dumps(run.document()))
    assert document["scores"]["false_block"]["count"] > 40
    assert "good replies blocked" in "\n".join(lines(run, 3))


def test_every_gate_names_a_figure_of_the_suite() -> None:
    measured = Measured()
    row = Confusion("defensive", "en", "1", "", "text")
    measured.sentences.add(row, marked=True, raised=True)
    names = set(headline(measured))
    assert {"false block", "missed block", "sentences defensive recall"} <= names
    assert load_suite().gates


def test_a_failed_gate_is_printed() -> None:
    run = SuiteRun(load_suite(), "test", Measured(), "abc", ["false block: 0.5, asked at most 0.1"])
    assert list(lines(run, 0))[-1] == "false block: 0.5, asked at most 0.1"


@pytest.mark.parametrize("suite", ["guards", "retrieval", "triage", "mentions"])
@pytest.mark.parametrize("option", ["--prompt", "--model", "--baseline"])
def test_a_suite_that_drafts_nothing_refuses_what_only_drafts_have(suite: str, option: str) -> None:
    answer = CliRunner().invoke(app, ["eval", "run", suite, option, "x"])
    assert answer.exit_code == 2
    assert f"{option}: suite {suite} drafts nothing" in " ".join(answer.output.split())


def test_gates_are_for_the_suites_own_split() -> None:
    run = SuiteRun(load_suite(), "dev", Measured(), "abc", [])
    assert list(lines(run, 0))[-1] == "no gate was looked at: they are for split test"
    assert run.document()["gates"] == {"asked": {}, "failed": []}


def test_an_unknown_suite_is_named() -> None:
    answer = CliRunner().invoke(app, ["eval", "run", "nothing"])
    assert answer.exit_code == 2
    assert "there is no suite nothing: drafting, guards, " in answer.output
