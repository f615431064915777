"""What trained heads over the bundled encoder share: their weights' files, scores as shares."""

from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Weights = dict[str, npt.NDArray[np.generic]]


@cache
def read_weights(path: Path) -> Weights:
    """The arrays of a file by name; read once a process."""
    with np.load(path, allow_pickle=False) as held:
        return dict(held)


def sigmoid(scores: Floats) -> Floats:
    """Each score as a share for itself."""
    return np.asarray(1 / (1 + np.exp(-scores)), np.float32)


def softmax(scores: Floats) -> Floats:
    """Scores as shares that add up to 1 along the last axis."""
    grown = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(grown / grown.sum(axis=-1, keepdims=True), np.float32)
