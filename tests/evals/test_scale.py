"""The bench of scale, on a scale that takes a second."""

from pathlib import Path

import numpy as np
import pytest

from evals.bench.scale import Bench, truth_of
from evals.bench.scale_rows import Material, Rows
from tests.store.shelves import directions

FEW = 300


@pytest.fixture
def rows() -> Rows:
    texts = ["The lamp is broken. Send it back.", "A parcel is late. We pay ten euros."]
    found = Material("made up", texts, directions(40), ["Where is my parcel?"] * 8, directions(8))
    return Rows(found, seed=3)


def test_rows_follow_from_the_seed(rows: Rows) -> None:
    ((_, few),) = rows.blocks(FEW)
    ((_, more),) = rows.blocks(2 * FEW)
    assert (few == more[:FEW]).all()
    assert np.linalg.norm(few, axis=1) == pytest.approx(1, abs=1e-5)
    assert rows.texts(0, 5) == rows.texts(0, 5)


def test_truth_is_that_of_all_products(rows: Rows) -> None:
    ((_, vectors),) = rows.blocks(FEW)
    best = np.argsort(-(rows.material.asked @ vectors.T), axis=1, kind="stable")[:, :10]
    assert (truth_of(rows, FEW) == best).all()


def test_the_embedded_store_is_measured(rows: Rows, tmp_path: Path) -> None:
    bench = Bench(rows, (FEW,), ("plain", "vectors", "words"), tmp_path, None)
    figures = {figure.name: figure for figure in bench.run()}
    assert figures["recall of the true ten"].value == 1
    assert figures["one query, p50"].value > 0
    assert figures["search for words, p50"].value > 0
    assert "at least 0.99  ok" in figures["recall of the true ten"].line()
