"""Model answers kept by the hash of what was asked: a rerun of an unchanged case costs nothing."""

import asyncio
import hashlib
import json
import os
import time
from collections import deque
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from evals.errors import EvalError
from service.domain.draft import Usage
from service.llm.client import ChatModel, ChatRequest, Completion
from service.settings import LlmSettings

_MINUTE_S = 60.0
_NOT_ASKED = ("timeout_s", "messages", "turn")


def digest(*parts: object) -> str:
    """A hash of anything that JSON can hold."""
    text = json.dumps(parts, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def where(llm: LlmSettings) -> str:
    """Where a model answers: two of one name are not the same model."""
    return f"{llm.api_base or ''} {llm.gguf or ''}"


def write_whole(path: Path, text: str) -> None:
    """Write a file all at once, so that a killed or a second run never leaves half of one."""
    beside = path.with_name(f".{path.name}.{os.getpid()}-{time.monotonic_ns()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as exc:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise EvalError(
            f"{path.name} can't be written ({exc.strerror}): make room, or name another place with "
            "AMENDS_DATA_DIR, and run again; what was finished is kept"
        ) from exc


class CachedChatModel:
    """A chat model that answers from its cache where it was asked the same before.

    `scope` says where the model answers. `per_minute` bounds the calls that are really made.
    Failures are not kept: they are asked again.
    """

    def __init__(
        self, model: ChatModel, folder: Path, *, scope: str = "", per_minute: int | None = None
    ) -> None:
        self._scope = scope
        self._model = model
        self._folder = folder
        self._per_minute = per_minute
        self._called: deque[float] = deque()
        self._turn = asyncio.Lock()
        self.asked = 0
        self.kept = 0

    @property
    def name(self) -> str:
        """The model behind the cache."""
        return self._model.name

    async def complete(self, request: ChatRequest) -> Completion:
        """The kept answer, or a new one that is kept from now on."""
        path = self._path(request)
        kept = _read(path)
        if kept is not None:
            self.kept += 1
            return kept
        await self._wait_for_turn()
        self.asked += 1
        completion = await self._model.complete(request)
        write_whole(path, json.dumps(_as_json(completion), ensure_ascii=False))
        return completion

    async def ready(self) -> str | None:
        """As the model behind says."""
        return await self._model.ready()

    async def aclose(self) -> None:
        """Close the model behind."""
        await self._model.aclose()

    def _path(self, request: ChatRequest) -> Path:
        asked = {k: v for k, v in asdict(request).items() if k not in _NOT_ASKED}
        if request.seed is None and request.turn:  # a seed tells candidates apart by itself
            asked["turn"] = request.turn
        messages = [message.model_dump() for message in request.messages]
        key = digest(self._model.name, self._scope, asked, messages)
        return self._folder / key[:2] / f"{key}.json"

    async def _wait_for_turn(self) -> None:
        if self._per_minute is None:
            return
        async with self._turn:
            while self._called and self._called[0] <= time.monotonic() - _MINUTE_S:
                self._called.popleft()
            if len(self._called) >= self._per_minute:
                await asyncio.sleep(self._called.popleft() + _MINUTE_S - time.monotonic())
            self._called.append(time.monotonic())


def _as_json(completion: Completion) -> dict[str, Any]:
    return {**asdict(completion), "usage": completion.usage.model_dump()}


def _read(path: Path) -> Completion | None:
    """A kept answer; one that can't be read is asked for again."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return Completion(**{**found, "usage": Usage.model_validate(found["usage"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None
