"""The searchable pieces of a brand's knowledge: what is indexed, and under which vectors.

A brand is searched under one embedding model. Rows of another may stand beside its own: those that
are to take over, and those that have been taken over from. Both come and go little by little.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from sqlalchemy import bindparam, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.errors import EmbeddingChanged
from service.store.fulltext import WORDS_AT, FullTextSearch
from service.store.index_plan import PAST_REPLY, POLICY, Entry, IndexPlan, Piece, plan_of
from service.store.tables import brands, search_entries
from service.store.vectors import Vectors

AT_ONCE = 500
_columns = search_entries.c
Item = TypeVar("Item")


class SearchIndex:
    """Writes entries to both searches at once, so that they never disagree."""

    def __init__(self, fulltext: FullTextSearch, *, at_once: int = AT_ONCE) -> None:
        self._fulltext = fulltext
        self._at_once = at_once

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
        named = (_columns[name] for name in ("id", "embedding_model", *Piece._fields))
        rows = await connection.execute(
            select(WORDS_AT, *named).where(_columns.brand_id == brand_id).order_by(_columns.id)
        )
        return plan_of(
            brand_id,
            (Entry(row[1], row[0], row[2], Piece(*row[3:])) for row in rows),
            pieces,
            model=model,
            searched_under=await self.model_of(connection, brand_id),
            anew=anew,
        )

    def batches(self, items: Sequence[Item]) -> Iterator[Sequence[Item]]:
        """As many at a time as one short transaction takes."""
        for start in range(0, len(items), self._at_once):
            yield items[start : start + self._at_once]

    async def stage(
        self,
        connection: AsyncConnection,
        plan: IndexPlan,
        entries: Sequence[Entry],
        made: Mapping[str, Vectors],
    ) -> None:
        """Rows of the new model beside those entries; whoever does the same makes no second ones.

        Nobody sees them before the switch, and their words stand where they stood.
        """
        vectors = await self._vectors(connection, plan, [e.piece for e in entries], made)
        own = [entry for entry in entries if entry.model == plan.model]
        there = await self._staged(connection, plan, entries)
        await self._renew(connection, own, vectors)
        await self._insert(
            connection,
            plan,
            [e for e in entries if e.model != plan.model and e.words_at not in there],
            vectors,
        )

    async def apply(
        self, connection: AsyncConnection, plan: IndexPlan, made: Mapping[str, Vectors]
    ) -> bool:
        """Carry out what is left of a plan, all in the caller's transaction, and switch.

        False where a staged row is missing: then the caller has to roll back and plan again.
        """
        vectors = await self._vectors(connection, plan, plan.add, made)
        await self.require_one_length(connection, plan, {**made, **vectors})
        await self._fulltext.remove(connection, plan.unsaid)
        for ids in self.batches(plan.remove):
            await connection.execute(delete(search_entries).where(_columns.id.in_(ids)))
        if not plan.switches:
            for renewed in self.batches(plan.renew):
                await self.stage(connection, plan, renewed, made)
        for added in self.batches(plan.add):
            await self._add(connection, plan, added, vectors)
        return await self._switch(connection, plan)

    async def require_one_length(
        self, connection: AsyncConnection, plan: IndexPlan, vectors: Mapping[str, Vectors]
    ) -> None:
        """Vectors of one name and of two lengths are of two models: EmbeddingChanged."""
        lengths = {len(vector) for vector in vectors.values()}
        if plan.stays is not None:
            query = select(_columns.vector).where(_columns.id == plan.stays)
            stays = await connection.scalar(query)
            lengths |= {len(np.frombuffer(stays, np.float32))} if stays else set()
        if len(lengths) > 1:
            listed = " and ".join(str(length) for length in sorted(lengths))
            raise EmbeddingChanged(
                f"{plan.model!r} gave vectors of {listed} numbers, so another model goes by that "
                f"name now; the old index is kept: `amends brand reindex --brand {plan.brand_id} "
                "--anew` embeds everything with it"
            )

    async def sweep(self, connection: AsyncConnection, brand_id: str, model: str) -> bool:
        """Drop some of the rows that another model left; False when there are none any more."""
        if model == await self.model_of(connection, brand_id):
            return False  # somebody switched back
        query = select(_columns.id).where(
            _columns.brand_id == brand_id,
            _columns.source.in_((POLICY, PAST_REPLY)),
            _columns.embedding_model == model,
        )
        ids = (await connection.scalars(query.limit(self._at_once))).all()
        await self._fulltext.remove(connection, await self._alone(connection, ids))
        await connection.execute(delete(search_entries).where(_columns.id.in_(ids)))
        return bool(ids)

    async def models(self, connection: AsyncConnection) -> dict[str, str]:
        """Under which embedding model each brand that has entries is searched."""
        query = select(brands.c.id, brands.c.indexed_under)
        rows = await connection.execute(query.where(brands.c.indexed_under.is_not(None)))
        return {row.id: row.indexed_under for row in rows}

    async def model_of(self, connection: AsyncConnection, brand_id: str) -> str | None:
        """Under which embedding model a brand is searched; None where it has no entries."""
        query = select(brands.c.indexed_under).where(brands.c.id == brand_id)
        return await connection.scalar(query)

    async def unswept(self, connection: AsyncConnection) -> list[str]:
        """Brands with rows of a model that they are not searched under."""
        shelves = (
            select(_columns.brand_id, _columns.source, _columns.embedding_model)
            .distinct()
            .subquery()
        )
        rows = await connection.scalars(
            select(brands.c.id)
            .join(shelves, shelves.c.brand_id == brands.c.id)
            .where(shelves.c.embedding_model.is_distinct_from(brands.c.indexed_under))
            .distinct()
        )
        return list(rows)

    async def _switch(self, connection: AsyncConnection, plan: IndexPlan) -> bool:
        under = plan.model if plan.pieces else None
        mine = (_columns.brand_id == plan.brand_id, _columns.embedding_model == plan.model)
        if plan.switches:
            query = select(func.count()).select_from(search_entries).where(*mine)
            if await connection.scalar(query) != plan.pieces:
                return False
        await connection.execute(
            update(brands).where(brands.c.id == plan.brand_id).values(indexed_under=under)
        )
        return True

    async def _staged(
        self, connection: AsyncConnection, plan: IndexPlan, entries: Sequence[Entry]
    ) -> set[int]:
        """Which of the entries have a row of the plan's model already."""
        rows = await connection.scalars(
            select(_columns.words_at).where(
                _columns.words_at.in_([entry.words_at for entry in entries]),
                _columns.embedding_model == plan.model,
            )
        )
        return {int(row) for row in rows if row is not None}

    async def _alone(self, connection: AsyncConnection, ids: Sequence[int]) -> list[int]:
        """Those of the rows whose words no row outside of them stands for."""
        rows = await connection.execute(select(WORDS_AT, _columns.id).where(_columns.id.in_(ids)))
        places = {row.words_at: row.id for row in rows}
        shared = await connection.scalars(
            select(WORDS_AT).where(
                _columns.id.not_in(ids),
                or_(_columns.words_at.in_(places), _columns.id.in_(places)),
            )
        )
        needed = set(shared)
        return [entry_id for place, entry_id in places.items() if place not in needed]

    async def _vectors(
        self,
        connection: AsyncConnection,
        plan: IndexPlan,
        pieces: Sequence[Piece],
        made: Mapping[str, Vectors],
    ) -> dict[str, Vectors]:
        """The vectors of these pieces, of which some stand in the index already."""
        wanted = dict.fromkeys(piece.text for piece in pieces)
        texts = {plan.vectors_in[text]: text for text in wanted if text in plan.vectors_in}
        found = {text: made[text] for text in wanted if text in made}
        for ids in self.batches(tuple(texts)):
            rows = await connection.execute(
                select(_columns.id, _columns.vector).where(_columns.id.in_(ids))
            )
            found |= {texts[row.id]: np.frombuffer(row.vector, np.float32) for row in rows}
        return found

    async def _renew(
        self,
        connection: AsyncConnection,
        entries: Sequence[Entry],
        vectors: Mapping[str, Vectors],
    ) -> None:
        statement = (
            update(search_entries)
            .where(_columns.id == bindparam("entry_id"))
            .values(vector=bindparam("numbers"))
        )
        rows = [{"entry_id": e.id, "numbers": _bytes(vectors[e.piece.text])} for e in entries]
        if rows:
            await connection.execute(statement, rows)

    async def _insert(
        self,
        connection: AsyncConnection,
        plan: IndexPlan,
        entries: Sequence[Entry],
        vectors: Mapping[str, Vectors],
    ) -> None:
        rows = [{**_row(plan, e.piece, vectors), "words_at": e.words_at} for e in entries]
        if rows:
            await connection.execute(insert(search_entries), rows)

    async def _add(
        self,
        connection: AsyncConnection,
        plan: IndexPlan,
        pieces: Sequence[Piece],
        vectors: Mapping[str, Vectors],
    ) -> None:
        ids = await connection.scalars(
            insert(search_entries).returning(_columns.id, sort_by_parameter_order=True),
            [_row(plan, piece, vectors) for piece in pieces],
        )
        bodies = zip(ids.all(), (piece.text for piece in pieces), strict=True)
        await self._fulltext.add_all(connection, plan.brand_id, dict(bodies))


def _row(plan: IndexPlan, piece: Piece, vectors: Mapping[str, Vectors]) -> dict[str, Any]:
    return {
        **piece._asdict(),
        "brand_id": plan.brand_id,
        "embedding_model": plan.model,
        "vector": _bytes(vectors[piece.text]),
    }


def _bytes(vector: Vectors) -> bytes:
    return np.asarray(vector, np.float32).tobytes()
