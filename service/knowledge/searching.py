"""What the two searches of a brand's index say: every piece that either of them found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from service.embedding.embedder import BUNDLED_NAME
from service.knowledge.query import Query
from service.knowledge.ranking import Fusion, PartScores, Piece, fusions, search_terms
from service.store.fulltext import FullTextSearch
from service.store.index_plan import POLICY
from service.store.session import Connection
from service.store.vectors import EntryHit, Vectors, VectorSearch

DEPTH = 32


@dataclass(frozen=True)
class Search:
    """A query with its vectors. `points`: one row for each point and their mean, None where the
    index's model is gone and words alone count; `told`: the conversation as the
    trained encoder reads it, and each of several points alone; None where the index is not the
    bundled model's."""

    connection: Connection
    brand_id: str
    revision: int
    model: str
    query: Query
    points: Vectors | None
    told: Vectors | None

    def fusion(self, source: str) -> Fusion:
        """How the parts count for this index."""
        if self.points is None:
            return fusions()["words"]
        return fusions()[source if self.model == BUNDLED_NAME else "unmeasured"]


class PieceSearch:
    """Searches by meaning and by words."""

    def __init__(self, *, vectors: VectorSearch, fulltext: FullTextSearch) -> None:
        self._vectors = vectors
        self._fulltext = fulltext

    async def pieces(self, search: Search, source: str) -> list[Piece]:
        """Every piece that a search found, with what each search says of it."""
        points, told = await self._by_meaning(search, source)
        words = await self._by_words(search, source)
        return _joined(points, told, words, len(search_terms(search.query.whole)))

    async def _by_meaning(
        self, search: Search, source: str
    ) -> tuple[list[list[EntryHit]], list[list[EntryHit]]]:
        """What is nearest to the points; and to the conversation and to each point, as trained."""
        if search.points is None:
            return [], []
        told = search.told if source == POLICY else None
        found = await self._vectors.search(
            search.connection,
            brand_id=search.brand_id,
            source=source,
            model=search.model,
            revision=search.revision,
            queries=search.points if told is None else np.vstack([search.points, told]),
            limit=DEPTH,
        )
        return found[: len(search.points)], found[len(search.points) :]

    async def _by_words(self, search: Search, source: str) -> list[EntryHit]:
        return await self._fulltext.search(
            search.connection,
            brand_id=search.brand_id,
            source=source,
            terms=search_terms(search.query.whole),
            limit=DEPTH,
            model=search.model,
        )


def _joined(
    points: Iterable[Sequence[EntryHit]],
    told: Sequence[Sequence[EntryHit]],
    words: Sequence[EntryHit],
    terms: int,
) -> list[Piece]:
    """One row for each piece: its best point, the conversation, its words."""
    plain, trained, alone = _best_of(points), _best_of(told[:1]), _best_of(told[1:])
    said = {hit.entry_id: hit.score for hit in words}
    known = {hit.entry_id: hit for hits in (*points, *told, words) for hit in hits}
    return [
        Piece(
            hit.ref,
            hit.text,
            PartScores(
                vector=_of(plain, entry_id),
                trained=_of(trained, entry_id),
                alone=_of(alone, entry_id),
                text=said.get(entry_id),
            ),
            terms,
        )
        for entry_id, hit in known.items()
    ]


def _best_of(lists: Iterable[Sequence[EntryHit]]) -> dict[int, float]:
    best: dict[int, float] = {}
    for hits in lists:
        for hit in hits:
            best[hit.entry_id] = max(hit.score, best.get(hit.entry_id, -1.0))
    return best


def _of(best: dict[int, float], entry_id: int) -> float | None:
    """A piece's score; what the list is too short for lies below its last."""
    return best.get(entry_id, min(best.values())) if best else None
