"""Vectors in a quarter of their room: a bit for every number to sift by, a byte to rank by.

A vector of length 1 is the mean plus a step of its own. The bits are the signs of the step: of two
steps the share of equal signs tells the angle well enough to leave out 98 of 100 rows. The bytes
are the step rounded, which ranks the rest nearly as the real numbers would. Pure; the last word
belongs to whoever holds the real vectors.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from service.store.vectors import Vectors

Codes = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]
Places = npt.NDArray[np.intp]
_BLOCK, _FEW = 32_768, 512
"""Rows sifted and ranked together: the work stays in a core's own cache."""
_SAMPLE = 16_384
_SIFTED, _LEAST_SIFTED = 0.02, 6_000
_SLOPE = 1.5
"""How the cosine rises with the share of equal signs: the sine's slope where the nearest lie."""


@dataclass(frozen=True)
class PackedRows:
    """Rows as they are packed: signs, the step's length, the step rounded, what a 1 is worth."""

    codes: Codes
    lengths: Numbers
    rounded: npt.NDArray[np.int8]
    scales: Numbers


@dataclass(frozen=True)
class PackedIndex:
    """The vectors of one group at one revision; ids rise. `codes` has a row for every 64 signs."""

    revision: int
    ids: Ids
    mean: Numbers
    codes: Codes
    lengths: Numbers
    rounded: npt.NDArray[np.int8]
    scales: Numbers

    @property
    def numbers(self) -> int:
        """How many numbers a vector has."""
        return len(self.mean)

    @property
    def bytes(self) -> int:
        """What it takes of the memory."""
        return sum(
            a.nbytes for a in (self.ids, self.codes, self.lengths, self.rounded, self.scales)
        )

    def nearest(self, query: Numbers, count: int) -> Ids:
        """Ids of the rows that are very likely the nearest, in no order."""
        sifted = self._sift(query - self.mean)
        parts = np.split(sifted, range(_FEW, len(sifted), _FEW))
        steps = (self.rounded[part].astype(np.float32) for part in parts)
        ranked = np.concatenate([np.vecdot(some, query) for some in steps])
        if len(sifted) <= count:
            return self.ids[sifted]
        ranked *= self.scales[sifted]
        return self.ids[sifted[np.argpartition(-ranked, count - 1)[:count]]]

    def _sift(self, step: Numbers) -> Places:
        """Places of the rows whose signs are most like the query's."""
        wanted = max(_LEAST_SIFTED, int(_SIFTED * len(self.ids)))
        if wanted >= len(self.ids):
            return np.arange(len(self.ids))
        code = _codes(step[None])[0]
        far = float(np.linalg.norm(step))
        least = self._least(code, far, wanted / len(self.ids))
        found = []
        for start in range(0, len(self.ids), _BLOCK):
            rows = slice(start, start + _BLOCK)
            rough = _rough(self.codes[:, rows], self.lengths[rows], code, far, self.numbers)
            found.append(np.flatnonzero(rough >= least) + start)
        return np.concatenate(found)

    def _least(self, code: Codes, far: float, share: float) -> float:
        """The score that about this share of the rows reaches, as a sample tells."""
        codes, lengths = self._sample
        rough = _rough(codes, lengths, code, far, self.numbers)
        rank = min(int(share * len(rough)), len(rough) - 1)
        return float(-np.partition(-rough, rank)[rank])

    @cached_property
    def _sample(self) -> tuple[Codes, Numbers]:
        every = max(1, len(self.ids) // _SAMPLE)
        return np.ascontiguousarray(self.codes[:, ::every]), self.lengths[::every].copy()


def pack(vectors: Vectors, mean: Numbers) -> PackedRows:
    """Pack vectors, a row each."""
    steps = vectors - mean
    scales = np.abs(steps).max(axis=1) / 127
    by = np.divide(1, scales, out=np.zeros_like(scales), where=scales > 0)
    rounded = np.rint(steps * by[:, None]).astype(np.int8)
    return PackedRows(_codes(steps), np.linalg.norm(steps, axis=1), rounded, scales)


def joined(parts: Sequence[PackedRows], *, ids: Ids, mean: Numbers, revision: int) -> PackedIndex:
    """The parts as one index."""
    return PackedIndex(
        revision=revision,
        ids=ids,
        mean=mean,
        codes=np.ascontiguousarray(np.concatenate([part.codes for part in parts]).T),
        lengths=np.concatenate([part.lengths for part in parts]),
        rounded=np.concatenate([part.rounded for part in parts]),
        scales=np.concatenate([part.scales for part in parts]),
    )


def _codes(steps: Numbers) -> Codes:
    """A bit for every number, in whole words of 64; what fills the last word is 0 everywhere."""
    packed = np.packbits(steps > 0, axis=1)
    missing = -packed.shape[1] % 8
    return np.pad(packed, ((0, 0), (0, missing))).view(np.uint64)


def _rough(codes: Codes, lengths: Numbers, code: Codes, far: float, numbers: int) -> Numbers:
    """The cosine as signs and lengths tell it, but for a part that is the same for all rows."""
    apart = np.bitwise_count(codes[0] ^ code[0]).astype(np.uint16)
    for word in range(1, len(code)):
        apart += np.bitwise_count(codes[word] ^ code[word])
    rough: Numbers = apart.astype(np.float32)
    rough *= -2 * _SLOPE * far / numbers
    rough += _SLOPE * far
    rough -= lengths / 2
    rough *= lengths
    return rough
