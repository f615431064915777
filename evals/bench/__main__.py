"""`make bench`: every figure with what was asked for, and the load of the machine beside it."""

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import service
from evals.bench.complaints import timed_cases
from evals.bench.figure import Figure
from evals.bench.guards import guards
from evals.bench.machine import PeakMemory, machine_words, running
from evals.bench.queue import queue
from evals.bench.stub_openai import StubOpenAi, answer
from service.bootstrap import chat_model, open_services
from service.domain.draft import Draft
from service.domain.review import LOCAL_ADMIN, Role
from service.llm.offline import OfflineChatModel
from service.settings import LlmSettings, Settings

SAMPLE = Path(service.__file__).parent / "samples" / "tidewell"
STUB_DRAFTS = 30
MODEL_DRAFTS = 8
PORT = 18081
REPLY = json.dumps(
    {
        "reply": "The missed slot and the silence after it: I'm sorry, that was a wasted day for "
        "you. I'm finding out what went wrong and will write to you here by 18:00 the next "
        "working day. Thank you for spelling it out."
    }
)


def main(names: list[str]) -> None:
    """Measure and print all parts, or the named ones."""
    parts: dict[str, Callable[[Path], Iterable[Figure]]] = {
        "help": help_time,
        "guards": guards,
        "pipeline": pipeline,
        "queue": queue,
        "server": server,
    }
    print(f"machine before: {machine_words()}\n")
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        for name in names or parts:
            for figure in parts[name](Path(folder)):
                print(figure.line(), flush=True)
                figures.append(figure)
    print(f"\nmachine after: {machine_words()}")
    missed = [figure.name for figure in figures if figure.asked and figure.measured > figure.asked]
    print(f"missed: {', '.join(missed) or 'none'}")


def help_time(_: Path) -> list[Figure]:
    """The best of five: what the machine can do, not what else it was doing."""

    def once() -> float:
        started = time.perf_counter()
        command = [sys.executable, "-m", "service.cli", "--help"]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 (our own command)
        return time.perf_counter() - started

    return [Figure("amends --help, best of 5", min(once() for _ in range(5)), 0.5, "s")]


def pipeline(folder: Path) -> list[Figure]:
    """Everything but the model: drafts against a loopback stub that answers at once."""
    with StubOpenAi(answer(REPLY)) as stub:
        settings = Settings(
            data_dir=folder / "stub",
            llm=LlmSettings(model="openai/stub", api_base=stub.base_url, api_key="none"),
        )
        drafts, embedded = asyncio.run(_draft_against_stub(settings))
    totals = [sum(t.seconds for t in d.content.timings) for d in drafts if d.content]
    parts = _parts(drafts)
    return [
        Figure(
            f"all but the model, p50 of {len(totals)} drafts of 300 characters",
            statistics.median(totals) * 1000 - parts.pop("complete"),
            600,
            "ms",
        ),
        *(Figure(f"  of it {name}", value, None, "ms") for name, value in parts.items()),
        Figure("  texts embedded per draft", embedded / len(drafts), None, ""),
    ]


async def _draft_against_stub(settings: Settings) -> tuple[list[Draft], int]:
    async with open_services(settings, model=chat_model(settings, None)) as services:
        await services.warm_up()
        await services.library.import_folder(SAMPLE, actor="bench")
        first, *rest = timed_cases(STUB_DRAFTS + 1)
        drafts = []
        await _draft(services.drafts, first)
        before = services.embedder.texts_embedded
        for case in rest:
            started = time.perf_counter()
            draft = await _draft(services.drafts, case)
            drafts.append(_with_store(draft, time.perf_counter() - started))
        return drafts, services.embedder.texts_embedded - before


async def _draft(drafts: Any, case: Any) -> Draft:
    made: Draft = await drafts.finished(await drafts.create(case, "tidewell", LOCAL_ADMIN))
    return made


def _with_store(draft: Draft, whole: float) -> Draft:
    """What no station of the way counted was spent in the store."""
    if draft.content is None:
        return draft
    counted = sum(timing.seconds for timing in draft.content.timings)
    timing = draft.content.timings[0].model_copy(
        update={"stage": "store", "seconds": whole - counted}
    )
    content = draft.content.model_copy(update={"timings": (*draft.content.timings, timing)})
    return draft.model_copy(update={"content": content})


def _parts(drafts: list[Draft]) -> dict[str, float]:
    """The median milliseconds of each station."""
    stages: dict[str, list[float]] = {}
    for draft in drafts:
        for timing in draft.content.timings if draft.content else ():
            stages.setdefault(timing.stage, []).append(timing.seconds * 1000)
    return {stage: statistics.median(values) for stage, values in stages.items()}


def server(folder: Path) -> list[Figure]:
    """A real server with the bundled model: start, first draft, later drafts, memory."""
    data = folder / "served"
    key = asyncio.run(_prepare(Settings(data_dir=data)))
    environment = {"AMENDS_DATA_DIR": str(data), "AMENDS_LLM__CANDIDATES": "1"}
    started = time.perf_counter()
    with (
        running(["serve", "--port", str(PORT)], environment) as process,
        PeakMemory(process.pid) as memory,
    ):
        healthy = _until(lambda: _status("/healthz") == 200, started)
        words = _missing()
        ready = _until(lambda: _status("/readyz") == 200, started)
        time.sleep(2)
        seconds, tokens, held = _served_drafts(key)
    print(f"  /readyz while warming up: {words}")
    print(f"  drafts held by a holding reply: {held} of {MODEL_DRAFTS}; prompt tokens {tokens}")
    first, *later = seconds
    return [
        Figure("/healthz answers after start", healthy, 1.0, "s"),
        Figure("/readyz says ready after start", ready, None, "s"),
        Figure("bundled model: first draft of an idle server", first, 25, "s"),
        Figure(
            f"bundled model: later drafts, p50 of {len(later)}, n = 1",
            statistics.median(later),
            10,
            "s",
        ),
        Figure("bundled model: slowest later draft", max(later), None, "s"),
        Figure("peak memory of service and model", memory.bytes / 2**30, 3.5, "GiB"),
    ]


async def _prepare(settings: Settings) -> str:
    async with open_services(settings, model=OfflineChatModel()) as services:
        await services.library.import_folder(SAMPLE, actor="bench")
        made = await services.keys.create(
            name="bench", role=Role.AGENT, brand_id="tidewell", actor="bench"
        )
        return made.secret


def _served_drafts(key: str) -> tuple[list[float], list[int], int]:
    seconds, tokens, held = [], [], 0
    for case in timed_cases(MODEL_DRAFTS):
        body = case.model_dump(mode="json")
        body["options"] = {"wait_s": 120}
        started = time.perf_counter()
        draft = _post("/v1/drafts", body, key)
        seconds.append(time.perf_counter() - started)
        tokens += [attempt["usage"]["prompt_tokens"] for attempt in draft["attempts"]]
        held += bool(draft["holding"])
    return seconds, tokens, held


def _until(true: Callable[[], bool], started: float, patience_s: float = 180) -> float:
    while not true():
        if time.perf_counter() - started > patience_s:
            raise SystemExit("the server did not come up: run `amends serve` and look")
        time.sleep(0.01)
    return time.perf_counter() - started


def _status(path: str) -> int:
    try:
        with urllib.request.urlopen(_url(path), timeout=5) as answered:  # noqa: S310 (loopback)
            return int(answered.status)
    except urllib.error.HTTPError as exc:
        return exc.code
    except OSError:
        return 0


def _missing() -> str:
    try:
        with urllib.request.urlopen(_url("/readyz"), timeout=5) as answered:  # noqa: S310
            return str(answered.read().decode())
    except urllib.error.HTTPError as exc:
        return exc.read().decode()


def _post(path: str, body: dict[str, Any], key: str) -> dict[str, Any]:
    request = urllib.request.Request(  # noqa: S310 (loopback)
        _url(path),
        data=json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=150) as answered:  # noqa: S310
        read: dict[str, Any] = json.loads(answered.read())
        return read


def _url(path: str) -> str:
    return f"http://127.0.0.1:{PORT}{path}"


if __name__ == "__main__":
    main(sys.argv[1:])
