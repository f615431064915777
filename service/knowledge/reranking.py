"""The last order of what was found, by a model that reads complaint and passage together."""

from collections.abc import Sequence
from typing import Protocol

import structlog

from service.domain.knowledge import FoundPassage
from service.embedding.cross_encoder import CrossEncoderReranker, folder_version
from service.errors import AmendsError
from service.llm.endpoints import endpoint
from service.llm.litellm_reranker import LitellmReranker
from service.settings import LlmSettings, RetrievalSettings

log = structlog.get_logger(__name__)
MOST = 20
"""So many of the best are put into order; what lies behind them stays behind them."""
_LONGEST_S = 10.0
"""Somebody waits for the draft: a slow reranker is worth less than its order."""


class Reranker(Protocol):
    """Says how well passages answer a complaint; every failure is one of our errors."""

    @property
    def name(self) -> str:
        """The model."""
        ...

    async def relevances(self, asked: str, passages: Sequence[str]) -> list[float]:
        """Between 0 and 1 for each passage, in their order."""
        ...

    async def trouble(self) -> str | None:
        """Why it can't be asked, in words; None where it can, as far as one sees for nothing."""
        ...


class Reranking:
    """Reorders what was found; where the reranker fails, the fused order stands."""

    def __init__(self, reranker: Reranker | None) -> None:
        self._reranker = reranker
        self._trouble: str | None = None

    @property
    def trouble(self) -> str | None:
        """Why the last search stands in its fused order, in words."""
        return self._trouble

    async def warm_up(self) -> None:
        """Load what it needs; a reranker that can't be asked keeps nothing else from starting."""
        if self._reranker is not None:
            self._note(await self._reranker.trouble())

    async def reordered(self, asked: str, found: Sequence[FoundPassage]) -> list[FoundPassage]:
        """The first ones by the reranker's score, which they carry from here on."""
        first, rest = found[:MOST], found[MOST:]
        if self._reranker is None or len(first) < 2:
            return list(found)
        try:
            scores = await self._reranker.relevances(asked, [_read(one) for one in first])
        except AmendsError as exc:
            self._note(str(exc))
            return list(found)
        self._trouble = None
        marked = [_marked(one, score) for one, score in zip(first, scores, strict=True)]
        return [*sorted(marked, key=_by_reranked, reverse=True), *rest]

    def _note(self, trouble: str | None) -> None:
        self._trouble = trouble
        if trouble is not None:
            log.warning("not_reranked", why=trouble)


def reranker_of(settings: RetrievalSettings, llm: LlmSettings) -> Reranker | None:
    """The reranker of the settings, if there is one; a provider's key comes as the drafter's."""
    timeout_s = min(llm.timeout_s, _LONGEST_S)
    if settings.reranking_model is not None:
        return LitellmReranker(endpoint(settings.reranking_model, llm), timeout_s=timeout_s)
    if settings.reranking_folder is not None:
        return CrossEncoderReranker(settings.reranking_folder, timeout_s=timeout_s)
    return None


def reranker_version(settings: RetrievalSettings) -> str | None:
    """What the order depends on: a provider's model by its name, a folder's by what it holds."""
    if settings.reranking_folder is not None:
        return folder_version(settings.reranking_folder)
    return settings.reranking_model


def _read(found: FoundPassage) -> str:
    """What is read of a passage: its best part, with the title that says what it is about."""
    headed = found.excerpt.startswith(found.title)
    return found.excerpt if headed else f"{found.title}: {found.excerpt}"


def _marked(found: FoundPassage, score: float) -> FoundPassage:
    scores = found.scores.model_copy(update={"reranked": round(score, 4)})
    return found.model_copy(update={"scores": scores})


def _by_reranked(found: FoundPassage) -> float:
    return found.scores.reranked or 0.0
