"""Asking a provider again after a failure that may pass, within a deadline."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from service.errors import ModelError, ModelRefused
from service.llm.model_errors import asked_pause

_FIRST_PAUSE_S = 0.25
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Tries:
    """How often a provider is asked at most, and within how many seconds in all."""

    attempts: int
    within_s: float


async def tried_again(
    ask: Callable[[], Awaitable[Answer]],
    *,
    attempts: int,
    until: float,
    translate: Callable[[Exception], ModelError],
) -> Answer:
    """The first answer; after a refusal, or when no pause fits in any more, our error for it.

    `until` is a time of the monotonic clock; who calls holds the deadline itself.
    """
    for attempt in range(1, attempts + 1):
        try:
            return await ask()
        except Exception as exc:
            error = translate(exc)
            pause = asked_pause(exc) or _FIRST_PAUSE_S * 2**attempt * random.uniform(0.5, 1)  # noqa: S311 (jitter)
            last = attempt == attempts or time.monotonic() + pause > until
            if last or isinstance(error, ModelRefused):
                raise error from exc
            await asyncio.sleep(pause)
    raise AssertionError("a provider is asked at least once")
