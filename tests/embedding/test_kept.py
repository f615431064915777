from collections.abc import Sequence

import numpy as np

from service.embedding.kept import KeptRows, Rows


class Maker:
    """Counts what it makes."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def __call__(self, texts: Sequence[str]) -> Rows:
        self.made += texts
        return np.array([[len(text), 1] for text in texts], np.float32)


def test_a_text_is_made_once() -> None:
    maker = Maker()
    rows = KeptRows(maker)
    first = rows(["one", "three", "one"])
    assert first[:, 0].tolist() == [3, 5, 3]
    assert rows(["three", "eleven"])[:, 0].tolist() == [5, 6]
    assert maker.made == ["one", "three", "eleven"]


def test_no_texts_make_no_rows() -> None:
    maker = Maker()
    assert KeptRows(maker)([]).shape == (0, 0)
    assert not maker.made


def test_the_oldest_make_room() -> None:
    maker = Maker()
    rows = KeptRows(maker, most=2)
    rows(["a", "b"])
    rows(["a"])
    rows(["c"])
    rows(["a"])
    assert maker.made == ["a", "b", "c"]
    rows(["b"])
    assert maker.made == ["a", "b", "c", "b"]
