"""The suite `mentions`: its rows, its figures, and that none falls below its gate."""

import json
from dataclasses import replace

import pytest

from evals.mentions.rows import MentionRow, brands, rows
from evals.mentions.suite import Judged, MentionsRun, MentionsSuite, headline, load_suite, run_suite


def judged(number: int, *, counts: bool, found: bool, language: str = "en") -> Judged:
    row = MentionRow(
        id=f"r{number}",
        split="dev",
        brand="basta",
        language=language,
        text="words",
        counts=counts,
    )
    return Judged(row, found)


RUN = MentionsRun(
    MentionsSuite(suite="mentions", split="dev", gates={}),
    "dev",
    [
        judged(1, counts=True, found=True),
        judged(2, counts=True, found=False, language="pl"),
        judged(3, counts=False, found=True),
        judged(4, counts=False, found=False),
    ],
    "abc",
    [],
)


def test_no_brand_is_in_two_splits() -> None:
    places: dict[str, set[str]] = {}
    for split in ("train", "dev", "test"):
        for row in rows(split):
            places.setdefault(brands()[row.brand].name, set()).add(split)
    assert [name for name, splits in places.items() if len(splits) > 1] == []


@pytest.mark.slow
def test_figures_are_counted_for_all_and_by_part() -> None:
    found = headline(RUN.tallies())
    assert (found["precision"], found["recall"], found["F1"]) == (0.5, 0.5, 0.5)
    assert (found["pl recall"], found["pl precision"]) == (0.0, None)
    assert found["common F1"] == 0.5


@pytest.mark.slow
def test_the_report_and_the_document_name_what_went_wrong() -> None:
    document = json.loads(json.dumps(RUN.document()))
    assert [(row["row"], row["wrong"]) for row in document["wrong"]] == [
        ("r2", "missed"),
        ("r3", "raised"),
    ]
    assert "no gate was looked at" not in "\n".join(RUN.lines(1))
    assert "Wrong rows (1 of 2)" in "\n".join(RUN.lines(1))


@pytest.mark.slow
def test_gates_are_for_the_suites_own_split() -> None:
    run = replace(RUN, suite=load_suite())
    assert list(run.lines(0))[-1] == "no gate was looked at: they are for split test"
    assert run.document()["gates"] == {"asked": {}, "failed": []}


@pytest.mark.slow
async def test_no_figure_falls_below_its_gate() -> None:
    found = await run_suite()
    assert load_suite().gates
    assert not found.failed
