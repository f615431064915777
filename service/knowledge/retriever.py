"""Find the policy that applies and past replies worth imitating, or nothing."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from service.domain.brand import Brand
from service.domain.knowledge import (
    Evidence,
    FoundPassage,
    FoundReply,
    PolicyPassage,
    Scores,
)
from service.embedding.complaints import weights_version
from service.errors import EmbeddingChanged
from service.knowledge.found import cut_passages, found_passage, ranked_passage, ranked_reply
from service.knowledge.meaning import Meaning
from service.knowledge.query import Query
from service.knowledge.ranking import fuse, fusion_version, strength_of, unlike
from service.knowledge.reranking import Reranking, reranker_version
from service.knowledge.searching import DEPTH, PieceSearch, Search
from service.settings import RetrievalSettings
from service.store.brands import BrandRepository
from service.store.index_plan import PAST_REPLY, POLICY
from service.store.knowledge import KnowledgeRepository
from service.store.search_index import SearchIndex
from service.store.session import Connection, Database

_LANGUAGE, _KIND, _CHANNEL = 1.0, 0.5, 0.3
"""What an example of the same language, kind or channel is worth, in log odds."""
Found = TypeVar("Found", FoundPassage, FoundReply)


def retrieval_version(settings: RetrievalSettings | None = None) -> str:
    """What results depend on besides the brand: the trained encoder, the fusion, the reranker."""
    reranker = reranker_version(settings) if settings else None
    return "-".join(filter(None, (weights_version(), fusion_version(), reranker)))


class Retriever:
    """Brand filter first, then meaning and words fused; policy and past replies stay apart."""

    def __init__(
        self,
        *,
        database: Database,
        meaning: Meaning,
        brands: BrandRepository,
        index: SearchIndex,
        knowledge: KnowledgeRepository,
        pieces: PieceSearch,
        reranking: Reranking,
        settings: RetrievalSettings,
    ) -> None:
        self._database = database
        self._meaning = meaning
        self._brands = brands
        self._index = index
        self._knowledge = knowledge
        self._pieces = pieces
        self._reranking = reranking
        self._settings = settings

    @property
    def embedding(self) -> str:
        """The embedding model that searches go by."""
        return self._meaning.model

    @property
    def by_words(self) -> str | None:
        """Why searches go by words alone, in words."""
        return self._meaning.trouble

    @property
    def trouble(self) -> str | None:
        """Why searches stand in their fused order although there is a reranker, in words."""
        return self._reranking.trouble

    async def warm_up(self) -> None:
        """Load the embedding model, and the reranker if there is one."""
        await self._meaning.warm_up()
        await self._reranking.warm_up()

    async def retrieve(self, brand: Brand, query: Query) -> Evidence:
        """The evidence for a complaint; empty where nothing passes the cut-off."""
        if not query.whole:
            return Evidence()
        found, past_replies = await self._found(brand, query)
        return await self._evidence(query, found, past_replies)

    async def _found(
        self, brand: Brand, query: Query
    ) -> tuple[list[FoundPassage], tuple[FoundReply, ...]]:
        """Every passage that may apply, in the fused order, and past replies worth imitating."""
        while True:
            async with self._database.read() as connection:
                model = await self._model_of(connection, brand)
            points = await self._meaning.points(query, model)
            told = await self._meaning.told(query, model)
            async with self._database.read() as connection:
                if model != await self._model_of(connection, brand):
                    continue  # the brand was re-indexed just now
                revision = await self._brands.knowledge_revision(connection, brand.id)
                search = Search(connection, brand.id, revision, model, query, points, told)
                try:
                    return await self._policy(search), await self._past_replies(search)
                except EmbeddingChanged as exc:
                    self._meaning.note(model, str(exc))
                search = replace(search, points=None, told=None)
                return await self._policy(search), await self._past_replies(search)

    async def _evidence(
        self, query: Query, found: list[FoundPassage], past_replies: tuple[FoundReply, ...]
    ) -> Evidence:
        """The cut-off goes by the fused relevance, which is measured: a reranker only orders."""
        wanted = self._settings.policy if query.policy is None else query.policy
        kept = _kept(found, query.cut_off)
        if wanted:
            kept = await self._reranking.reordered(query.whole, kept)
        below = [one for one in found if not one.scores.relevant] if query.cut_off else []
        surplus = kept[wanted:] if query.cut_off else []
        return Evidence(
            policy=tuple(kept[:wanted]),
            past_replies=past_replies,
            cut=cut_passages(surplus, below, wanted=wanted),
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
            found = await self._knowledge.superseded(connection, brand.id, today, limit=DEPTH)
        return tuple(found)

    async def _model_of(self, connection: Connection, brand: Brand) -> str:
        return await self._index.model_of(connection, brand.id) or self.embedding

    async def _policy(self, search: Search) -> list[FoundPassage]:
        query, fusion = search.query, search.fusion(POLICY)
        ranked = fuse(await self._pieces.pieces(search, POLICY), fusion=fusion, limit=DEPTH)
        refs = [_split_ref(item.ref) for item in ranked]
        stored = await self._knowledge.passages_by_ref(search.connection, search.brand_id, refs)
        return [
            ranked_passage(stored[key], item, fusion, query.whole)
            for key, item in zip(refs, ranked, strict=True)
            if key in stored and stored[key].in_force(query.today)
        ]

    async def _past_replies(self, search: Search) -> tuple[FoundReply, ...]:
        query, fusion = search.query, search.fusion(PAST_REPLY)
        wanted = self._settings.past_replies if query.past_replies is None else query.past_replies
        if not wanted:
            return ()
        ranked = fuse(await self._pieces.pieces(search, PAST_REPLY), fusion=fusion, limit=DEPTH)
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
