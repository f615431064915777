import pytest

from evals.drafting.figures import clustered, difference, figures
from evals.drafting.scoring import CaseScore


def scored(name: str, brand: str, ready: str, danger: str = "none", **values: bool) -> CaseScore:
    return CaseScore(
        case_id=name,
        brand=brand,
        language="en",
        kind="complaint",
        traits=("plain",),
        eligible=True,
        values={"ready": ready, "danger": danger, **values},
    )


def test_cases_of_one_brand_count_as_alike() -> None:
    """Two brands, one all good and one all bad: the cases alone would look far surer."""
    values = [1.0] * 50 + [0.0] * 50
    by_brand = clustered(values, ["a"] * 50 + ["b"] * 50)
    by_case = clustered(values, [str(n) for n in range(100)])
    assert by_brand is not None
    assert by_case is not None
    assert by_brand.value == by_case.value == 0.5
    assert (by_brand.low, by_brand.high) == (0.0, 1.0)
    assert by_case.low == pytest.approx(0.40, abs=0.02)
    assert by_case.high == pytest.approx(0.60, abs=0.02)


def test_nothing_has_no_mean() -> None:
    assert clustered([], []) is None


def test_a_paired_difference_has_mcnemars_exact_p() -> None:
    """Ten cases got better, two worse: the textbook's two-sided binomial."""
    pairs = [(0.0, 1.0)] * 10 + [(1.0, 0.0)] * 2 + [(1.0, 1.0)] * 20
    found = difference("x", pairs, [str(n) for n in range(len(pairs))])
    assert (found.better, found.worse, found.count) == (10, 2, 32)
    assert found.p == pytest.approx(0.0386, abs=0.0001)
    assert found.change == pytest.approx(0.25)
    assert found.low < 0.25 < found.high


def test_runs_that_agree_differ_by_luck_alone() -> None:
    assert difference("x", [(1.0, 1.0), (0.0, 0.0)], ["a", "b"]).p == 1.0


def unscored(one: CaseScore, *failed: str) -> CaseScore:
    return one.model_copy(update={"values": {}, "failed": failed})


def test_what_was_not_drafted_or_not_scored_is_in_no_figure() -> None:
    found = figures(
        [
            scored("1", "a", "send_ready", must=True),
            unscored(scored("2", "a", "unusable")),
            unscored(scored("3", "a", "unusable"), "danger", "ready"),
            scored("4", "a", "unusable", must=False).model_copy(update={"failed": ("danger",)}),
        ]
    )
    assert found.readiness == {"send_ready": 1}
    assert found.send_ready is not None
    assert found.dangerous is not None
    assert found.send_ready.count == found.dangerous.count == found.scores["must"].count == 1
    assert found.failed == {"danger": 2, "ready": 1}


def test_a_holding_reply_and_silence_are_neither_dangerous_nor_safe() -> None:
    held, silent = scored("2", "a", "needs_edit"), scored("3", "a", "unusable")
    for one in (held, silent):
        del one.values["danger"]
    found = figures([scored("1", "a", "unusable", "false_fact"), held, silent])
    assert found.dangerous is not None
    assert (found.dangerous.value, found.dangerous.count) == (1.0, 1)
    assert found.readiness == {"unusable": 2, "needs_edit": 1}


def test_readiness_counts_eligible_cases_and_dangers_all_that_were_drafted() -> None:
    found = figures(
        [
            scored("1", "a", "send_ready", must_not=True),
            scored("2", "a", "unusable", "false_fact, private_data", must_not=False),
            scored("3", "b", "needs_edit").model_copy(update={"eligible": False}),
            scored("4", "b", "needs_edit").model_copy(update={"failed": ("must",)}),
        ]
    )
    assert found.readiness == {"send_ready": 1, "unusable": 1, "needs_edit": 1}
    assert found.send_ready is not None
    assert found.send_ready.count == 3
    assert found.dangerous is not None
    assert found.dangerous.value == 0.25
    assert found.dangers == {"false_fact": 1, "private_data": 1}
    assert found.scores["must_not"].count == 2
    assert "ready" not in found.scores
    assert found.failed == {"must": 1}
