"""Embedding many texts beside people who wait for drafts: little by little, and resumable."""

import secrets
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from service.embedding.embedder import Side
from service.errors import ModelError
from service.knowledge.search_models import SearchModel
from service.store.finished_vectors import FinishedVectors
from service.store.session import Database
from service.store.vectors import Vectors


@dataclass(frozen=True)
class WorkDone:
    """How far it got. `seconds_left` comes from the time per character measured so far."""

    texts: int
    of: int
    seconds_left: float | None = None


Progress = Callable[[WorkDone], None]


class EmbeddingWork:
    """Makes vectors for passages; what is made is kept at once, so that a killed run goes on."""

    def __init__(
        self,
        *,
        database: Database,
        model: SearchModel,
        finished: FinishedVectors,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._model = model
        self._finished = finished
        self._now = now

    @property
    def model(self) -> str:
        """The embedding model of the settings."""
        return self._model.name

    async def vectors(
        self,
        texts: Sequence[str],
        progress: Progress | None = None,
        *,
        complaints: Collection[str] = (),
    ) -> dict[str, Vectors]:
        """A vector for each text; no connection is held while the model works.

        Past `complaints` are embedded like the complaints that will be compared with them.
        """
        async with self._database.read() as connection:
            made = await self._finished.find(connection, self.model, texts)
        missing = _from_anywhere([text for text in texts if text not in made])
        pace = _Pace(done=len(made), of=len(texts), chars_left=sum(map(len, missing)))
        for batch in self._model.batch.cut(missing):
            began = time.monotonic()
            try:
                made |= await self._made(batch, complaints)
            except ModelError as exc:
                raise type(exc)(f"{exc}; {pace.kept()}") from exc
            pace.add(batch, time.monotonic() - began)
            if progress:
                progress(pace.so_far())
        return made

    async def forget(self) -> None:
        """What was made under the model's name may be another model's: make all of it again."""
        async with self._database.write() as connection:
            await self._finished.forget_all(connection, self.model)

    async def _made(self, batch: Sequence[str], complaints: Collection[str]) -> dict[str, Vectors]:
        """The batch's vectors; what another process has made meanwhile is taken from there."""
        async with self._database.read() as connection:
            made = await self._finished.find(connection, self.model, batch)
        left = [text for text in batch if text not in made]
        fresh: dict[str, Vectors] = {}
        for side in (Side.QUERY, Side.PASSAGE):
            texts = [text for text in left if (text in complaints) == (side is Side.QUERY)]
            if texts:
                rows = await self._model.indexed(texts, side)
                fresh |= dict(zip(texts, rows, strict=True))
        if fresh:
            async with self._database.write() as connection:
                await self._finished.keep(connection, self.model, fresh, self._now())
        return made | fresh


@dataclass
class _Pace:
    done: int
    of: int
    chars_left: int
    chars: int = 0
    seconds: float = 0.0

    def add(self, batch: Sequence[str], seconds: float) -> None:
        chars = sum(map(len, batch))
        self.done += len(batch)
        self.chars_left -= chars
        self.chars += chars
        self.seconds += seconds

    def so_far(self) -> WorkDone:
        left = self.seconds / self.chars * self.chars_left if self.chars else None
        return WorkDone(self.done, self.of, left)

    def kept(self) -> str:
        return (
            f"{self.done} of {self.of} texts are embedded and kept: the same command or request "
            "goes on from there"
        )


def _from_anywhere(texts: list[str]) -> list[str]:
    """Begun at any place: workers that re-index the same brand share the work, unasked."""
    start = secrets.randbelow(len(texts)) if texts else 0
    return texts[start:] + texts[:start]
