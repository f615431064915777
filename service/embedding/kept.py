"""Rows of numbers kept by text: replies share sentences, passages come with every reply."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.float32]
MOST = 20_000


class Shelf:
    """Rows by text, the `most` that were put there last. Thread-safe."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._rows: OrderedDict[str, Rows] = OrderedDict()
        self._lock = threading.Lock()

    def known(self, texts: Iterable[str]) -> dict[str, Rows]:
        """The rows of those texts that have one."""
        with self._lock:
            return {text: self._rows[text] for text in texts if text in self._rows}

    def keep(self, rows: Mapping[str, Rows]) -> None:
        """Put rows there; the oldest make room."""
        with self._lock:
            for text, row in rows.items():
                self._rows[text] = row
                self._rows.move_to_end(text)
            while len(self._rows) > self._most:
                self._rows.popitem(last=False)


class KeptRows:
    """The newest rows that `make` made, for `most` texts; a text is made once. Thread-safe."""

    def __init__(self, make: Callable[[Sequence[str]], Rows], most: int = MOST) -> None:
        self._make = make
        self._shelf = Shelf(most)

    def __call__(self, texts: Iterable[str]) -> Rows:
        """A row for each text, in order."""
        wanted = list(texts)
        if not wanted:
            return np.empty((0, 0), np.float32)
        known = self._shelf.known(wanted)
        missing = [text for text in dict.fromkeys(wanted) if text not in known]
        if missing:
            known.update(zip(missing, self._make(missing), strict=True))
        self._shelf.keep(known)
        return np.stack([known[text] for text in wanted])
