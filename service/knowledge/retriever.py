"""Find the policy that applies and past replies worth imitating, or nothing."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TypeVar

import numpy as np

from service.domain.brand import Brand
from service.domain.knowledge import (
    Evidence,
    FoundPassage,
    FoundReply,
    PolicyPassage,
    Scores,
)
from service.embedding.complaints import ComplaintEncoder, weights_version
from service.embedding.embedder import BUNDLED_NAME, Embedder, Side, TextVectors
from service.embedding.older import OlderModels
from service.knowledge.found import found_passage, ranked_passage, ranked_reply
from service.knowledge.query import Query
from service.knowledge.ranking import (
    Fusion,
    PartScores,
    Piece,
    fuse,
    fusion_version,
    fusions,
    search_terms,
    strength_of,
    unlike,
)
from service.settings import RetrievalSettings
from service.store.brands import BrandRepository
from service.store.fulltext import FullTextSearch
from service.store.knowledge import KnowledgeRepository
from service.store.search_index import PAST_REPLY, POLICY, SearchIndex
from service.store.session import Connection, Database
from service.store.vectors import EntryHit, Vectors, VectorSearch

_DEPTH = 32
_LANGUAGE, _KIND, _CHANNEL = 1.0, 0.5, 0.3
"""What an example of the same language, kind or channel is worth, in log odds."""
Found = TypeVar("Found", FoundPassage, FoundReply)


@dataclass(frozen=True)
class _Search:
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


@cache
def retrieval_version() -> str:
    """What a search's results depend on besides the brand: the trained encoder and the fusion."""
    return f"{weights_version()}-{fusion_version()}"


class Retriever:
    """Brand filter first, then meaning and words fused; policy and past replies stay apart."""

    def __init__(
        self,
        *,
        database: Database,
        embedder: Embedder,
        complaints: ComplaintEncoder,
        older: OlderModels,
        brands: BrandRepository,
        index: SearchIndex,
        knowledge: KnowledgeRepository,
        vectors: VectorSearch,
        fulltext: FullTextSearch,
        settings: RetrievalSettings,
    ) -> None:
        self._database = database
        self._embedder = embedder
        self._complaints = complaints
        self._older = older
        self._brands = brands
        self._index = index
        self._knowledge = knowledge
        self._vectors = vectors
        self._fulltext = fulltext
        self._settings = settings

    async def retrieve(self, brand: Brand, query: Query, vectors: TextVectors) -> Evidence:
        """The evidence for a complaint; empty where nothing passes the cut-off."""
        if not query.whole:
            return Evidence()
        while True:
            async with self._database.read() as connection:
                model = await self._model_of(connection, brand)
            points = await self._points(query, model, vectors)
            told = await self._told(query, model)
            async with self._database.read() as connection:
                if model != await self._model_of(connection, brand):
                    continue  # the brand was re-indexed just now
                revision = await self._brands.knowledge_revision(connection, brand.id)
                search = _Search(connection, brand.id, revision, model, query, points, told)
                return Evidence(
                    policy=await self._policy(search),
                    past_replies=await self._past_replies(search),
                )

    async def passages(
        self, brand: Brand, ids: Sequence[str], today: date
    ) -> tuple[FoundPassage, ...]:
        """Named passages that are in force, as if they had been found."""
        async with self._database.read() as connection:
            stored = await self._knowledge.policy(connection, brand.id)
        chosen = [p for p in stored if p.id in ids and p.in_force(today)]
        return tuple(found_passage(p, 1.0, p.text, Scores()) for p in chosen)

    async def superseded(self, brand: Brand, today: date) -> tuple[PolicyPassage, ...]:
        """Passages that no longer apply: what an old rule said must not be said again."""
        async with self._database.read() as connection:
            found = await self._knowledge.superseded(connection, brand.id, today, limit=_DEPTH)
        return tuple(found)

    async def _model_of(self, connection: Connection, brand: Brand) -> str:
        return await self._index.model_of(connection, brand.id) or self._embedder.name

    async def _points(self, query: Query, model: str, vectors: TextVectors) -> Vectors | None:
        """The points as the brand's index can be searched for them, and all of them together.

        The whole costs no embedding: its cosine with a piece is the mean of its points' cosines,
        so the middle stays as short as it is.
        """
        points = [point for point in query.points if point.strip()] or [query.whole]
        if model == self._embedder.name:
            found = await vectors.of(points)
        elif older := await self._older.of(model):
            found = await asyncio.to_thread(older.embed, points, Side.QUERY)
        else:
            return None
        return np.vstack([found, found.mean(axis=0)])

    async def _told(self, query: Query, model: str) -> Vectors | None:
        if model != BUNDLED_NAME:
            return None
        # Two troubles in one text lie between two rules: each is searched for alone as well.
        return await asyncio.to_thread(self._complaints.embed, [query.whole, *query.troubles])

    async def _policy(self, search: _Search) -> tuple[FoundPassage, ...]:
        query, fusion = search.query, search.fusion(POLICY)
        ranked = fuse(await self._pieces(search, POLICY), fusion=fusion, limit=_DEPTH)
        refs = [_split_ref(item.ref) for item in ranked]
        stored = await self._knowledge.passages_by_ref(search.connection, search.brand_id, refs)
        found = [
            ranked_passage(stored[key], item, fusion, query.whole)
            for key, item in zip(refs, ranked, strict=True)
            if key in stored and stored[key].in_force(query.today)
        ]
        wanted = self._settings.policy if query.policy is None else query.policy
        return tuple(_kept(found, query.cut_off)[:wanted])

    async def _past_replies(self, search: _Search) -> tuple[FoundReply, ...]:
        query, fusion = search.query, search.fusion(PAST_REPLY)
        wanted = self._settings.past_replies if query.past_replies is None else query.past_replies
        if not wanted:
            return ()
        ranked = fuse(await self._pieces(search, PAST_REPLY), fusion=fusion, limit=_DEPTH)
        ids = [item.ref for item in ranked]
        stored = await self._knowledge.replies_by_id(search.connection, search.brand_id, ids)
        found = [
            ranked_reply(stored[item.ref], item, fusion, query.whole)
            for item in ranked
            if item.ref in stored
        ]
        kept = sorted(_kept(found, query.cut_off), key=_prefer(query))
        if not query.cut_off:
            return tuple(kept[:wanted])
        return tuple(kept[n] for n in unlike((one.reply for one in kept), wanted=wanted))

    async def _pieces(self, search: _Search, source: str) -> list[Piece]:
        """Every piece that a search found, with what each search says of it."""
        points, told = await self._by_meaning(search, source)
        words = await self._by_words(search, source)
        return _joined(points, told, words, len(search_terms(search.query.whole)))

    async def _by_meaning(
        self, search: _Search, source: str
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
            limit=_DEPTH,
        )
        return found[: len(search.points)], found[len(search.points) :]

    async def _by_words(self, search: _Search, source: str) -> list[EntryHit]:
        return await self._fulltext.search(
            search.connection,
            brand_id=search.brand_id,
            source=source,
            terms=search_terms(search.query.whole),
            limit=_DEPTH,
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


def _kept(found: list[Found], cut_off: bool) -> list[Found]:
    return [item for item in found if item.scores.relevant] if cut_off else found


def _split_ref(ref: str) -> tuple[str, str]:
    passage_id, _, version = ref.partition("\n")
    return passage_id, version


def _prefer(query: Query) -> Callable[[FoundReply], float]:
    """Best first; an example of the same language, kind and channel is worth a weaker match."""

    def key(found: FoundReply) -> float:
        return -(
            strength_of(found.score)
            + _LANGUAGE * (found.language == query.language)
            + _KIND * (found.kind is not None and found.kind is query.kind)
            + _CHANNEL * (found.channel is query.channel)
        )

    return key
