"""How long the checks take and whether they grow: replies of about 300 characters, eight passages,
400 recent replies, each reply new to the caches."""

import asyncio
import random
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil

from evals.bench.figure import Figure
from evals.brands import brand_of
from evals.guards.contexts import context_of, passages
from evals.guards.corpus import LabelledReply, replies, sentences
from service.embedding.embedder import Embedder
from service.guards.canned import find_canned
from service.guards.context import CheckContext
from service.guards.guard import Guard, warm_up
from service.guards.reader import Reader
from service.settings import EmbeddingSettings

_BRAND = "halden"
_PASSAGES, _RECENT, _MANY = 8, 400, 10_000
_TIMED, _CALLS = 60, 10_000
_SEED = 5


def guards(_: Path) -> list[Figure]:
    """Pure checks, all local checks, the comparison with many replies, and 10,000 calls."""
    reader = Reader(Embedder(EmbeddingSettings()))
    warm_up(reader)
    fresh = _contexts()
    pure = Guard(brand_of(_BRAND))
    whole = Guard(brand_of(_BRAND), reader=reader)
    return [
        Figure("pure checks, p50", _median(pure, fresh, _TIMED), 25, "ms"),
        Figure("all local checks, p50", _median(whole, fresh, _TIMED), 250, "ms"),
        Figure(f"compared with {_MANY:,} recent replies, p50", _canned(next(fresh)), 20, "ms"),
        *_growth(pure, fresh),
    ]


def _contexts() -> Iterator[CheckContext]:
    """Replies of 270 to 330 characters put together anew from labelled sentences, without end."""
    dice = random.Random(_SEED)  # noqa: S311 (a bench)
    pool = [row.text for row in sentences("train") if row.language == "en"]
    rows = [row for row in replies("train") if row.brand == _BRAND and row.language == "en"]
    ids = [found.id for found in passages(_BRAND, _all_ids(rows))][:_PASSAGES]
    recent = tuple(_reply(dice, pool) for _ in range(_RECENT))
    while True:
        row = dice.choice(rows)
        context = context_of(row, _reply(dice, pool))
        yield replace(context, policy=passages(_BRAND, ids), recent_replies=recent)


def _all_ids(rows: list[LabelledReply]) -> list[str]:
    return [name for row in rows for name in row.policy_ids]


def _reply(dice: random.Random, pool: list[str]) -> str:
    while True:
        text = " ".join(dice.sample(pool, dice.randint(2, 4)))
        if 270 <= len(text) <= 330:
            return text


def _median(guard: Guard, fresh: Iterator[CheckContext], count: int) -> float:
    """Milliseconds; the first calls, which read the brand's passages once, don't count."""
    taken = [_timed(guard, next(fresh)) for _ in range(count + 5)]
    return statistics.median(taken[5:])


def _timed(guard: Guard, context: CheckContext) -> float:
    began = time.perf_counter()
    asyncio.run(guard.check(context))
    return (time.perf_counter() - began) * 1000


def _canned(context: CheckContext) -> float:
    dice = random.Random(_SEED)  # noqa: S311 (a bench)
    pool = [row.text for row in sentences("train")]
    many = replace(context, recent_replies=tuple(_reply(dice, pool) for _ in range(_MANY)))
    taken = []
    for _ in range(12):
        began = time.perf_counter()
        list(find_canned(replace(many, reply=_reply(dice, pool))))
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken[2:])


def _growth(guard: Guard, fresh: Iterator[CheckContext]) -> list[Figure]:
    """Whether 10,000 calls make the guard slower or larger; the last tenth beside the second."""
    process, tenth = psutil.Process(), _CALLS // 10
    taken, held = [], []
    for number in range(_CALLS):
        taken.append(_timed(guard, next(fresh)))
        if number % tenth == tenth - 1:
            held.append(process.memory_info().rss / 2**20)
    second, last = taken[tenth : 2 * tenth], taken[-tenth:]
    slower = statistics.median(last) / statistics.median(second)
    return [
        Figure(f"{_CALLS:,} calls: last tenth against the second", slower, 1.2, "x"),
        Figure(
            f"{_CALLS:,} calls: memory gained since the second tenth", held[-1] - held[1], 30, "MiB"
        ),
    ]
