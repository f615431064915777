import numpy as np
import pytest

from evals.retrieval.blend import blended
from evals.retrieval.rows import corpora


def test_the_product_of_a_blend_is_a_part_of_the_mean_product() -> None:
    dice = np.random.default_rng(7)
    one, two = (
        {"up.6.q": dice.normal(size=(8, 2)), "down.6.q": dice.normal(size=(2, 8)), "version": "x"}
        for _ in range(2)
    )
    made = blended(one, two, part=0.8)  # type: ignore[arg-type]
    product = made["up.6.q"].astype(float) @ made["down.6.q"].astype(float)
    mean = sum(w["up.6.q"] @ w["down.6.q"] for w in (one, two)) / 2  # type: ignore[operator]
    assert product == pytest.approx(0.8 * mean, abs=0.02)
    assert set(made) == {"up.6.q", "down.6.q"}


def test_a_round_is_a_part_of_all_brands() -> None:
    assert set(corpora("first")) < set(corpora())
    assert len(corpora("first")) == 48
