"""What a brand knows, kept and indexed; changes are embedded first and stored in one go."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from service.domain.brand import Brand
from service.domain.knowledge import PastReply, PolicyPassage, PolicyStatus
from service.embedding.embedder import Embedder, Side
from service.knowledge.chunking import chunk
from service.knowledge.importer import Progress, read_folder
from service.knowledge.retriever import passage_ref
from service.store.brands import BrandRepository
from service.store.knowledge import KnowledgeRepository
from service.store.records import AuditLog
from service.store.search_index import PAST_REPLY, POLICY, Entry, SearchIndex
from service.store.session import Connection, Database
from service.store.vectors import Vectors

_BATCH = 16


@dataclass(frozen=True)
class ImportResult:
    """What an import did."""

    brand_id: str
    policy: int
    past_replies: int
    embedded: int
    changed: bool


@dataclass(frozen=True)
class _Text:
    """A piece to be indexed, before it has a vector."""

    source: str
    ref: str
    ordinal: int
    text: str


class Library:
    """Reads and replaces brands and their knowledge."""

    def __init__(
        self,
        *,
        database: Database,
        embedder: Embedder,
        brands: BrandRepository,
        knowledge: KnowledgeRepository,
        index: SearchIndex,
        audit: AuditLog,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._embedder = embedder
        self._brands = brands
        self._knowledge = knowledge
        self._index = index
        self._audit = audit
        self._now = now

    async def import_folder(
        self, folder: Path, *, actor: str, progress: Progress | None = None
    ) -> ImportResult:
        """Make the store hold just what a brand folder says; a second time changes nothing."""
        read = await asyncio.to_thread(read_folder, folder)
        return await self.replace(
            read.brand,
            policy=read.policy,
            past_replies=read.past_replies,
            actor=actor,
            progress=progress,
        )

    async def replace(
        self,
        brand: Brand,
        *,
        actor: str,
        policy: Sequence[PolicyPassage] | None = None,
        past_replies: Sequence[PastReply] | None = None,
        progress: Progress | None = None,
    ) -> ImportResult:
        """Store the brand and what is given of its knowledge; None leaves that part as it is."""
        async with self._database.read() as connection:
            before = await self._state(connection, brand.id)
            known = await self._index.vectors_by_text(connection, brand.id, self._embedder.name)
        after = (
            brand,
            _sorted_policy(before[1] if policy is None else policy),
            _sorted_replies(before[2] if past_replies is None else past_replies),
        )
        texts = _texts(after[1], after[2])
        missing = [t for t in dict.fromkeys(t.text for t in texts) if t not in known]
        changed = before != after or bool(missing)
        if changed:
            vectors = {**known, **await self._embed(missing, progress)}
            await self._store(after, texts, vectors, actor)
        return ImportResult(brand.id, len(after[1]), len(after[2]), len(missing), changed)

    async def brand(self, brand_id: str) -> Brand:
        """The brand, or NotFound."""
        async with self._database.read() as connection:
            return await self._brands.get(connection, brand_id)

    async def all_brands(self) -> list[Brand]:
        """All brands by id."""
        async with self._database.read() as connection:
            return await self._brands.all(connection)

    async def policy(self, brand_id: str) -> list[PolicyPassage]:
        """Every version of every passage of a brand."""
        async with self._database.read() as connection:
            await self._brands.get(connection, brand_id)
            return await self._knowledge.policy(connection, brand_id)

    async def past_replies(self, brand_id: str) -> list[PastReply]:
        """Every past reply of a brand."""
        async with self._database.read() as connection:
            await self._brands.get(connection, brand_id)
            return await self._knowledge.past_replies(connection, brand_id)

    async def _state(
        self, connection: Connection, brand_id: str
    ) -> tuple[Brand | None, list[PolicyPassage], list[PastReply]]:
        return (
            await self._brands.find(connection, brand_id),
            _sorted_policy(await self._knowledge.policy(connection, brand_id)),
            _sorted_replies(await self._knowledge.past_replies(connection, brand_id)),
        )

    async def _embed(self, texts: Sequence[str], progress: Progress | None) -> dict[str, Vectors]:
        made: dict[str, Vectors] = {}
        for start in range(0, len(texts), _BATCH):
            batch = texts[start : start + _BATCH]
            rows = await asyncio.to_thread(self._embedder.embed, batch, Side.PASSAGE)
            made.update(zip(batch, rows, strict=True))
            if progress:
                progress(len(made), len(texts))
        return made

    async def _store(
        self,
        state: tuple[Brand, list[PolicyPassage], list[PastReply]],
        texts: Sequence[_Text],
        vectors: dict[str, Vectors],
        actor: str,
    ) -> None:
        brand, policy, past_replies = state
        now = self._now()
        async with self._database.write() as connection:
            await self._brands.save(connection, brand, now)
            await self._knowledge.replace_policy(connection, brand.id, policy)
            await self._knowledge.replace_past_replies(connection, brand.id, past_replies)
            for source in (POLICY, PAST_REPLY):
                await self._index.replace(
                    connection,
                    brand_id=brand.id,
                    source=source,
                    model=self._embedder.name,
                    entries=_entries(texts, source, vectors),
                )
            await self._brands.raise_knowledge_revision(connection, brand.id)
            await self._audit.add(
                connection,
                at=now,
                actor=actor,
                action="brand.imported",
                subject=brand.id,
                brand_id=brand.id,
                details={"policy": len(policy), "past_replies": len(past_replies)},
            )


def _sorted_policy(policy: Iterable[PolicyPassage]) -> list[PolicyPassage]:
    return sorted(policy, key=lambda passage: (passage.id, passage.version))


def _sorted_replies(replies: Iterable[PastReply]) -> list[PastReply]:
    return sorted(replies, key=lambda reply: reply.id)


def _texts(policy: Sequence[PolicyPassage], past_replies: Sequence[PastReply]) -> list[_Text]:
    """Every piece worth finding: superseded passages are not among them."""
    pieces: list[_Text] = []
    for passage in policy:
        if passage.status is PolicyStatus.ACTIVE:
            pieces += _pieces(POLICY, passage_ref(passage), passage.text, passage.title)
    for reply in past_replies:
        pieces += _pieces(PAST_REPLY, reply.id, reply.complaint, "")
    return pieces


def _pieces(source: str, ref: str, text: str, title: str) -> list[_Text]:
    headed = f"{title}: " if title else ""
    return [_Text(source, ref, n, headed + part) for n, part in enumerate(chunk(text))]


def _entries(texts: Sequence[_Text], source: str, vectors: dict[str, Vectors]) -> list[Entry]:
    return [
        Entry(text.ref, text.ordinal, text.text, np.asarray(vectors[text.text]))
        for text in texts
        if text.source == source
    ]
