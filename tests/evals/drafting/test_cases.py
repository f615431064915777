import json
from pathlib import Path
from typing import Any

import pytest

from evals.drafting import cases as found
from evals.drafting.cases import (
    BRANDS,
    CASES,
    HARVESTED,
    EvalCase,
    cases,
    hash_of_test,
    read_cases,
)
from evals.errors import EvalError
from service.domain.triage import MoveKind

ROW: dict[str, Any] = {
    "id": "x-1",
    "case": {"brand": "tidewell", "complaint": {"text": "The kettle came in two parts."}},
    "language": "en",
    "kind": "complaint",
    "move": "public_reply",
    "traits": ["plain"],
    "issues": [{"id": "broken", "quote": "came in two parts", "point": "kettle broken"}],
    "policy": ["faulty-on-arrival"],
    "must": [{"type": "act", "act": "apologise", "about": "broken"}],
    "reference": "I'm sorry that your kettle came in two parts.",
    "provenance": {"author": "a", "written": "2026-11-22", "source": "invented"},
}


def all_cases() -> tuple[EvalCase, ...]:
    return (*cases("dev"), *cases("test"))


def test_there_are_enough_in_all_languages() -> None:
    rows = all_cases()
    languages = [row.language for row in rows]
    assert len(rows) >= 150
    assert len({row.id for row in rows}) == len(rows)
    assert 0.5 < languages.count("en") / len(rows) < 0.7
    assert all(languages.count(code) >= 20 for code in ("pl", "es", "de"))


def test_the_splits_share_neither_brand_nor_author() -> None:
    dev, test = (cases(split) for split in ("dev", "test"))
    assert not {row.brand for row in dev} & {row.brand for row in test}
    assert not {row.provenance.author for row in dev} & {row.provenance.author for row in test}


@pytest.mark.parametrize("split", ["dev", "test"])
def test_each_split_holds_what_goes_wrong_in_life(split: found.Split) -> None:
    traits = {trait for row in cases(split) for trait in row.traits}
    assert traits >= {
        *("injection", "repeats_question", "promise_gone_silent", "closing", "no_policy"),
        *("lookalike", "superseded", "personal_data_in_public", "abuse_only", "compliment"),
        *("abuse_with_complaint", "question", "two_issues", "safety", "legal_threat"),
    }


def test_a_reference_fits_its_channel() -> None:
    from evals.brands import brand_of

    for row in all_cases():
        assert 0 < len(row.reference) <= brand_of(row.brand).max_chars(row.case.channel), row.id


def test_every_case_that_is_answered_says_what_a_reply_must_do() -> None:
    assert all(row.must or row.move is MoveKind.NO_REPLY for row in all_cases())


def test_the_test_split_is_the_locked_one() -> None:
    assert found.LOCK.read_text(encoding="utf-8").split()[0] == hash_of_test()
    files = {path for path in CASES.glob("*.jsonl") if path.name != HARVESTED}
    assert {path.stem for path in files} == {*BRANDS["dev"], *BRANDS["test"]}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"kind": "moan"}, r"bad.jsonl, line 2: kind: .*"),
        ({"policy": ["nowhere"]}, "tidewell has no passage nowhere"),
        ({"must": [{"type": "act", "act": "apologise", "about": "brokn"}]}, "no issue brokn"),
        ({"must": [{"type": "policy_value", "value": "3", "passage": "gone"}]}, "no passage gone"),
        ({"issues": [{"id": "a", "quote": "never said", "point": "p"}]}, "'a' quotes words"),
        ({"must": [{"type": "act", "act": "sing"}]}, "line 2: must.0.act.act"),
        ({"must": [{"type": "song"}]}, "line 2: must.0"),
        ({"id": "x-0"}, "the id 'x-0' stands there twice"),
        ({"extra": 1}, "line 2: extra"),
        (
            {"case": {"brand": "tidewel", "complaint": {"text": "It came in two parts."}}},
            "bad.jsonl, line 2: .*no brand 'tidewel': there are .*pinewick.*tidewell",
        ),
        ({"case": {"complaint": {"text": "It came in two parts."}}}, "line 2: .*no brand ''"),
    ],
)
def test_a_bad_row_is_named_by_file_and_line(
    tmp_path: Path, change: dict[str, Any], problem: str
) -> None:
    path = tmp_path / "bad.jsonl"
    good = json.dumps({**ROW, "id": "x-0"})
    path.write_text(f"{good}\n{json.dumps({**ROW, **change})}\n", encoding="utf-8")
    with pytest.raises(EvalError, match=problem):
        read_cases(path)


def test_a_row_cut_short_is_named_without_its_words(tmp_path: Path) -> None:
    path = tmp_path / "cut.jsonl"
    path.write_text(json.dumps(ROW)[:120], encoding="utf-8")
    with pytest.raises(EvalError) as caught:
        read_cases(path)
    assert "cut.jsonl, line 1" in str(caught.value)
    assert "kettle" not in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvalError, match=r"gone.jsonl can't be read"):
        read_cases(tmp_path / "gone.jsonl")
