"""The labelled edits, and how well production tells their kinds."""

from collections import Counter

import pytest

from evals.edits.measure import lines, measure
from evals.edits.rows import pairs
from service.domain.edits import EditKind

_LEAST_PRECISION, _LEAST_RECALL = 0.75, 0.78
"""Below what was measured on the half of the rows that no rule was made for."""


def test_pairs_are_many_varied_and_each_their_own() -> None:
    rows = pairs()
    assert len(rows) >= 60
    assert len({row.id for row in rows}) == len({row.before for row in rows}) == len(rows)
    assert min(Counter(row.language for row in rows).values()) >= 12
    assert all(row.before != row.after for row in rows)
    for split in ("dev", "test"):
        assert {kind for row in rows if row.split == split for kind in row.kinds} == set(EditKind)


@pytest.mark.slow
async def test_kinds_are_told_apart_at_least_this_well() -> None:
    measured = await measure()
    for split in ("dev", "test"):
        whole = measured.whole(split)
        told = "\n".join(lines(measured))
        assert (whole.precision.value or 0) >= _LEAST_PRECISION, told
        assert (whole.recall.value or 0) >= _LEAST_RECALL, told
