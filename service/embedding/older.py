"""Embedding models of indexes that were made under earlier settings, loaded when first asked."""

import asyncio
from pathlib import Path

from service.embedding.embedder import BUNDLED, BUNDLED_NAME, Embedder, Side
from service.errors import ConfigurationError
from service.settings import EmbeddingSettings


def is_here(name: str) -> bool:
    """Whether a model is on this machine: the bundled one, or a folder that is there still."""
    return name == BUNDLED_NAME or Path(name).is_dir()


class OlderModels:
    """Embedders by the name that their vectors are stored under; each is loaded once."""

    def __init__(self) -> None:
        self._known: dict[str, Embedder | None] = {}
        self._loading = asyncio.Lock()

    async def of(self, name: str) -> Embedder | None:
        """The model, or None where it cannot be loaded any more."""
        async with self._loading:
            if name not in self._known:
                self._known[name] = await asyncio.to_thread(_loaded, name)
        return self._known[name]


def _loaded(name: str) -> Embedder | None:
    if not is_here(name):
        return None
    embedder = Embedder(EmbeddingSettings(model=BUNDLED if name == BUNDLED_NAME else name))
    try:
        embedder.embed(["warm"], Side.QUERY)
    except ConfigurationError:
        return None
    return embedder
