"""Fit the head's weights on our own sentences: `python -m evals.guards.hate.train`.

Logistic regression by Newton's method in float64 from zero: nothing is drawn by chance, so the
same sentences and the same embedding give the same weights.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from evals.guards.hate.rows import HateRow, embedded, own_rows
from service.embedding.embedder import Vectors
from service.triage.hate import EmbeddedPoints
from service.triage.hate_head import WEIGHTS, joint_inputs
from service.triage.hate_marks import NAMES, Numbers, marked_clauses, numbers
from service.triage.tagging import clauses_of

RIDGE_MARKS, RIDGE_BOTH = 2.0, 2.0
"""Strength of the pull towards zero, chosen by cross-validation on our own sentences."""
_STEPS = 30

Floats = npt.NDArray[np.float64]


def marks_of(row: HateRow) -> Numbers:
    """The marks of a whole short text."""
    return numbers(marked_clauses(clauses_of(row.text, row.language)))


def vector_of(points: EmbeddedPoints) -> Vectors:
    """The mean vector of a whole short text."""
    found = points.between(0, max(point.end for point in points.points))
    assert found is not None, "a text has points"  # noqa: S101
    return found


def fit(inputs: Floats, hate: Sequence[bool], ridge: float) -> Floats:
    """Weights and bias; both classes weigh the same, and the bias is free."""
    targets = np.array(hate, np.float64)
    share = targets.mean()
    weights = np.where(targets > 0, 0.5 / share, 0.5 / (1 - share))
    design = np.hstack([inputs, np.ones((len(inputs), 1))])
    pull = np.full(design.shape[1], ridge)
    pull[-1] = 1e-6
    found = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        odds = 1 / (1 + np.exp(-design @ found))
        slope = design.T @ (weights * (odds - targets)) + pull * found
        curve = (design * (weights * odds * (1 - odds))[:, None]).T @ design + np.diag(pull)
        found = found - np.linalg.solve(curve, slope)
    return found


def main() -> None:
    """Train on everything that we wrote and keep the weights beside the triage code."""
    rows = own_rows()
    hate = [row.hate for row in rows]
    marks = np.stack([marks_of(row) for row in rows])
    vectors = np.stack([vector_of(points) for points in embedded([row.text for row in rows])])
    middle = vectors.mean(axis=0)
    both = joint_inputs(marks, vectors, middle)
    WEIGHTS.parent.mkdir(exist_ok=True)
    np.savez(
        WEIGHTS,
        names=np.array(NAMES),
        marks=fit(marks.astype(np.float64), hate, RIDGE_MARKS).astype(np.float32),
        both=fit(both.astype(np.float64), hate, RIDGE_BOTH).astype(np.float32),
        middle=middle.astype(np.float32),
    )


if __name__ == "__main__":
    main()
