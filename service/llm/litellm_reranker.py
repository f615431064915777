"""Reranking by a provider's API, through litellm."""

import asyncio
import math
from collections.abc import Sequence

from service.errors import ModelRubbish, ModelTimeout
from service.llm.endpoints import ModelEndpoint
from service.llm.litellm_client import lacking, warm_up
from service.llm.model_errors import translated

SETTING = "AMENDS_RETRIEVAL__RERANKER"


class LitellmReranker:
    """Relevances from one model of a provider; asked once, since the fused order can stand."""

    def __init__(self, model: ModelEndpoint, *, timeout_s: float) -> None:
        self._model = model
        self._timeout_s = timeout_s

    @property
    def name(self) -> str:
        """The model as litellm calls it."""
        return self._model.name

    async def relevances(self, asked: str, passages: Sequence[str]) -> list[float]:
        """Between 0 and 1 for each passage, in their order; every failure is a ModelError."""
        await asyncio.to_thread(warm_up)  # no part of the deadline; nothing once it is loaded
        try:
            async with asyncio.timeout(self._timeout_s):
                answer = await self._ask(asked, passages)
        except TimeoutError as exc:
            raise ModelTimeout(f"{self.name}: no answer within {self._timeout_s:.1f} s") from exc
        except Exception as exc:
            raise translated(exc, self.name, setting=SETTING) from exc
        return _squashed(_in_order(answer, len(passages), self.name))

    async def trouble(self) -> str | None:
        """What is missing before it can be asked, in words; it is asked nothing."""
        return await lacking(self._model, setting=SETTING)

    async def _ask(self, asked: str, passages: Sequence[str]) -> object:
        key = self._model.api_key.get_secret_value() if self._model.api_key else None
        return await warm_up().arerank(
            model=self._model.litellm_model,
            query=asked,
            documents=list(passages),
            top_n=len(passages),
            return_documents=False,
            api_base=self._model.api_base,
            api_key=key,
            timeout=self._timeout_s,
            max_retries=0,
        )


def _in_order(answer: object, count: int, name: str) -> list[float]:
    """The scores by the passages' places; every passage must have one."""
    try:
        listed = getattr(answer, "results", None) or []
        scores = {int(one["index"]): float(one["relevance_score"]) for one in listed}
        return [scores[place] for place in range(count)]
    except (KeyError, TypeError, ValueError) as exc:
        raise ModelRubbish(f"{name}: the answer does not score every passage") from exc


def _squashed(scores: list[float]) -> list[float]:
    """Most providers squash their scores already; raw ones are brought between 0 and 1."""
    if all(0 <= score <= 1 for score in scores):
        return scores
    return [1 / (1 + math.exp(-max(-60.0, min(score, 60.0)))) for score in scores]
