"""Embedding by a provider's API, through litellm."""

import asyncio
import re
import time
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from service.errors import ModelError, ModelRubbish, ModelTimeout
from service.llm.endpoints import ModelEndpoint
from service.llm.litellm_client import lacking, warm_up
from service.llm.model_errors import translated
from service.llm.retrying import Tries, tried_again

GROUP = "AMENDS_EMBEDDING"
SETTING = f"{GROUP}__MODEL"
Rows = npt.NDArray[np.float32]
# litellm keeps a client for each timeout it is given: the deadline is held outside, by us.
_BACKSTOP_S = 120.0
_MOST_CHARS = 2_000
"""The bundled model reads no more either, and some providers refuse what is too long."""
_BLANK = "-"
"""Stands for a text without a word: providers refuse an empty one."""
_INPUT_TYPES = {
    "cohere": ("search_query", "search_document"),
    "gemini": ("RETRIEVAL_QUERY", "RETRIEVAL_DOCUMENT"),
    "voyage": ("query", "document"),
}
_PREFIXES = (
    (re.compile(r"\bnomic-embed"), ("search_query: ", "search_document: ")),
    (re.compile(r"\be5-(?!.*instruct)"), ("query: ", "passage: ")),
)
"""Models that tell what is searched for from what is found, by an argument or by a first word."""


class LitellmEmbedder:
    """Unit vectors from one model of a provider."""

    def __init__(self, model: ModelEndpoint) -> None:
        self._model = model

    @property
    def name(self) -> str:
        """The model as litellm calls it."""
        return self._model.name

    async def embed(self, texts: Sequence[str], *, asked: bool, tries: Tries) -> Rows:
        """A row for each text, in one call; `asked`: they are searches. A failure is a ModelError.

        Rows of one answer are equally long; another answer's may be of another length.
        """
        await asyncio.to_thread(warm_up)  # no part of the deadline; nothing once it is loaded
        until = time.monotonic() + tries.within_s
        try:
            async with asyncio.timeout(tries.within_s):
                answer = await tried_again(
                    lambda: self._ask(texts, asked=asked),
                    attempts=tries.attempts,
                    until=until,
                    translate=self._translated,
                )
        except TimeoutError as exc:
            raise ModelTimeout(f"{self.name}: no answer within {tries.within_s:.1f} s") from exc
        return _unit(_in_order(answer, len(texts), self.name), self.name)

    async def trouble(self) -> str | None:
        """What is missing before it can be asked, in words; it is asked nothing."""
        return await lacking(self._model, setting=SETTING)

    def _translated(self, exc: Exception) -> ModelError:
        return translated(exc, self.name, setting=SETTING, group=GROUP)

    async def _ask(self, texts: Sequence[str], *, asked: bool) -> object:
        provider, side = self._model.litellm_model.partition("/")[0], 0 if asked else 1
        prefix = next((two[side] for words, two in _PREFIXES if words.search(self.name)), "")
        more = {"input_type": _INPUT_TYPES[provider][side]} if provider in _INPUT_TYPES else {}
        key = self._model.api_key.get_secret_value() if self._model.api_key else None
        return await warm_up().aembedding(
            model=self._model.litellm_model,
            input=[prefix + (text.strip()[:_MOST_CHARS] or _BLANK) for text in texts],
            encoding_format="float",
            api_base=self._model.api_base,
            api_key=key,
            timeout=_BACKSTOP_S,
            max_retries=0,
            **more,
        )


def _in_order(answer: object, count: int, name: str) -> Rows:
    """The vectors by the texts' places; every text must have one, and all be equally long."""
    try:
        listed = getattr(answer, "data", None) or []
        vectors = {int(one["index"]): one["embedding"] for one in listed}
        rows = np.array([vectors[place] for place in range(count)], np.float32)
    except (KeyError, TypeError, ValueError) as exc:
        raise ModelRubbish(f"{name}: the answer has no vector for every text") from exc
    if rows.ndim != 2:
        raise ModelRubbish(f"{name}: the answer holds no vectors")
    return rows


def _unit(rows: Rows, name: str) -> Rows:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    if not (np.isfinite(lengths) & (lengths > 0)).all():
        raise ModelRubbish(f"{name}: a vector of the answer is empty or no number")
    return np.asarray(rows / lengths, np.float32)
