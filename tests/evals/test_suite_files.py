"""A suite's file that can't be used is refused in words, whichever kind of suite it is."""

from pathlib import Path

import pytest
from pydantic import BaseModel

from evals.drafting.suite import DraftingSuite
from evals.errors import EvalError
from evals.guards.suite import GuardSuite
from evals.mentions.suite import MentionsSuite
from evals.retrieval.suite import RetrievalSuite
from evals.suite_files import read_suite
from evals.triage.suite import TriageSuite


@pytest.mark.parametrize("model", [GuardSuite, MentionsSuite, RetrievalSuite, TriageSuite])
def test_a_faulty_file_is_refused_in_words(tmp_path: Path, model: type[BaseModel]) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("suite: x\nsplit: dev\ngate: {}", encoding="utf-8")
    with pytest.raises(EvalError, match=r"^x.yaml: .*gates: Field required.*gate: Extra inputs"):
        read_suite(str(path), model)


def test_a_file_that_is_missing_or_no_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvalError, match=r"no suite \S+/y.yaml: .*guards"):
        read_suite(str(tmp_path / "y.yaml"), GuardSuite)
    (tmp_path / "x.yaml").write_bytes(b"\xff")
    with pytest.raises(EvalError, match=r"^x.yaml can't be read: UnicodeDecodeError$"):
        read_suite(str(tmp_path / "x.yaml"), GuardSuite)


@pytest.mark.parametrize(
    "named", ["suite: ../evil\nvariants: {p: {}}", "suite: x\nvariants: {p/q r: {}}"]
)
def test_a_name_that_is_no_name_of_a_file_is_refused(tmp_path: Path, named: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(f"kind: drafting\n{named}", encoding="utf-8")
    with pytest.raises(EvalError, match="should match pattern"):
        read_suite(str(path), DraftingSuite)
