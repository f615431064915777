"""Complaints as searches: people tell what happened, policies name what applies.

The bundled encoder with low-rank adapters, trained on complaints and the passages that answer them
(`evals/retrieval/train.py`). A complaint's vector lies where the bundled model puts its passages,
so the index stays as it is and a new training needs no new index.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from service.embedding.embedder import Vectors
from service.embedding.kept import KeptRows

if TYPE_CHECKING:
    from service.embedding.e5_encoder import Encoder

WEIGHTS = Path(__file__).parent / "weights" / "complaints.npz"
PREFIX = "query: "
_KEPT = 2_000


def weights_version(weights: Path = WEIGHTS) -> str:
    """The version of the trained weights: a hash of them."""
    with np.load(weights, allow_pickle=False) as held:
        return str(held["version"])


class ComplaintEncoder:
    """Complaints to unit vectors, float32 of shape (texts, 384); loads on first use (2 s)."""

    def __init__(self, weights: Path = WEIGHTS) -> None:
        self._path = weights
        self._rows = KeptRows(self._embed, _KEPT)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors in the order of the texts; blocks the thread for about 0.2 ms a character."""
        return self._rows(texts)

    def warm_up(self) -> None:
        """Load the network and run it once."""
        self.embed(["The lamp came broken."])

    def _embed(self, texts: Sequence[str]) -> Vectors:
        from service.embedding.e5_encoder import pooled

        encoder = network(self._path)
        rows = pooled(encoder, [encoder.tokens(PREFIX + text) for text in texts])
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


@cache
def network(weights: Path) -> "Encoder":
    """One network a process, however many services share it (90 MB)."""
    from service.embedding.e5_encoder import adapted

    with np.load(weights, allow_pickle=False) as held:
        return adapted(dict(held))
