"""A search's vectors, as the brand's index can be compared with them; or why there are none."""

import asyncio

import numpy as np
import structlog

from service.embedding.complaints import ComplaintEncoder
from service.embedding.embedder import BUNDLED_NAME, Vectors
from service.errors import ModelError
from service.knowledge.query import Query
from service.knowledge.search_models import OlderModels, SearchModel

log = structlog.get_logger(__name__)


class Meaning:
    """Asks the model that an index is searched under; where it fails, words alone have to do."""

    def __init__(
        self, *, present: SearchModel, older: OlderModels, complaints: ComplaintEncoder
    ) -> None:
        self._present = present
        self._older = older
        self._complaints = complaints
        self._troubles: dict[str, str] = {}

    @property
    def model(self) -> str:
        """The embedding model of the settings."""
        return self._present.name

    @property
    def trouble(self) -> str | None:
        """Why the last searches went by words alone, in words."""
        return "; ".join(sorted(self._troubles.values())) or None

    async def warm_up(self) -> None:
        """Load what the model needs; a provider that can't be asked keeps nothing from starting."""
        self.note(self.model, await self._present.trouble())

    async def points(self, query: Query, model: str) -> Vectors | None:
        """The points as that model reads them, and all of them together; None: by words alone.

        The whole costs no embedding: its cosine with a piece is the mean of its points' cosines,
        so the middle stays as short as it is.
        """
        points = [point for point in query.points if point.strip()] or [query.whole]
        asked = self._present if model == self.model else await self._older.of(model)
        if asked is None:
            return None
        try:
            found = await asked.asked(points)
        except ModelError as exc:
            self.note(model, str(exc))
            return None
        self.note(model, None)
        return np.vstack([found, found.mean(axis=0)])

    async def told(self, query: Query, model: str) -> Vectors | None:
        """The conversation as the trained encoder reads it, for the bundled model's indexes."""
        if model != BUNDLED_NAME:
            return None
        # Two troubles in one text lie between two rules: each is searched for alone as well.
        return await asyncio.to_thread(self._complaints.embed, [query.whole, *query.troubles])

    def note(self, model: str, trouble: str | None) -> None:
        """Remember why an index can't be searched by meaning, or that it can."""
        self._troubles.pop(model, None)
        if trouble is not None:
            self._troubles[model] = trouble
            log.warning("searched_by_words", why=trouble)
