"""One loop for all that comes due without anybody asking: deadlines, promises."""

import asyncio
import traceback
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

import structlog

log = structlog.get_logger(__name__)
EVERY_S = 30.0


class Tick(Protocol):
    """A part that looks, time and again, at what has come due."""

    async def tick(self, now: datetime) -> object:
        """Do what is due by now; called again, or by another worker, it does nothing twice."""


class Followups:
    """Lets every part look after its own; one that fails stops none of the others."""

    def __init__(self, ticks: Sequence[Tick], *, now: Callable[[], datetime]) -> None:
        self._ticks = ticks
        self._now = now

    async def work(self) -> None:
        """Look every half minute; runs until cancelled."""
        while True:
            await asyncio.sleep(EVERY_S)
            await self.once()

    async def once(self) -> None:
        """Let each part look once."""
        for part in self._ticks:
            try:
                await part.tick(self._now())
            except Exception as exc:
                # Only its kind and place: the message may hold a customer's words.
                frame = traceback.extract_tb(exc.__traceback__)[-1]
                log.error(
                    "followup_failed",
                    part=type(part).__name__,
                    error=type(exc).__name__,
                    place=f"{frame.filename}:{frame.lineno}",
                )
