"""Rows of numbers kept by text: replies share sentences, passages come with every reply."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.float32]
MOST = 20_000


class KeptRows:
    """The newest rows that `make` made, for `most` texts; a text is made once. Thread-safe."""

    def __init__(self, make: Callable[[Sequence[str]], Rows], most: int = MOST) -> None:
        self._make = make
        self._most = most
        self._rows: OrderedDict[str, Rows] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, texts: Iterable[str]) -> Rows:
        """A row for each text, in order."""
        wanted = list(texts)
        if not wanted:
            return np.empty((0, 0), np.float32)
        with self._lock:
            known = {text: self._rows[text] for text in wanted if text in self._rows}
        missing = [text for text in dict.fromkeys(wanted) if text not in known]
        if missing:
            known.update(zip(missing, self._make(missing), strict=True))
        self._keep(known)
        return np.stack([known[text] for text in wanted])

    def _keep(self, rows: dict[str, Rows]) -> None:
        with self._lock:
            for text, row in rows.items():
                self._rows[text] = row
                self._rows.move_to_end(text)
            while len(self._rows) > self._most:
                self._rows.popitem(last=False)
