"""Moving a brand to another embedding model beside its searches, in short transactions."""

import asyncio
from collections.abc import Mapping
from datetime import datetime

import structlog

from service.errors import StoreUnavailable
from service.store.brands import BrandRepository
from service.store.dialect import hold
from service.store.finished_vectors import FinishedVectors
from service.store.index_plan import IndexPlan
from service.store.search_index import SearchIndex
from service.store.session import Connection, Database
from service.store.vectors import Vectors

log = structlog.get_logger(__name__)
_TURN_S = 0.005
"""SQLite has one writer, and who waits for its turn looks for it now and then."""


class ChangedMeanwhileError(Exception):
    """Somebody else's import of the brand was stored since ours was worked out."""


class Reindexing:
    """What comes before the switch to another model, and what is left to do after it."""

    def __init__(
        self,
        *,
        database: Database,
        brands: BrandRepository,
        index: SearchIndex,
        finished: FinishedVectors,
    ) -> None:
        self._database = database
        self._brands = brands
        self._index = index
        self._finished = finished

    async def require_unchanged(self, connection: Connection, brand_id: str, revision: int) -> None:
        """The brand's knowledge, which is held by now, is as it was when we looked."""
        if revision != await self._brands.knowledge_revision(connection, brand_id):
            raise ChangedMeanwhileError

    async def prepare(self, plan: IndexPlan, revision: int, made: Mapping[str, Vectors]) -> None:
        """Put the new rows beside the old ones. One that was killed goes on where it was."""
        if not plan.switches:
            return
        async with self._database.read() as connection:
            await self._index.require_one_length(connection, plan, made)
        for entries in self._index.batches(plan.renew):
            async with self._database.write() as connection:
                await hold(connection, "knowledge", plan.brand_id)
                await self.require_unchanged(connection, plan.brand_id, revision)
                await self._index.stage(connection, plan, entries, made)
            await asyncio.sleep(_TURN_S)

    async def tidy(self, plan: IndexPlan, made: Mapping[str, Vectors], now: datetime) -> None:
        """Drop what nobody reads any more. All is stored by now, so what fails is left lying."""
        try:
            await self._forget(plan, made, now)
            for model in sorted(plan.old):
                await self._sweep_all(plan, model)
        except StoreUnavailable:
            log.warning("old_rows_left", brand=plan.brand_id)

    async def _forget(self, plan: IndexPlan, made: Mapping[str, Vectors], now: datetime) -> None:
        for texts in self._index.batches(list(made)):
            async with self._database.write() as connection:
                await self._finished.forget(connection, plan.model, texts)
        if made:
            async with self._database.write() as connection:
                await self._finished.give_up(connection, now)

    async def _sweep_all(self, plan: IndexPlan, model: str) -> None:
        left = True
        while left:
            async with self._database.write() as connection:
                await hold(connection, "knowledge", plan.brand_id)
                left = await self._index.sweep(connection, plan.brand_id, model)
            await asyncio.sleep(_TURN_S)
