import asyncio
import time
from dataclasses import replace
from pathlib import Path

import pytest

from evals.drafting.cache import CachedChatModel, write_whole
from evals.errors import EvalError
from service.domain.draft import ChatMessage
from service.errors import ModelUnavailable
from service.llm.client import ChatRequest
from service.llm.scripted import ScriptedChatModel


def asked(text: str, seed: int | None = None) -> ChatRequest:
    return ChatRequest(messages=(ChatMessage(role="user", content=text),), seed=seed)


async def test_the_same_question_is_asked_once(tmp_path: Path) -> None:
    behind = ScriptedChatModel(["one", "two"])
    model = CachedChatModel(behind, tmp_path)
    first = await model.complete(asked("a"))
    again = await CachedChatModel(behind, tmp_path).complete(asked("a"))
    assert again == first
    assert len(behind.requests) == 1
    assert (await model.complete(asked("a", seed=8))).text == "two"


async def test_candidates_without_a_seed_are_answers_of_their_own(tmp_path: Path) -> None:
    model = CachedChatModel(ScriptedChatModel(["one", "two"]), tmp_path)
    first, second = asked("a"), replace(asked("a"), turn=1)
    texts = [(await model.complete(one)).text for one in (first, second, first, second)]
    assert texts == ["one", "two", "one", "two"]


async def test_another_model_is_asked_anew(tmp_path: Path) -> None:
    await CachedChatModel(ScriptedChatModel(["x"], "small"), tmp_path).complete(asked("a"))
    other = ScriptedChatModel(["y"], "large")
    assert (await CachedChatModel(other, tmp_path).complete(asked("a"))).text == "y"


async def test_a_model_of_that_name_at_another_address_is_asked_anew(tmp_path: Path) -> None:
    behind = ScriptedChatModel(["x", "y"])
    texts = [
        (await CachedChatModel(behind, tmp_path, scope=scope).complete(asked("a"))).text
        for scope in ("http://one", "http://two", "http://one")
    ]
    assert texts == ["x", "y", "x"]


async def test_a_failure_is_not_kept(tmp_path: Path) -> None:
    behind = ScriptedChatModel([ModelUnavailable("down"), "up"])
    model = CachedChatModel(behind, tmp_path)
    with pytest.raises(ModelUnavailable):
        await model.complete(asked("a"))
    assert (await model.complete(asked("a"))).text == "up"


def _break(folder: Path) -> None:
    next(folder.rglob("*.json")).write_text("{half", encoding="utf-8")


async def test_a_kept_answer_that_is_broken_is_asked_for_again(tmp_path: Path) -> None:
    model = CachedChatModel(ScriptedChatModel(["one", "two"]), tmp_path)
    await model.complete(asked("a"))
    _break(tmp_path)
    assert (await model.complete(asked("a"))).text == "two"


async def test_so_many_calls_a_minute_and_kept_ones_are_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []

    async def note(seconds: float) -> None:
        waits.append(seconds)

    behind = ScriptedChatModel(["x"], repeat_last=True)
    model = CachedChatModel(behind, tmp_path, per_minute=2)
    await model.complete(asked("a"))
    await model.complete(asked("b"))
    monkeypatch.setattr(asyncio, "sleep", note)
    await model.complete(asked("a"))
    assert waits == []
    await model.complete(asked("c"))
    assert 50 < waits[0] <= 60


def test_a_full_disk_is_told_with_what_to_do(tmp_path: Path) -> None:
    """A file where the folder should be refuses as a full disk does."""
    (tmp_path / "taken").write_text("", encoding="utf-8")
    with pytest.raises(EvalError, match=r"AMENDS_DATA_DIR.*what was finished is kept"):
        write_whole(tmp_path / "taken" / "draft.json", "{}")


def test_two_that_write_the_same_file_leave_a_whole_one(tmp_path: Path) -> None:
    async def both() -> None:
        texts = ("a" * 100_000, "b" * 100_000)
        path = tmp_path / "one.json"
        await asyncio.gather(*(asyncio.to_thread(write_whole, path, text) for text in texts))

    began = time.monotonic()
    asyncio.run(both())
    assert (tmp_path / "one.json").read_text(encoding="utf-8")[:1] in "ab"
    assert [path.name for path in tmp_path.iterdir()] == ["one.json"]
    assert time.monotonic() - began < 10
