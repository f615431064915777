"""The weights that tell hate from its contrasts: marks alone, or marks and meaning.

They are made by `python -m evals.guards.hate.train` from sentences of our own and are valid for
the bundled embedding only; with any other the marks decide alone.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from service.embedding.embedder import Vectors
from service.triage.hate_marks import NAMES, Numbers

WEIGHTS = Path(__file__).parent / "weights" / "hate.npz"
MARK_SCALE, VECTOR_SCALE = 1.5, 4.0


@dataclass(frozen=True)
class HateHead:
    """Two linear heads; each ends in its bias."""

    marks: Numbers
    both: Numbers
    middle: Vectors

    def score(self, marks: Numbers, vector: Vectors | None) -> float:
        """Log odds of hate: above 0 it is hate."""
        if vector is None or vector.shape != self.middle.shape:
            return float(marks @ self.marks[:-1] + self.marks[-1])
        inputs = joint_inputs(marks, vector, self.middle)
        return float(inputs @ self.both[:-1] + self.both[-1])


def joint_inputs(marks: Numbers, vector: Vectors, middle: Vectors) -> Numbers:
    """Marks and meaning side by side, scaled so that neither drowns the other."""
    parts = [marks * MARK_SCALE, (vector - middle) * VECTOR_SCALE]
    return np.concatenate(parts, axis=-1).astype(np.float32)


@cache
def load_hate_head() -> HateHead:
    """The head that is shipped; refuses weights made for other marks."""
    with np.load(WEIGHTS, allow_pickle=False) as kept:
        if tuple(kept["names"]) != NAMES:
            raise ValueError("hate.npz is out of date: run `python -m evals.guards.hate.train`")
        return HateHead(kept["marks"], kept["both"], kept["middle"])
