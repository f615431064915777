import pytest

from evals.guards.agreement import kappa
from evals.guards.figures import Confusion, Share, Tallies, Tally, failures, macro
from evals.guards.thresholds import best_threshold


def test_a_share_has_its_interval() -> None:
    share = Share(8, 10)
    assert share.value == 0.8
    low, high = share.interval
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)  # Wilson's, by the textbook


def test_nothing_counted_is_no_figure() -> None:
    assert Share(0, 0).value is None
    assert Share(0, 0).words() == "-"
    assert macro([None, 0.5, 1.0]) == 0.75


def test_a_tally_counts_three_of_four_ways() -> None:
    tally = Tally()
    for marked, raised in [(True, True), (True, False), (False, True), (False, False)]:
        tally.add(marked, raised)
    assert (tally.found, tally.missed, tally.raised) == (1, 1, 1)
    assert tally.precision.value == tally.recall.value == tally.f1 == 0.5


def test_wrong_rows_are_kept_with_what_was_wrong() -> None:
    tallies = Tallies()
    tallies.add(Confusion("x", "en", "1", "", "a"), marked=True, raised=False)
    tallies.add(Confusion("x", "pl", "2", "", "b"), marked=False, raised=True)
    tallies.add(Confusion("x", "pl", "3", "", "c"), marked=True, raised=True)
    assert [(row.row, row.wrong) for row in tallies.confusions] == [
        ("1", "missed"),
        ("2", "raised"),
    ]
    assert tallies.total("x") == Tally(1, 1, 1)


def test_gates_are_bounds_from_below_or_above() -> None:
    measured = {"recall": 0.7, "false block": 0.04, "gone": None}
    gates = {"recall": 0.75, "false block at most": 0.05, "gone": 0.5}
    assert failures(measured, gates) == [
        "recall: 0.700, asked at least 0.75",
        "gone: nothing was measured",
    ]
    assert failures({"false block": 0.06}, {"false block at most": 0.05})


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ([True, False], [True, False], 1.0),
        ([True, True, False, False], [True, False, True, False], 0.0),
        ([False, False], [False, False], 1.0),
    ],
)
def test_kappa_is_agreement_beyond_chance(
    first: list[bool], second: list[bool], expected: float
) -> None:
    assert kappa(first, second) == pytest.approx(expected)


def test_a_threshold_lies_where_f1_is_best() -> None:
    import numpy as np

    shares = np.array([0.1, 0.2, 0.3, 0.7, 0.8, 0.9])
    assert 0.3 < best_threshold(shares, shares > 0.5) <= 0.7
