"""Embedding many texts beside people who wait for drafts: little by little, and resumable."""

import asyncio
import secrets
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from service.embedding.embedder import Embedder, Side
from service.store.finished_vectors import FinishedVectors
from service.store.session import Database
from service.store.vectors import Vectors

_KEPT_CHARS = 1_600
"""What a killed run has to make again at most."""
_CALL_CHARS = 400
"""The bundled engine takes one call at a time: whoever comes waits for no more than this."""
_MOST_TEXTS = 16
_QUIET_S = 0.5
"""The steps of a draft follow each other sooner than that."""
_LONGEST_WAIT_S = 2.0
_LOOK_S = 0.02


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
        embedder: Embedder,
        finished: FinishedVectors,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._embedder = embedder
        self._finished = finished
        self._now = now
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="embedding")

    @property
    def model(self) -> str:
        """The embedding model of the settings."""
        return self._embedder.name

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
        for batch in _batches(missing, _KEPT_CHARS):
            began = time.monotonic()
            made |= await self._made(batch, complaints)
            pace.add(batch, time.monotonic() - began)
            if progress:
                progress(pace.so_far())
        return made

    async def _made(self, batch: Sequence[str], complaints: Collection[str]) -> dict[str, Vectors]:
        """The batch's vectors; what another process has made meanwhile is taken from there."""
        async with self._database.read() as connection:
            made = await self._finished.find(connection, self.model, batch)
        left = [text for text in batch if text not in made]
        if left:
            asked = [text for text in left if text in complaints]
            told = [text for text in left if text not in complaints]
            fresh = dict(zip(asked, await self._embed(asked, Side.QUERY), strict=True))
            fresh |= dict(zip(told, await self._embed(told, Side.PASSAGE), strict=True))
            async with self._database.write() as connection:
                await self._finished.keep(connection, self.model, fresh, self._now())
            made |= fresh
        return made

    async def _embed(self, texts: Sequence[str], side: Side) -> list[Vectors]:
        loop, embed = asyncio.get_running_loop(), self._embedder.embed
        made: list[Vectors] = []
        for call in _batches(texts, _CALL_CHARS):
            await self._let_others_go_first()
            made.extend(await loop.run_in_executor(self._thread, embed, call, side))
        return made

    async def _let_others_go_first(self) -> None:
        """Wait for a pause in what people ask, but get on however busy it is.

        A thread of low priority would do harm: it holds the engine the longer, the busier it is.
        """
        until = time.monotonic() + _LONGEST_WAIT_S
        while self._embedder.quiet_s < _QUIET_S and time.monotonic() < until:  # noqa: ASYNC110 (other threads ask)
            await asyncio.sleep(_LOOK_S)


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


def _from_anywhere(texts: list[str]) -> list[str]:
    """Begun at any place: workers that re-index the same brand share the work, unasked."""
    start = secrets.randbelow(len(texts)) if texts else 0
    return texts[start:] + texts[:start]


def _batches(texts: Sequence[str], most_chars: int) -> Iterator[list[str]]:
    """So many characters and texts at a time, and never less than one text."""
    batch: list[str] = []
    for text in texts:
        if batch and (len(batch) == _MOST_TEXTS or sum(map(len, batch)) + len(text) > most_chars):
            yield batch
            batch = []
        batch.append(text)
    if batch:
        yield batch
