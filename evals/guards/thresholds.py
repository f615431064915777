"""Where to draw the line for each label: chosen on the dev split, never on test.

`python -m evals.guards.thresholds` prints the shares at which each label is best held to be true.
"""

import numpy as np
import numpy.typing as npt

from evals.guards.corpus import sentences
from service.embedding.embedder import Embedder
from service.guards.reader import Reader
from service.guards.reading import Label
from service.settings import EmbeddingSettings

_STEPS = np.linspace(0.04, 0.96, 47)
_PLATEAU, _PRIOR = 0.02, 0.5


def best_threshold(shares: npt.NDArray[np.floating], truth: npt.NDArray[np.bool_]) -> float:
    """The middle of the thresholds with about the best F1, drawn half-way to one half.

    Twenty hits say little about where exactly the line lies, so the prior weighs as much as they.
    """
    scored = [(_f1(shares >= at, truth), at) for at in _STEPS]
    best = max(score for score, _ in scored)
    middle = float(np.median([at for score, at in scored if score >= best - _PLATEAU]))
    return (middle + _PRIOR) / 2


def _f1(raised: npt.NDArray[np.bool_], truth: npt.NDArray[np.bool_]) -> float:
    return 2 * float((raised & truth).sum()) / max(1.0, float(raised.sum() + truth.sum()))


def main() -> None:
    """Print the table for dev."""
    rows = sentences("dev")
    read = Reader(Embedder(EmbeddingSettings())).labels_of([row.text for row in rows])
    for label in Label:
        shares = np.array([one[label] for one in read])
        truth = np.array([label in row.labels for row in rows])
        at = best_threshold(shares, truth)
        raised = shares >= at
        right = (raised & truth).sum()
        print(
            f"{label.value:<24} at {at:.2f}: precision {right / max(1, raised.sum()):.2f}, "
            f"recall {right / max(1, truth.sum()):.2f} of {truth.sum()}"
        )


if __name__ == "__main__":
    main()
