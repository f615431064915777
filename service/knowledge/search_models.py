"""The embedding models that searches go by: one on this machine, or one of a provider."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from service.embedding.embedder import BUNDLED, BUNDLED_NAME, Embedder, Side, Vectors
from service.embedding.kept import Shelf
from service.errors import ConfigurationError
from service.llm.endpoints import ModelEndpoint, endpoint
from service.llm.litellm_embedder import LitellmEmbedder
from service.llm.retrying import Tries
from service.settings import EmbeddingSettings, LlmSettings

_QUIET_S = 0.5
"""The steps of a draft follow each other sooner than that."""
_LONGEST_WAIT_S = 2.0
_LOOK_S = 0.02
_LONGEST_SEARCH_S = 10.0
"""Somebody waits for the draft: a slow provider is worth less than the words."""
_IMPORT = Tries(attempts=6, within_s=90.0)
"""An import is worth waiting for a provider that asks for a pause."""
_KEPT = 2_000


@dataclass(frozen=True)
class Batch:
    """So many texts and characters at most at a time."""

    texts: int
    chars: int

    def cut(self, texts: Sequence[str]) -> Iterator[list[str]]:
        """The texts in batches, and never less than one text in one."""
        batch: list[str] = []
        for text in texts:
            many = len(batch) == self.texts or sum(map(len, batch)) + len(text) > self.chars
            if batch and many:
                yield batch
                batch = []
            batch.append(text)
        if batch:
            yield batch


class SearchModel(Protocol):
    """Texts to unit vectors, float32 of shape (texts, dimensions)."""

    @property
    def name(self) -> str:
        """What the vectors are stored under: another name means another index."""
        ...

    @property
    def batch(self) -> Batch:
        """What is indexed and kept at a time; a killed run has to make it again at most."""
        ...

    async def asked(self, texts: Sequence[str]) -> Vectors:
        """What somebody who waits searches for; a provider that gives nothing is a ModelError."""
        ...

    async def indexed(self, texts: Sequence[str], side: Side) -> Vectors:
        """One batch of what is to be found."""
        ...

    async def trouble(self) -> str | None:
        """Load what it needs; why it can't be asked, as far as one sees for nothing."""
        ...


class LocalModel:
    """A model on this machine, which lets searches go before what is to be indexed."""

    batch = Batch(texts=16, chars=1_600)
    _call = Batch(texts=16, chars=400)
    """The bundled engine takes one call at a time: whoever comes waits for no more than this."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="embedding")

    @property
    def name(self) -> str:
        """The bundled model's name, or the folder."""
        return self._embedder.name

    async def asked(self, texts: Sequence[str]) -> Vectors:
        """Off the event loop; the embedder keeps what it has made."""
        return await asyncio.to_thread(self._embedder.embed, texts, Side.QUERY)

    async def indexed(self, texts: Sequence[str], side: Side) -> Vectors:
        """Little by little, in a thread of its own."""
        loop, embed = asyncio.get_running_loop(), self._embedder.embed
        made = []
        for call in self._call.cut(texts):
            await self._let_others_go_first()
            made.append(await loop.run_in_executor(self._thread, embed, call, side))
        return np.concatenate(made)

    async def trouble(self) -> str | None:
        """None; a model that can't be loaded is a broken setting and raises."""
        await asyncio.to_thread(self._embedder.warm_up)
        return None

    async def _let_others_go_first(self) -> None:
        """Wait for a pause in what people ask, but get on however busy it is.

        A thread of low priority would do harm: it holds the engine the longer, the busier it is.
        """
        until = time.monotonic() + _LONGEST_WAIT_S
        while self._embedder.quiet_s < _QUIET_S and time.monotonic() < until:  # noqa: ASYNC110 (other threads ask)
            await asyncio.sleep(_LOOK_S)


class ProviderModel:
    """A model of a provider, asked once for each text that is searched for."""

    batch = Batch(texts=64, chars=24_000)

    def __init__(self, name: str, embedder: LitellmEmbedder, *, search: Tries) -> None:
        self._name = name
        self._embedder = embedder
        self._search = search
        self._shelf = Shelf(_KEPT)

    @property
    def name(self) -> str:
        """The name as the setting has it."""
        return self._name

    async def asked(self, texts: Sequence[str]) -> Vectors:
        """In one call, soon or not at all."""
        known = self._shelf.known(texts)
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if missing:
            rows = await self._embedder.embed(missing, asked=True, tries=self._search)
            known |= dict(zip(missing, rows, strict=True))
        self._shelf.keep(known)
        return np.stack([known[text] for text in texts])

    async def indexed(self, texts: Sequence[str], side: Side) -> Vectors:
        """In one call, with patience."""
        return await self._embedder.embed(texts, asked=side is Side.QUERY, tries=_IMPORT)

    async def trouble(self) -> str | None:
        """What is missing before it can be asked, in words; it is asked nothing."""
        return await self._embedder.trouble()


def search_model(
    settings: EmbeddingSettings, llm: LlmSettings, *, bundled: Embedder | None = None
) -> SearchModel:
    """The model that the settings name; `bundled` is one that others use already."""
    if settings.provider_model is not None:
        tries = Tries(llm.attempts, min(llm.timeout_s, _LONGEST_SEARCH_S))
        found = LitellmEmbedder(_endpoint(settings.provider_model, settings, llm))
        return ProviderModel(settings.model, found, search=tries)
    if settings.model == BUNDLED and bundled is not None:
        return LocalModel(bundled)
    return LocalModel(Embedder(settings))


def _endpoint(name: str, settings: EmbeddingSettings, llm: LlmSettings) -> ModelEndpoint:
    """An address or key of its own goes alone: the drafting model's key is for its address."""
    if settings.api_base is None and settings.api_key is None:
        return endpoint(name, llm)
    return ModelEndpoint(
        name=name, litellm_model=name, api_base=settings.api_base, api_key=settings.api_key
    )


def is_here(name: str, settings: EmbeddingSettings) -> bool:
    """Whether the model of an index that was made under earlier settings can be asked still.

    The bundled one, a folder that is there, or another model of the provider that the settings
    name: customers' words go to no other.
    """
    earlier = EmbeddingSettings(model=BUNDLED if name == BUNDLED_NAME else name)
    if earlier.provider_model is None:
        return earlier.model == BUNDLED or Path(name).is_dir()
    present = (settings.provider_model or "").partition("/")[0]
    return earlier.provider_model.partition("/")[0] == present


class OlderModels:
    """Models by the name that their vectors are stored under; each is loaded once."""

    def __init__(self, settings: EmbeddingSettings, llm: LlmSettings) -> None:
        self._settings = settings
        self._llm = llm
        self._known: dict[str, SearchModel | None] = {}
        self._loading = asyncio.Lock()

    async def of(self, name: str) -> SearchModel | None:
        """The model, or None where it cannot be loaded any more."""
        async with self._loading:
            if name not in self._known:
                self._known[name] = await self._loaded(name)
        return self._known[name]

    async def _loaded(self, name: str) -> SearchModel | None:
        if not is_here(name, self._settings):
            return None
        setting = BUNDLED if name == BUNDLED_NAME else name
        older = self._settings.model_copy(update={"model": setting})
        model = search_model(older, self._llm)
        try:
            await model.trouble()
        except ConfigurationError:
            return None
        return model
