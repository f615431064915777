"""The labelled complaints name passages that are there, and no brand is trained and measured on."""

from pathlib import Path
from typing import get_args

import pytest

from evals.brands import policy_of
from evals.errors import EvalError
from evals.retrieval.figures import Judged, figures
from evals.retrieval.rows import (
    Split,
    active_policy,
    brands,
    cases,
    corpora,
    read_rows,
    training_cases,
)

SPLITS: tuple[Split, ...] = get_args(Split)


@pytest.mark.parametrize("split", SPLITS)
def test_rows_name_passages_in_force(split: Split) -> None:
    seen = set()
    for row in cases(split):
        known = {passage.id for passage in active_policy(row.brand)}
        assert set(row.relevant) <= known, row.id
        assert set(row.lookalikes) <= known, row.id
        assert not set(row.relevant) & set(row.lookalikes), row.id
        assert row.id not in seen
        seen.add(row.id)


def test_there_are_enough_rows_of_each_kind() -> None:
    rows = [row for split in SPLITS for row in cases(split)]
    assert len(rows) >= 300
    assert sum(not row.relevant for row in rows) >= 60
    assert {row.language for row in rows} == {"en", "pl", "es", "de"}


def test_what_is_trained_on_is_not_measured() -> None:
    assert not set(corpora()) & {brand for split in SPLITS for brand in brands(split)}
    measured = {row.complaint.casefold() for split in SPLITS for row in cases(split)}
    for name in corpora():
        known = {passage.id for passage in policy_of(name)}
        for row in training_cases(name):
            assert set(row.relevant) <= known, row.id
            assert row.complaint.casefold() not in measured, row.id


@pytest.mark.parametrize(
    ("brand", "problem"),
    [('"garden"', None), ('"hallden"', "no brand 'hallden': there are .*halden"), ("3", "brand: ")],
)
def test_a_row_of_an_unknown_brand_is_named_by_its_line(
    tmp_path: Path, brand: str, problem: str | None
) -> None:
    path = tmp_path / "x.jsonl"
    row = '{"id": "a", "brand": %s, "language": "en", "complaint": "Nobody came."}\n'
    path.write_text(row % '"halden"' + "\n" + row % brand, encoding="utf-8")
    if problem is None:
        assert [one.brand for one in read_rows(path)] == ["halden", "garden"]
        return
    with pytest.raises(EvalError, match=f"x.jsonl, line 3: .*{problem}"):
        list(read_rows(path))


def test_figures_of_a_known_ranking() -> None:
    right = Judged("en", frozenset("a"), frozenset("b"), ("b", "a"), ("b", "a"))
    misled = Judged("en", frozenset("a"), frozenset("b"), ("b", "c"), ("b",))
    silent = Judged("de", frozenset(), frozenset(), ("c",), ())
    found = {name: figure.value for name, figure in figures([right, misled, silent]).items()}
    assert found["hit@1"] == 0.0
    assert found["hit@3"] == 0.5
    assert found["MRR"] == 0.25
    assert found["nDCG@10"] == pytest.approx(0.6309 / 2, abs=1e-3)
    assert found["misled by a look-alike"] == 0.5
    assert found["nothing recall"] == 1.0
    assert found["nothing false alarm"] == 0.0
