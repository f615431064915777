"""A sentence-transformers CrossEncoder that reads a complaint and a passage together."""

import asyncio
import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from service.errors import AmendsError, ConfigurationError, ModelTimeout, ModelUnavailable

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


class CrossEncoderReranker:
    """Relevances from a model in a folder; loads on first use."""

    def __init__(self, folder: str, *, timeout_s: float) -> None:
        self._folder = folder
        self._timeout_s = timeout_s
        # One at a time: who gave up waiting leaves no pile of threads behind.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reranking")

    @property
    def name(self) -> str:
        """The folder."""
        return self._folder

    async def relevances(self, asked: str, passages: Sequence[str]) -> list[float]:
        """Between 0 and 1 for each passage, in their order."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._thread, lambda: self._model)  # no part of the deadline
        try:
            async with asyncio.timeout(self._timeout_s):
                return await loop.run_in_executor(self._thread, self._read, asked, passages)
        except TimeoutError as exc:
            raise ModelTimeout(f"{self.name}: no answer within {self._timeout_s:.1f} s") from exc

    async def trouble(self) -> str | None:
        """Why it can't be asked, in words; None where it can. Drafts find its version read."""
        await asyncio.to_thread(folder_version, self._folder)
        try:
            await self.relevances("Where is my order?", ["Orders arrive within two days."])
        except AmendsError as exc:
            return str(exc)
        return None

    def _read(self, asked: str, passages: Sequence[str]) -> list[float]:
        from torch.nn import Identity

        try:
            scores = self._model.predict(
                [(asked, passage) for passage in passages],
                activation_fn=Identity(),
                convert_to_numpy=True,
                show_progress_bar=False,
            )
        except Exception as exc:
            raise ModelUnavailable(f"{self.name}: {type(exc).__name__} while reading") from exc
        return [float(score) for score in 1 / (1 + np.exp(-np.asarray(scores, np.float64)))]

    @cached_property
    def _model(self) -> "CrossEncoder":
        wrong = f"AMENDS_RETRIEVAL__RERANKER={self._folder!r}"
        if not Path(self._folder).is_dir():  # a name would be looked for on a model hub
            raise ConfigurationError(f"{wrong} is no folder on this machine: {_RIGHT}")
        from sentence_transformers import CrossEncoder

        try:
            model = CrossEncoder(self._folder, local_files_only=True)
        except Exception as exc:
            raise ConfigurationError(
                f"{wrong} cannot be loaded ({type(exc).__name__}): {_RIGHT}"
            ) from exc
        if model.num_labels != 1:
            raise ConfigurationError(f"{wrong} gives {model.num_labels} scores a pair: {_RIGHT}")
        return model


_RIGHT = "give the folder of a sentence-transformers CrossEncoder with one score a pair"


@cache
def folder_version(folder: str) -> str:
    """A hash of what the folder holds (a second for 500 MB); `missing` where it is not there."""
    there = Path(folder)
    if not there.is_dir():
        return "missing"
    whole = hashlib.sha256()
    for path in sorted(path for path in there.rglob("*") if path.is_file()):
        whole.update(path.relative_to(there).as_posix().encode())
        with path.open("rb") as held:
            whole.update(hashlib.file_digest(held, "sha256").digest())
    return whole.hexdigest()[:8]
