"""`python -m evals.bench.queue [N]`: pages of a queue of 100,000 drafts, on both databases.

Rows are copies of a few real drafts, written in bulk past the drafting, which would take weeks.
"""

import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import httpx
from pydantic import SecretStr

import service
from evals.bench.complaints import timed_cases
from evals.bench.figure import Figure
from evals.bench.machine import machine_words
from service.api.app import create_app
from service.bootstrap import Services, open_services
from service.domain.brand import Brand
from service.domain.checks import CHECK_IDS, CheckReport, Citation, Finding, Severity, Verdict
from service.domain.draft import DraftContent, DraftStatus
from service.domain.knowledge import (
    Evidence,
    FoundPassage,
    FoundReply,
    PastReply,
    PolicyPassage,
    Scores,
)
from service.domain.queue import QueueFilter
from service.domain.review import Role
from service.domain.thread import Case
from service.domain.triage import DeadlineClass, Issue, Kind, Move, MoveKind, Span, Triage
from service.drafting.provenance import NOT_YET
from service.drafting.shape import waiting
from service.llm.scripted import ScriptedChatModel
from service.settings import DatabaseSettings, LlmSettings, Settings
from service.store.drafts import DraftRepository
from service.store.leases import LeaseRepository
from service.store.session import Connection
from service.store.threads import ThreadRepository

SAMPLE = Path(service.__file__).parent / "samples" / "tidewell"
DRAFTS = 100_000
PEOPLE = 20
_TEMPLATES, _CALLS, _ASKED_MS = 4, 30, 50
_REPLY = (
    "The missed slot and the silence after it: I'm sorry, that was a wasted day for you. I'm "
    "finding out what went wrong and will write to you here by 18:00 the next working day."
)
_ASKS: Mapping[str, Mapping[str, str]] = {
    "one brand": {"brand": "tidewell"},
    "all brands": {},
    "one brand, of one person": {"brand": "tidewell", "assignee": "P7"},
    "all brands, of nobody": {"assignee": "none"},
    "one brand, Polish and overdue": {"brand": "tidewell", "language": "pl", "overdue": "true"},
    "one brand, of nobody there is": {"brand": "tidewell", "assignee": "P99"},
}


def queue(folder: Path, drafts: int = DRAFTS) -> Iterator[Figure]:
    """The embedded database, then a server of the tests' own, where that is installed."""
    with ExitStack() as stack:
        places = {"SQLite": DatabaseSettings(), **_server(stack)}
        for name, database in places.items():
            settings = Settings(
                data_dir=folder / f"queue-{name}",
                database=database,
                llm=LlmSettings(model="scripted"),
                log_level="warning",
            )
            yield from asyncio.run(_measured(settings, name, drafts))


def _server(stack: ExitStack) -> dict[str, DatabaseSettings]:
    try:
        from tests.serving import serving
    except ImportError:
        return {}
    server = stack.enter_context(serving())
    return {"PostgreSQL": DatabaseSettings(url=SecretStr(server.create("queue")))}


async def _measured(settings: Settings, name: str, drafts: int) -> list[Figure]:
    async with open_services(settings) as services:
        for brand_id in ("tidewell", "b"):
            brand = Brand(id=brand_id, name=brand_id.title(), voice="Plain.")
            await services.library.replace(brand, actor="bench")
        for case in timed_cases(_TEMPLATES):
            await _draft(services, case)
        await _fill(services, drafts)
        key = await services.keys.create(
            name="bench", role=Role.REVIEWER, brand_id=None, actor="bench"
        )
        pages = [await _own_work(services, name), await _unfolding(services, name)]
    headers = {"Authorization": f"Bearer {key.secret}"}
    return [*await _pages(settings, headers, name, drafts), *pages]


async def _draft(services: Services, case: Case) -> None:
    """Stored as a worker stores it; no model is asked, and what it would have said stands here."""
    now = services.now()
    async with services.database.write() as connection:
        thread = await ThreadRepository().add_case(connection, "tidewell", case, now)
        draft_id = await DraftRepository().begin(
            connection,
            brand_id="tidewell",
            thread_id=thread.id,
            thread_revision=thread.revision,
            case=case,
            now=now,
        )
        leases, lease = LeaseRepository(), timedelta(minutes=1)
        claim = await leases.claim(
            connection, owner="bench", now=now, lease=lease, draft_id=draft_id
        )
        if claim is None:
            raise SystemExit("a draft of the bench was taken by another worker")
        await leases.finish(
            connection,
            claim,
            status=DraftStatus.PENDING_REVIEW,
            content=_content(case),
            snapshot=None,
            now=now,
        )


def _content(case: Case) -> DraftContent:
    """A draft with four passages, two past replies and a finding: some 11 KiB, as most have."""
    move = Move(kind=MoveKind.PUBLIC_REPLY, reason="all of it can be said in public")
    points = [text for text in case.complaint.text.split(". ") if text]
    issues = [Issue(text=text, span=Span(start=0, end=len(text), text=text)) for text in points]
    finding = Finding(
        check="missing_thanks",
        severity=Severity.INFO,
        message="nobody is thanked for telling",
        span=Span(start=None, end=None, text=None),
        suggestion="Thank them for telling, in words of your own.",
    )
    return DraftContent(
        reply=_REPLY,
        language="en",
        move=move,
        triage=Triage(
            kind=Kind.COMPLAINT,
            language="en",
            issues=tuple(issues),
            move=move,
            deadline_class=DeadlineClass.NORMAL,
        ),
        evidence=_evidence(),
        citations=(Citation(sentence=_REPLY[:40], policy_id="missed-slot", policy_version="1"),),
        checks=CheckReport(
            verdict=Verdict.PASS, findings=(finding,), checks_run=tuple(sorted(CHECK_IDS))
        ),
        provenance=NOT_YET,
    )


def _evidence() -> Evidence:
    scores = Scores(vector=0.81, trained=0.74, text=12.5)
    passages = [PolicyPassage.model_validate(row) for row in _sample("policies")[:4]]
    replies = [PastReply.model_validate(row) for row in _sample("past_replies")[:2]]
    return Evidence(
        policy=tuple(
            FoundPassage(
                **one.model_dump(include={"id", "version", "title", "text", "language"}),
                score=0.8,
                excerpt=one.text,
                scores=scores,
            )
            for one in passages
        ),
        past_replies=tuple(
            FoundReply(**one.model_dump(), score=0.8, scores=scores) for one in replies
        ),
    )


def _sample(name: str) -> list[dict[str, object]]:
    lines = (SAMPLE / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


async def _fill(services: Services, drafts: int) -> None:
    """Every fifth draft is another brand's, every fourth nobody's, every ninth has no deadline."""
    async with services.database.write() as connection:
        for table, own in (("threads", _THREAD), ("drafts", _DRAFT)):
            await _copy(connection, table, own, drafts, on_server=services.database.on_server)
        await connection.exec_driver_sql("ANALYZE")


_OF_BRAND = "CASE WHEN n.i % 5 = 0 THEN 'b' ELSE 'tidewell' END"
_THREAD = {"id": "'t' || n.i", "brand_id": _OF_BRAND}
_DRAFT = {
    "id": "'drf_' || n.i",
    "brand_id": _OF_BRAND,
    "thread_id": "'t' || n.i",
    "status": "CASE n.i % 9 WHEN 0 THEN 'blocked' WHEN 1 THEN 'stale' ELSE 'pending_review' END",
    "rank": "(n.i * 7) % 5",
    "assignee": f"CASE WHEN n.i % 4 > 0 THEN 'P' || ((n.i * 13) % {PEOPLE}) END",
    "language": "CASE WHEN n.i % 3 = 0 THEN 'pl' ELSE 'en' END",
    "deadline_at": "CASE WHEN n.i % 9 > 0 THEN {later} END",
}


async def _copy(
    connection: Connection, table: str, own: Mapping[str, str], count: int, *, on_server: bool
) -> None:
    """Copies of the rows that are there, each with some columns of its own."""
    later = (
        "now()::timestamp + (n.i - 20000) * interval '3 minutes'"
        if on_server
        else "strftime('%Y-%m-%d %H:%M:%f000', 'now', ((n.i - 20000) * 3) || ' minutes')"
    )
    described = await connection.exec_driver_sql(f"SELECT * FROM {table} LIMIT 0")  # noqa: S608 (our own names)
    names = list(described.keys())
    values = ", ".join(own.get(name, f"t.{name}").format(later=later) for name in names)
    statement = (
        f"WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {count - 1}), "  # noqa: S608
        f"t AS (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place FROM {table}) "
        f"INSERT INTO {table} ({', '.join(names)}) "
        f"SELECT {values} FROM n JOIN t ON t.place = n.i % {_TEMPLATES}"
    )
    # One driver reads a percent sign as the place of a value.
    await connection.exec_driver_sql(statement.replace("%", "%%") if on_server else statement)


async def _own_work(services: Services, name: str) -> Figure:
    """The pages without HTTP: the database, and the rows as our own types."""
    wanted, seconds = QueueFilter(brand_id="tidewell"), []
    for _ in range(_CALLS):
        began = time.perf_counter()
        await services.queue.page(wanted, limit=51)
        seconds.append(time.perf_counter() - began)
    return Figure(f"  {name}: of it reading 51 drafts", _ms(seconds), None, "ms")


async def _unfolding(services: Services, name: str) -> Figure:
    """The flat shape of 50 drafts, and its JSON."""
    found = await services.queue.page(QueueFilter(brand_id="tidewell"), limit=50)
    seconds, size = [], 0
    for _ in range(_CALLS):
        began = time.perf_counter()
        size = sum(len(waiting(draft, services.now()).model_dump_json()) for draft in found)
        seconds.append(time.perf_counter() - began)
    words = f"  {name}: of it unfolding 50 drafts ({size // 1024} KiB of JSON)"
    return Figure(words, _ms(seconds), None, "ms")


async def _pages(
    settings: Settings, headers: dict[str, str], name: str, drafts: int
) -> list[Figure]:
    """Through the API: the first page, and the two behind it."""
    app = create_app(settings, open_model=lambda _: ScriptedChatModel(()), warm_up=False)
    transport = httpx.ASGITransport(app)
    figures = []
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://amends", headers=headers) as client,
    ):
        for words, asked in _ASKS.items():
            timed = [one for _ in range(_CALLS // 3) for one in await _three(client, dict(asked))]
            waited, worked = zip(*timed, strict=True)
            what = f"{name}, {drafts:,} drafts: a page of {words}, p50"
            figures.append(Figure(what, _ms(waited), _ASKED_MS, "ms"))
            figures.append(Figure("  of it this process's own work", _ms(worked), None, "ms"))
    return figures


async def _three(client: httpx.AsyncClient, asked: dict[str, str]) -> list[tuple[float, float]]:
    """The seconds of three pages, one behind the other, and how many of them we were at work."""
    seconds = []
    for _ in range(3):
        began, before = time.perf_counter(), time.process_time()
        answer = await client.get("/v1/queue", params=asked)
        seconds.append((time.perf_counter() - began, time.process_time() - before))
        answer.raise_for_status()
        asked["cursor"] = answer.json()["next_cursor"]
        if asked["cursor"] is None:
            break
    return seconds


def _ms(seconds: Sequence[float]) -> float:
    return statistics.median(seconds) * 1000


def main() -> None:
    """Measure and print."""
    drafts = int(sys.argv[1]) if len(sys.argv) > 1 else DRAFTS
    print(f"machine before: {machine_words()}\n")
    with tempfile.TemporaryDirectory() as folder:
        for figure in queue(Path(folder), drafts):
            print(figure.line(), flush=True)
    print(f"\nmachine after: {machine_words()}")


if __name__ == "__main__":
    main()
