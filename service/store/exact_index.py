"""Exact cosine search over rows in memory: all of a small brand, the last few of a large one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from service.store.groups import Group
from service.store.vector_rows import VectorRow, stacked
from service.store.vectors import EntryHit, Vectors

_ROW_BYTES = 400
"""What Python needs for a row beside its vector and the words."""


@dataclass(frozen=True)
class ExactIndex:
    """Rows by id, with their vectors as one matrix."""

    revision: int
    ids: list[int]
    refs: list[str]
    texts: list[str]
    matrix: Vectors

    @property
    def numbers(self) -> int:
        """How many numbers a vector has."""
        return int(self.matrix.shape[1])

    @property
    def bytes(self) -> int:
        """What it takes of the memory, roughly."""
        words = sum(len(text) for text in self.texts)
        return self.matrix.nbytes + words + _ROW_BYTES * len(self.ids)

    def nearest(self, queries: Vectors, limit: int) -> list[list[EntryHit]]:
        """For each query the nearest rows, best first; of equal ones the older."""
        if not self.ids or limit < 1:
            return [[] for _ in queries]
        # Row by row: a product of matrices takes all cores, and waits long for one that is busy.
        return [self._best(np.vecdot(self.matrix, query), limit) for query in queries]

    def _best(self, scores: Vectors, limit: int) -> list[EntryHit]:
        if limit < len(scores):
            least = -np.partition(-scores, limit - 1)[limit - 1]
            places = np.flatnonzero(scores >= least)
        else:
            places = np.arange(len(scores))
        order = places[np.argsort(-scores[places], kind="stable")][:limit]
        return [EntryHit(self.ids[n], self.refs[n], self.texts[n], float(scores[n])) for n in order]


def exact_index(group: Group, rows: Sequence[VectorRow], revision: int) -> ExactIndex:
    """An index over these rows, which come by id."""
    return ExactIndex(
        revision=revision,
        ids=[row.id for row in rows],
        refs=[row.ref for row in rows],
        texts=[row.text for row in rows],
        matrix=stacked(group, [row.vector for row in rows]),
    )
