"""The stations of a draft's way, as plugins see them pass by, with the time each one took."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum

from service.domain.base import Frozen
from service.domain.draft import Timing


class Stage(StrEnum):
    """One station of the way."""

    TRIAGE = "triage"
    RETRIEVE = "retrieve"
    RENDER = "render"
    COMPLETE = "complete"
    CHECK = "check"
    REVISE = "revise"
    HOLD = "hold"
    DONE = "done"


class StageEvent(Frozen):
    """A station that was reached, with a word on it; never customer text."""

    stage: Stage
    detail: str = ""


OnStage = Callable[[StageEvent], None]


def ignore_stages(_: StageEvent) -> None:
    """For whoever does not watch."""


class Stopwatch:
    """Adds up the seconds of each station."""

    def __init__(self, on_stage: OnStage) -> None:
        self._on_stage = on_stage
        self._seconds: dict[Stage, float] = {}

    @contextmanager
    def at(self, stage: Stage, detail: str = "") -> Iterator[None]:
        """Announce a station and time it."""
        self._on_stage(StageEvent(stage=stage, detail=detail))
        started = time.perf_counter()
        try:
            yield
        finally:
            passed = time.perf_counter() - started
            self._seconds[stage] = self._seconds.get(stage, 0.0) + passed

    @property
    def timings(self) -> tuple[Timing, ...]:
        """What was measured, in the order of the way."""
        return tuple(
            Timing(stage=stage.value, seconds=round(seconds, 4))
            for stage, seconds in self._seconds.items()
        )
