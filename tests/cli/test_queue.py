"""`amends queue` and `amends assign`, over drafts put into the store."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from service.domain.triage import Sensitivity
from service.store.session import Database
from tests.cli.conftest import Cli
from tests.followup.waiting import PEOPLE, Store, brand, content


@pytest.fixture
def filled(cli: Cli) -> Cli:
    async def fill(store: Store) -> None:
        await store.brand(brand(team=PEOPLE, routing=[{"to": ["Ben", "Dan"]}]))
        await store.draft("drf_free", due=-100_000)
        await store.draft("drf_dan", due=None, assignee="Dan")
        await store.draft("drf_late", due=-200_000, assignee="Dan", status="blocked")

    put(cli, fill)
    return cli


def put(cli: Cli, work: Callable[[Store], Awaitable[None]]) -> None:
    async def opened() -> None:
        database = Database(cli.settings.database_url)
        await database.migrate()
        await work(Store(database))
        await database.close()

    asyncio.run(opened())


def ids(cli: Cli, *args: str) -> list[str]:
    return [item["id"] for item in cli.json("queue", *args)]


def test_the_queue_and_its_filters(filled: Cli) -> None:
    assert ids(filled) == ["drf_late", "drf_free", "drf_dan"]
    assert ids(filled, "--limit", "1") == ["drf_late"]
    assert ids(filled, "--assignee", "none") == ["drf_free"]
    assert ids(filled, "--assignee", "left") == ["drf_late", "drf_dan"]
    assert ids(filled, "--overdue", "--status", "blocked") == ["drf_late"]
    assert ids(filled, "--in-time", "--language", "en") == ["drf_dan"]
    assert ids(filled, "--kind", "spam") == []
    table = filled("queue").stdout
    assert "Dan" in table
    assert "late" in table
    assert "no brand 'nope'" in filled("queue", "--brand", "nope").stderr


@pytest.mark.parametrize("columns", ["150", None])
def test_every_draft_has_one_line_however_wide_it_is(
    filled: Cli, monkeypatch: pytest.MonkeyPatch, columns: str | None
) -> None:
    long = "Nobody came on Thursday,\nand nobody rang. " * 30
    triage: dict[str, Any] = {
        "sensitivities": (Sensitivity.LEGAL_THREAT,),
        "upset": True,
        "chases": True,
    }

    async def begin(store: Store) -> None:
        await store.draft("drf_upset", due=None, content=content(**triage), request=asked(long))
        await store.draft("drf_failed", due=5, content=None, status="failed", request=asked(long))

    put(filled, begin)
    _columns(monkeypatch, columns)
    lines = filled("queue").stdout.splitlines()
    assert len(lines) == 6
    assert {len(line.rstrip()) for line in lines if "Nobody came" in line} == {int(columns or 160)}
    (upset,) = (line for line in lines if line.startswith("drf_upset "))
    assert (
        "x        en complaint  legal threat, upset, chases  Nobody came on Thursday, and" in upset
    )
    (failed,) = (line for line in lines if line.startswith("drf_failed "))
    assert " Nobody came on Thursday, and nobody rang. Nobody" in failed
    assert failed.rstrip().endswith("…")


def test_a_narrow_terminal_leaves_columns_out_and_no_ids(
    filled: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    _columns(monkeypatch, "68")
    head, *lines = filled("queue").stdout.splitlines()
    assert head.split() == ["draft", "due", "status", "why", "about"]
    assert [line.split()[0] for line in lines] == ["drf_late", "drf_free", "drf_dan"]


def _columns(monkeypatch: pytest.MonkeyPatch, columns: str | None) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    if columns is not None:
        monkeypatch.setenv("COLUMNS", columns)


def asked(words: str) -> dict[str, Any]:
    return {"complaint": {"text": words, "author_name": "Tom"}}


def test_what_is_still_being_drafted_is_told(filled: Cli) -> None:
    async def begin(store: Store) -> None:
        await store.draft("drf_new", due=None, content=None, status="drafting")

    assert "drafted" not in filled("queue").stderr
    put(filled, begin)
    assert "1 more waits to be drafted" in filled("queue", "--kind", "spam").stderr


def test_a_draft_is_handed_over_and_shows_it(filled: Cli) -> None:
    done = filled(
        *["assign", "drf_free", "--to", "Ana", "--by", "Lea", "--note"], "She rang twice."
    )
    assert done.stdout == "drf_free is Ana's now\n"
    assert filled.json("assign", "drf_free", "--to", "Ben")["assignee"] == "Ben"
    handed = filled.json("show", "drf_free")["hand_overs"]
    assert [(h["to_person"], h["by"], h["note"]) for h in handed] == [
        ("Ana", "Lea", "She rang twice."),
        ("Ben", "local", None),
    ]
    shown = " ".join(filled("show", "drf_free").stdout.split())
    assert "with Ben" in shown
    assert "nobody to Ana by Lea She rang twice." in shown


def test_an_escalated_draft_stays_in_the_queue(filled: Cli) -> None:
    escalate = ["decide", "drf_free", "escalate", "--by", "Lea"]
    nobody = " ".join(filled(*escalate).stdout.split())
    assert nobody == (
        "drf_free is escalated and stays in the queue; nobody is named for it: "
        "amends assign drf_free --to NAME"
    )
    named = filled(*escalate, "--owner", "Ana").stdout
    assert named == "drf_free is escalated to Ana: it stays in the queue\n"
    assert ids(filled, "--status", "escalated", "--assignee", "Ana") == ["drf_free"]


@pytest.mark.parametrize(("by", "known"), [("ben", True), ("Somebody Unknown", False)])
def test_a_decider_whom_the_team_does_not_have_is_told(filled: Cli, by: str, known: bool) -> None:
    decided = filled("decide", "drf_free", "escalate", "--by", by)
    assert decided.exit_code == 0
    said = "nobody in the team of lampwick is called 'Somebody Unknown'"
    assert (said in decided.stderr) is not known
    assert filled.json("show", "drf_free")["decisions"][0]["by"] == by


def test_what_cannot_be_redrafted_says_so_and_what_can_be_says_how(filled: Cli) -> None:
    rejected = filled("decide", "drf_late", "reject", "--by", "Lea", "--reason", "too curt")
    assert rejected.exit_code == 0
    assert "amends redraft drf_late" in filled("show", "drf_late").stdout
    refused = filled("redraft", "drf_free")
    assert refused.exit_code == 2
    assert "only a failed, stale or rejected one" in " ".join(refused.stderr.split())


def test_what_waits_for_somebody_who_left_is_moved(filled: Cli) -> None:
    moved = filled.json("assign", "--from", "Dan", "--by", "Lea")
    assert moved == {"from": "Dan", "to": {"Ben": 2}, "stayed": 0}
    assert filled("assign", "--from", "Dan").stdout == "Nothing waits for Dan.\n"
    assert filled("assign", "--from", "Ben").stdout.startswith("2 stay with Ben: no rule names")
    assert filled("assign", "--from", "Ben", "--to", "Ana").stdout == "2 to Ana\n"


def test_whoever_does_not_speak_a_draft_s_language_is_warned_of(filled: Cli) -> None:
    moved = filled("assign", "--from", "Dan", "--to", "Cleo")
    assert moved.stdout == "2 to Cleo\n"
    assert moved.stderr == "warning: Cleo does not speak en, the language of 2 of them\n"
    assert filled("assign", "--from", "Cleo", "--to", "Ana").stderr == ""


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ("assign", "either a draft or --from"),
        ("assign drf_free --from Dan", "either a draft or --from"),
        ("assign drf_free", "--to NAME"),
        ("assign --from Dan --note hello", "--note goes with one draft"),
        ("assign --from Dan --to Dan", "has them already"),
        ("assign --from Dan --to Eve", "not in the team of lampwick: Ana, Ben, Cleo"),
        ("assign drf_free --to Dan", "Dan has left lampwick"),
        ("assign drf_none --to Ana", "no draft 'drf_none'"),
    ],
)
def test_what_cannot_be_is_said_in_words(filled: Cli, args: str, words: str) -> None:
    result = filled(*args.split())
    assert result.exit_code == 2
    assert words in " ".join(result.stderr.replace("│", " ").split())
