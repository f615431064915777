"""The searchable pieces of a brand's knowledge: what is indexed, and under which vectors."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import numpy as np
from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.errors import ConfigurationError
from service.store.fulltext import FullTextSearch
from service.store.tables import search_entries
from service.store.vectors import Vectors

POLICY = "policy"
PAST_REPLY = "past_reply"
_AT_ONCE = 500
_columns = search_entries.c
Item = TypeVar("Item")


class Piece(NamedTuple):
    """One searchable piece: where it comes from, its place there, and its words."""

    source: str
    ref: str
    ordinal: int
    text: str


@dataclass(frozen=True)
class IndexPlan:
    """What has to happen so that the index holds certain pieces under one embedding model.

    `vectors_in` says in which entry a text has its vector already; `missing` have to be embedded;
    `stays` is an entry that is right as it is, if there is one.
    """

    brand_id: str
    model: str
    add: tuple[Piece, ...]
    renew: tuple[tuple[int, Piece], ...]
    remove: tuple[int, ...]
    vectors_in: Mapping[str, int]
    missing: tuple[str, ...]
    stays: int | None

    @property
    def past_complaints(self) -> frozenset[str]:
        """The texts to index that are complaints and no passages."""
        pieces = (*self.add, *(piece for _, piece in self.renew))
        return frozenset(piece.text for piece in pieces if piece.source == PAST_REPLY)

    @property
    def any(self) -> bool:
        """Whether the index is not as it should be."""
        return bool(self.add or self.renew or self.remove)


class SearchIndex:
    """Writes entries to both searches at once, so that they never disagree."""

    def __init__(self, fulltext: FullTextSearch) -> None:
        self._fulltext = fulltext

    async def plan(
        self,
        connection: AsyncConnection,
        brand_id: str,
        model: str,
        pieces: Sequence[Piece],
        *,
        anew: bool = False,
    ) -> IndexPlan:
        """Compare the index with the pieces; `anew` trusts no vector that is there."""
        rows = await connection.execute(
            select(*(_columns[name] for name in ("id", "embedding_model", *Piece._fields))).where(
                _columns.brand_id == brand_id
            )
        )
        there = {Piece(*row[2:]): (int(row.id), str(row.embedding_model)) for row in rows}
        wanted = dict.fromkeys(pieces)
        current = {} if anew else {p: n for p, (n, under) in there.items() if under == model}
        add = tuple(piece for piece in wanted if piece not in there)
        renew = tuple(
            (there[piece][0], piece) for piece in wanted if piece in there and piece not in current
        )
        vectors_in = {piece.text: entry_id for piece, entry_id in current.items()}
        needed = dict.fromkeys(piece.text for piece in (*add, *(piece for _, piece in renew)))
        return IndexPlan(
            brand_id=brand_id,
            model=model,
            add=add,
            renew=renew,
            remove=tuple(entry_id for piece, (entry_id, _) in there.items() if piece not in wanted),
            vectors_in={text: vectors_in[text] for text in needed if text in vectors_in},
            missing=tuple(text for text in needed if text not in vectors_in),
            stays=next((current[piece] for piece in wanted if piece in current), None),
        )

    async def apply(
        self, connection: AsyncConnection, plan: IndexPlan, made: Mapping[str, Vectors]
    ) -> None:
        """Carry a plan out with the vectors that were made for it, all in the caller's transaction.

        Texts of one brand have vectors of one length: others raise ConfigurationError.
        """
        vectors = {**made, **await self._stored(connection, plan)}
        await self._require_one_length(connection, plan, vectors)
        for ids in _batches(plan.remove):
            await self._fulltext.remove(connection, ids)
            await connection.execute(delete(search_entries).where(_columns.id.in_(ids)))
        for renewed in _batches(plan.renew):
            await self._renew(connection, plan.model, renewed, vectors)
        for added in _batches(plan.add):
            await self._add(connection, plan, added, vectors)

    async def models(self, connection: AsyncConnection) -> dict[str, str]:
        """Under which embedding model each brand that has entries is indexed."""
        rows = await connection.execute(
            select(_columns.brand_id, func.min(_columns.embedding_model)).group_by(
                _columns.brand_id
            )
        )
        return {row[0]: row[1] for row in rows}

    async def model_of(self, connection: AsyncConnection, brand_id: str) -> str | None:
        """Under which embedding model a brand is indexed; None where it has no entries."""
        return await connection.scalar(
            select(_columns.embedding_model).where(_columns.brand_id == brand_id).limit(1)
        )

    async def _stored(self, connection: AsyncConnection, plan: IndexPlan) -> dict[str, Vectors]:
        texts = {entry_id: text for text, entry_id in plan.vectors_in.items()}
        found: dict[str, Vectors] = {}
        for ids in _batches(tuple(texts)):
            rows = await connection.execute(
                select(_columns.id, _columns.vector).where(_columns.id.in_(ids))
            )
            found |= {texts[row.id]: np.frombuffer(row.vector, np.float32) for row in rows}
        return found

    async def _require_one_length(
        self, connection: AsyncConnection, plan: IndexPlan, vectors: Mapping[str, Vectors]
    ) -> None:
        lengths = {len(vector) for vector in vectors.values()}
        if plan.stays is not None:
            query = select(_columns.vector).where(_columns.id == plan.stays)
            stays = await connection.scalar(query)
            lengths |= {len(np.frombuffer(stays, np.float32))} if stays else set()
        if len(lengths) > 1:
            listed = " and ".join(str(length) for length in sorted(lengths))
            raise ConfigurationError(
                f"{plan.model!r} gave vectors of {listed} numbers, so another model goes by that "
                f"name now; the old index is kept: `amends brand reindex --brand {plan.brand_id} "
                "--anew` embeds everything with it"
            )

    async def _renew(
        self,
        connection: AsyncConnection,
        model: str,
        entries: Sequence[tuple[int, Piece]],
        vectors: Mapping[str, Vectors],
    ) -> None:
        statement = (
            update(search_entries)
            .where(_columns.id == bindparam("entry_id"))
            .values(embedding_model=model, vector=bindparam("numbers"))
        )
        rows = [{"entry_id": n, "numbers": _bytes(vectors[p.text])} for n, p in entries]
        await connection.execute(statement, rows)

    async def _add(
        self,
        connection: AsyncConnection,
        plan: IndexPlan,
        pieces: Sequence[Piece],
        vectors: Mapping[str, Vectors],
    ) -> None:
        rows: list[dict[str, Any]] = [
            {
                **piece._asdict(),
                "brand_id": plan.brand_id,
                "embedding_model": plan.model,
                "vector": _bytes(vectors[piece.text]),
            }
            for piece in pieces
        ]
        ids = await connection.scalars(
            insert(search_entries).returning(_columns.id, sort_by_parameter_order=True), rows
        )
        bodies = zip(ids.all(), (piece.text for piece in pieces), strict=True)
        await self._fulltext.add_all(connection, plan.brand_id, dict(bodies))


def _bytes(vector: Vectors) -> bytes:
    return np.asarray(vector, np.float32).tobytes()


def _batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]
