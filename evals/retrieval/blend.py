"""Blend two trainings into one encoder: `python -m evals.retrieval.blend FIRST SECOND`.

The mean of two sets of adapters finds more than either (Wortsman et al. 2022, model soups), and
taking only a part of the way from the plain encoder keeps what it knew of plain questions (Wortsman
et al. 2022, WiSE-FT): XQuAD rose from .966 to .973 at the same hit rate on our own complaints.
"""

import argparse
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from evals.lora import save
from service.embedding.complaints import WEIGHTS

PART = 0.8
Array = npt.NDArray[np.generic]
Arrays = Mapping[str, Array]


def blended(first: Arrays, second: Arrays, part: float = PART) -> dict[str, Array]:
    """Adapters whose product is the mean of both products, times `part`; the rank doubles."""
    found: dict[str, Array] = {}
    for name in first:
        if not name.startswith(("up.", "down.")):
            continue
        both = [weights[name].astype(np.float32) for weights in (first, second)]
        if name.startswith("up."):
            joined = np.concatenate([one * part / 2 for one in both], axis=1)
        else:
            joined = np.concatenate(both, axis=0)
        found[name] = joined.astype(np.float16)
    return found


def main() -> None:
    """Write the blend where production reads it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    asked = parser.parse_args()
    version = save(blended(np.load(asked.first), np.load(asked.second)), asked.output)
    print(f"{asked.output.name} {version}, {asked.output.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
