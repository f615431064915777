"""Fit the head that tells a brand's name from the same word: `python -m evals.mentions.train`.

Logistic regression by Newton's method from zero on the rows of train and dev: the same rows and
the same encoder give the same weights. `--check` instead leaves each brand out in turn and says
how well the others foresee it; that is what the strengths below were chosen by.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evals.guards.figures import Tally
from evals.guards.hate.train import fit
from evals.mentions.rows import brands, rows
from service.embedding.embedder import Embedder
from service.settings import EmbeddingSettings
from service.triage.brand_context import NAMES
from service.triage.brand_finder import WEIGHTS, BrandFinder, NameHead
from service.triage.brand_names import names_of, read_post

RIDGE = 1.0
"""Strength of the pull towards zero."""
SPREAD = 10.0
"""How far the 768 numbers of a name's use reach beside the few others, as standard deviations."""
_USED = 768

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Seen:
    """A row whose brand is only named, not marked: its places' inputs, (places, inputs)."""

    brand: str
    counts: bool
    inputs: Floats


def seen_rows() -> Iterator[Seen]:
    """What the head has to decide on, of the rows of train and dev."""
    finder = BrandFinder(Embedder(EmbeddingSettings()))
    for row in (*rows("train"), *rows("dev")):
        brand = brands()[row.brand]
        names, post = names_of(brand), read_post(row.text)
        places = names.places(post)
        if places and not names.marked(post):
            inputs = finder.inputs(row.text, places, brand.name, brand.mentions.about)
            yield Seen(row.brand, row.counts, inputs)


def trained(seen: Sequence[Seen]) -> NameHead:
    """The head for these rows, each place of a row one example."""
    inputs = np.concatenate([one.inputs for one in seen]).astype(np.float64)
    counts = [one.counts for one in seen for _ in one.inputs]
    used = inputs[:, :_USED]
    middle, scale = used.mean(axis=0), (used.std(axis=0) + 1e-3) * SPREAD
    design = np.concatenate([(used - middle) / scale, inputs[:, _USED:]], axis=1)
    weights = fit(design, counts, RIDGE)
    return NameHead(*(part.astype(np.float32) for part in (middle, scale, weights)))


def left_out(seen: Sequence[Seen]) -> Tally:
    """How each brand's rows are read by a head that never saw the brand."""
    tally = Tally()
    for brand in dict.fromkeys(one.brand for one in seen):
        head = trained([one for one in seen if one.brand != brand])
        for one in seen:
            if one.brand == brand:
                tally.add(one.counts, bool(head.odds(one.inputs).max() > 0))
    return tally


def main() -> None:
    """Train on everything but the test rows, and keep the weights beside the triage code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="leave each brand out in turn")
    asked = parser.parse_args()
    seen = list(seen_rows())
    if asked.check:
        tally = left_out(seen)
        print(f"precision {tally.precision.words()}, recall {tally.recall.words()}, F1 {tally.f1}")
        return
    head = trained(seen)
    WEIGHTS.parent.mkdir(exist_ok=True)
    np.savez(
        WEIGHTS, names=np.array(NAMES), middle=head.middle, scale=head.scale, weights=head.weights
    )


if __name__ == "__main__":
    main()
