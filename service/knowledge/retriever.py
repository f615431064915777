"""Find the policy that applies and past replies worth imitating, or nothing."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import numpy as np

from service.domain.brand import Brand
from service.domain.knowledge import (
    Evidence,
    FoundPassage,
    FoundReply,
    PastReply,
    PolicyPassage,
    Scores,
)
from service.embedding.embedder import BUNDLED_NAME, Embedder, TextVectors
from service.knowledge.ranking import Calibration, PartScores, Piece, Ranked, fuse, search_terms
from service.settings import RetrievalSettings
from service.store.brands import BrandRepository
from service.store.fulltext import FullTextSearch
from service.store.knowledge import KnowledgeRepository
from service.store.search_index import PAST_REPLY, POLICY
from service.store.session import Connection, Database
from service.store.vectors import EntryHit, Vectors, VectorSearch

CALIBRATIONS = {
    BUNDLED_NAME: Calibration(floor=0.78, ceiling=0.88, cut_off=0.38),
}
UNMEASURED = Calibration(floor=0.15, ceiling=0.65, cut_off=0.35)
SAME_LANGUAGE_BONUS = 0.25
_DEPTH = 24
Found = TypeVar("Found", FoundPassage, FoundReply)


def passage_ref(passage: PolicyPassage) -> str:
    """What index entries call a passage."""
    return f"{passage.id}\n{passage.version}"


@dataclass(frozen=True, kw_only=True)
class Query:
    """What to look for: the points raised (each searched for alone) and the day that counts."""

    points: tuple[str, ...]
    language: str
    today: date
    cut_off: bool = True
    policy: int | None = None
    past_replies: int | None = None


@dataclass(frozen=True)
class _Search:
    connection: Connection
    brand_id: str
    revision: int
    points: tuple[str, ...]
    vectors: Vectors


class Retriever:
    """Brand filter first, then meaning and words fused; policy and past replies stay apart."""

    def __init__(
        self,
        *,
        database: Database,
        embedder: Embedder,
        brands: BrandRepository,
        knowledge: KnowledgeRepository,
        vectors: VectorSearch,
        fulltext: FullTextSearch,
        settings: RetrievalSettings,
    ) -> None:
        self._database = database
        self._embedder = embedder
        self._brands = brands
        self._knowledge = knowledge
        self._vectors = vectors
        self._fulltext = fulltext
        self._settings = settings

    async def retrieve(self, brand: Brand, query: Query, vectors: TextVectors) -> Evidence:
        """The evidence for a complaint; empty where nothing passes the cut-off."""
        points = tuple(point for point in query.points if point.strip())
        if not points:
            return Evidence()
        embedded = await vectors.of(points)
        async with self._database.read() as connection:
            revision = await self._brands.knowledge_revision(connection, brand.id)
            # The whole complaint as one more query costs no embedding: its cosine with a piece is
            # the mean of its points' cosines, so the middle stays as short as it is.
            whole = (*points, " ".join(points)), np.vstack([embedded, embedded.mean(axis=0)])
            search = _Search(connection, brand.id, revision, *whole)
            return Evidence(
                policy=await self._policy(search, query),
                past_replies=await self._past_replies(search, query),
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

    async def _policy(self, search: _Search, query: Query) -> tuple[FoundPassage, ...]:
        wanted = self._settings.policy if query.policy is None else query.policy
        ranked = fuse(
            await self._pieces(search, POLICY), calibration=self._calibration, limit=_DEPTH
        )
        refs = [_split_ref(item.ref) for item in ranked]
        stored = await self._knowledge.passages_by_ref(search.connection, search.brand_id, refs)
        found = [
            found_passage(stored[key], item.score, item.text, _scores(item))
            for key, item in zip(refs, ranked, strict=True)
            if key in stored and stored[key].in_force(query.today)
        ]
        return tuple(_kept(found, query.cut_off)[:wanted])

    async def _past_replies(self, search: _Search, query: Query) -> tuple[FoundReply, ...]:
        wanted = self._settings.past_replies if query.past_replies is None else query.past_replies
        ranked = fuse(
            await self._pieces(search, PAST_REPLY), calibration=self._calibration, limit=_DEPTH
        )
        ids = [item.ref for item in ranked]
        stored = await self._knowledge.replies_by_id(search.connection, search.brand_id, ids)
        found = [_found_reply(stored[item.ref], item) for item in ranked if item.ref in stored]
        found.sort(key=_prefer(query.language))
        return tuple(_kept(found, query.cut_off)[:wanted])

    @property
    def _calibration(self) -> Calibration:
        return CALIBRATIONS.get(self._embedder.name, UNMEASURED)

    async def _pieces(self, search: _Search, source: str) -> list[list[Piece]]:
        by_meaning = await self._vectors.search(
            search.connection,
            brand_id=search.brand_id,
            source=source,
            model=self._embedder.name,
            revision=search.revision,
            queries=search.vectors,
            limit=_DEPTH,
        )
        return [
            _joined(near, await self._by_words(search, source, point), len(search_terms(point)))
            for near, point in zip(by_meaning, search.points, strict=True)
        ]

    async def _by_words(self, search: _Search, source: str, point: str) -> list[EntryHit]:
        return await self._fulltext.search(
            search.connection,
            brand_id=search.brand_id,
            source=source,
            terms=search_terms(point),
            limit=_DEPTH,
        )


def _joined(near: Iterable[EntryHit], worded: Iterable[EntryHit], terms: int) -> list[Piece]:
    cosines = {hit.entry_id: hit for hit in near}
    words = {hit.entry_id: hit for hit in worded}
    pieces = []
    for entry_id, hit in {**words, **cosines}.items():
        cosine = cosines[entry_id].score if entry_id in cosines else None
        bm25 = words[entry_id].score if entry_id in words else None
        pieces.append(Piece(hit.ref, hit.text, PartScores(cosine, bm25), terms))
    return pieces


def _kept(found: list[Found], cut_off: bool) -> list[Found]:
    return [item for item in found if item.scores.relevant] if cut_off else found


def _split_ref(ref: str) -> tuple[str, str]:
    passage_id, _, version = ref.partition("\n")
    return passage_id, version


def _scores(item: Ranked) -> Scores:
    return Scores(
        vector=_rounded(item.parts.vector),
        text=_rounded(item.parts.text),
        relevant=item.relevant,
    )


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(score, 4)


def found_passage(
    passage: PolicyPassage, score: float, excerpt: str, scores: Scores
) -> FoundPassage:
    """A passage as a search shows it."""
    return FoundPassage(
        id=passage.id,
        version=passage.version,
        title=passage.title,
        text=passage.text,
        language=passage.language,
        score=round(score, 4),
        excerpt=excerpt,
        scores=scores,
    )


def _found_reply(reply: PastReply, item: Ranked) -> FoundReply:
    return FoundReply(
        id=reply.id,
        complaint=reply.complaint,
        reply=reply.reply,
        language=reply.language,
        channel=reply.channel,
        score=round(item.score, 4),
        scores=_scores(item),
    )


def _prefer(language: str) -> Callable[[FoundReply], float]:
    """Best first; an example in the customer's language is worth a weaker match."""

    def key(found: FoundReply) -> float:
        return -found.score - (SAME_LANGUAGE_BONUS if found.language == language else 0.0)

    return key
