"""Triage's figures: how they are counted and shown, and that none falls below its gate."""

import json
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from evals.drafting.cases import EvalCase
from evals.guards.figures import Share
from evals.triage.due import Due, of_case
from evals.triage.figures import figures, headline, kinds, moves, sensitivities
from evals.triage.judged import JudgedTriage, judge, matches
from evals.triage.report import lines
from evals.triage.suite import TriageRun, TriageSuite, load_suite, run_suite
from service.bootstrap import Services
from service.cli.main import app
from service.domain.triage import (
    DeadlineClass,
    Issue,
    Kind,
    Move,
    MoveKind,
    Sensitivity,
    Span,
    Triage,
)
from service.embedding.embedder import TextVectors
from service.triage.post_reader import Mark

TEXT = "The oven door is cracked. And nobody has called me back since Monday."


def case(**changed: object) -> Due:
    row: dict[str, object] = {
        "id": "t-1",
        "case": {"brand": "tidewell", "channel": "x", "complaint": {"text": TEXT}},
        "language": "en",
        "kind": "complaint",
        "move": "public_reply",
        "traits": ["two_issues"],
        "issues": [
            {"id": "door", "quote": "oven door is cracked", "point": "the oven came damaged"},
            {"id": "call", "quote": "nobody has called me back", "point": "no answer for days"},
        ],
        "provenance": {"author": "tests", "written": "2026-11-22", "source": "invented"},
    }
    return of_case(EvalCase.model_validate({**row, **changed}))


def issue(text: str) -> Issue:
    start = TEXT.find(text)
    place = (start, start + len(text)) if start >= 0 else (None, None)
    return Issue(text=text, span=Span(start=place[0], end=place[1], text=text))


def triage(*issues: Issue, **changed: object) -> Triage:
    move = Move(kind=MoveKind.PUBLIC_REPLY, reason="all of it can be said in public")
    read = {"kind": Kind.COMPLAINT, "language": "en", "issues": issues, "move": move}
    return Triage.model_validate({**read, "deadline_class": DeadlineClass.NORMAL, **changed})


def judged(row: Due, said: Triage, *found: str, needed: int = 0) -> JudgedTriage:
    return JudgedTriage(due=row, triage=said, found=frozenset(found), needed=needed)


def escalated() -> dict[str, object]:
    return {"move": Move(kind=MoveKind.ESCALATE, reason="an owner takes over")}


def test_escalations_that_are_due_are_counted_apart_from_needless_ones() -> None:
    due = case(move="escalate")
    found = figures(
        [
            judged(due, triage(**escalated())),
            judged(due, triage()),
            judged(case(), triage(**escalated())),
            judged(case(), triage()),
            judged(case(), triage()),
        ]
    )
    assert found["escalations"] == Share(1, 2)
    assert found["needless escalations"] == Share(1, 3)
    assert found["move"] == Share(3, 5)


def test_a_language_is_asked_of_texts_that_have_one() -> None:
    short = case(case={"brand": "tidewell", "complaint": {"text": "???"}}, issues=[])
    found = figures([judged(case(), triage()), judged(short, triage(language="pl"))])
    assert found["language"] == Share(1, 1)


def test_issues_are_counted_both_ways() -> None:
    said = triage(issue("The oven door is cracked."), issue("since Monday"))
    found = figures([judged(case(), said, "door", needed=1), judged(case(), triage())])
    assert found["issues recall"] == Share(1, 4)
    assert found["issues precision"] == Share(1, 2)


def test_sensitivities_are_those_that_the_traits_name() -> None:
    named = case(traits=["safety", "two_issues"])
    both = (Sensitivity.SAFETY, Sensitivity.PRESS)
    rows = [judged(named, triage(sensitivities=both)), judged(named, triage())]
    found = figures(rows)
    assert found["sensitivities recall"] == Share(1, 2)
    assert found["sensitivities precision"] == Share(1, 2)
    assert headline(rows)["safety recall"] == 0.5
    assert headline(rows)["press precision"] == 0.0
    assert headline(rows)["health recall"] is None
    assert [row.wrong for row in sensitivities(rows).confusions] == ["raised", "missed"]


def test_confusions_tell_what_was_due_and_what_was_read() -> None:
    rows = [judged(case(move="escalate"), triage(kind="question")), judged(case(), triage())]
    assert moves(rows) == {("escalate", "public_reply"): 1, ("public_reply", "public_reply"): 1}
    assert kinds(rows)["complaint", "question"] == 1


@pytest.mark.slow
async def test_an_issue_is_found_by_its_place_or_by_its_sense(services: Services) -> None:
    vectors = TextVectors(services.embedder)
    read = [issue("door is cracked. And nobody"), issue("nobody called me back"), issue("Monday")]
    found = await matches(case(), read, vectors, close=0.89)
    assert found == [[True, False, False], [True, True, False]]
    strict = await matches(case(), read, vectors, close=1.0)
    assert strict[1] == [True, False, False]
    assert await matches(case(), [], vectors, close=0.89) == [[], []]


@pytest.mark.slow
async def test_a_case_is_triaged_as_a_draft_would(services: Services) -> None:
    one = await judge(case(), services, close=load_suite().close)
    assert (one.triage.kind, one.triage.language) == (Kind.COMPLAINT, "en")
    assert one.found == {"door", "call"}
    assert 0 < one.needed <= len(one.triage.issues)


def test_labels_are_written_in_one_order() -> None:
    """A set's own order differs from process to process, and with it the fingerprint of a run."""
    row = case(traits=[*(one.value for one in Sensitivity), "two_issues"])
    written = json.loads(row.model_copy(update={"marks": frozenset(Mark)}).model_dump_json())
    assert written["sensitivities"] == sorted(one.value for one in Sensitivity)
    assert written["marks"] == sorted(one.value for one in Mark)
    assert json.loads(row.model_dump_json())["marks"] is None


def run(*rows: JudgedTriage, failed: list[str] | None = None) -> TriageRun:
    suite = TriageSuite(suite="triage", split="dev", close=0.89, gates={"cases": {"move": 0.5}})
    return TriageRun(suite, "dev", rows, "abc", failed or [])


def test_the_report_shows_missed_escalations_first() -> None:
    rows = (
        judged(case(move="private_reply"), triage(), "door", "call"),
        judged(case(id="t-2", move="escalate", traits=["safety"]), triage(), "door"),
    )
    shown = list(lines(run(*rows, failed=["move: 0.000, asked at least 0.5"]), 9))
    assert next(line for line in shown if "missed" in line).startswith("  move missed (en, t-2)")
    assert "  escalate                   0 of 1      else public_reply 1" in shown
    assert any(line.startswith("  issues recall              0.75 [") for line in shown)
    assert any("no answer for days: nobody has called" in line for line in shown)
    assert shown[-1] == "move: 0.000, asked at least 0.5"


def test_gates_are_for_the_suites_own_split() -> None:
    other = replace(run(judged(case(), triage(), "door")), split="test")
    assert list(lines(other, 0))[-1] == "no gate was looked at: they are for split dev"
    assert other.document()["gates"] == {"asked": {}, "failed": []}


def test_the_document_is_json_with_every_part() -> None:
    document = json.loads(json.dumps(run(judged(case(), triage(), "door")).document()))
    assert document["scores"]["cases"]["figures"]["issues recall"]["en"]["value"] == 0.5
    assert document["scores"]["cases"]["moves"] == [
        {"due": "public_reply", "read": "public_reply", "count": 1}
    ]
    assert set(document["scores"]["cases"]["sensitivities"]) == {one.value for one in Sensitivity}
    assert document["wrong"][0]["check"] == "issue"


def test_every_gate_names_a_figure() -> None:
    known = set(headline([judged(case(), triage())]))
    for gates in load_suite().gates.values():
        assert {gate.removesuffix(" at most") for gate in gates} <= known


def test_an_unknown_split_is_refused() -> None:
    answer = CliRunner().invoke(app, ["eval", "run", "triage", "--split", "train"])
    assert answer.exit_code == 2
    assert "dev, test" in answer.output


@pytest.mark.slow
async def test_no_figure_falls_below_its_gate() -> None:
    found = await run_suite()
    assert not found.failed
    assert len(found.of("cases")) > 80
    assert len(found.of("posts")) > 200
    assert "every gate is met" in "\n".join(lines(found, 3))
