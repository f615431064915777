"""`amends commitments`, over promises put into the store."""

from datetime import timedelta
from typing import Any

import pytest

from service.domain.commitment import Commitment
from service.store.commitments import CommitmentRepository
from tests.cli.conftest import Cli
from tests.cli.test_queue import put
from tests.followup.waiting import NOON, PEOPLE, Store, brand

POST = "Dishwasher gave up after five weeks.\nNobody answers."
MOVE = ("commitments", "move", "com_1", "--by", "Ana", "--note", "to try it out")


@pytest.fixture
def promised(cli: Cli) -> Cli:
    async def fill(store: Store) -> None:
        await store.brand(brand(team=PEOPLE, timezone="Europe/Warsaw"))
        await add(store, "1", POST)

    put(cli, fill)
    return cli


async def add(store: Store, number: str, post: str, **more: Any) -> None:
    request = {"complaint": {"text": post, "author_handle": "@tom"}}
    await store.draft(f"drf_{number}", due=None, status="approved", request=request)
    values = {
        "id": f"com_{number}",
        "brand_id": "lampwick",
        "draft_id": f"drf_{number}",
        "thread_id": f"t-drf_{number}",
        "what": "an answer here",
        "owner": "Ana",
        "due_at": NOON + timedelta(days=9000),
        "created_at": NOON,
        "promised_at": NOON,
    }
    promise = Commitment.model_validate({**values, **more})
    async with store.database.write() as connection:
        await CommitmentRepository().add(connection, [promise])


def test_a_promise_says_to_whom_it_was_made(promised: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "170")
    _, line = promised("commitments", "list").stdout.splitlines()
    assert line.split()[0] == "com_1"
    assert "@tom" in line
    assert "t-drf_1  drf_1" in line
    assert "an answer here · Dishwasher gave up after five weeks. Nobody answers." in line


@pytest.mark.parametrize("columns", ["80", "120", "160"])
def test_a_promise_is_shown_whole_and_the_post_behind_it_is_cut(
    promised: Cli, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    what = "I'm finding out why nobody came and you'll hear from me by 18:00 the next working day."

    async def fill(store: Store) -> None:
        await add(store, "2", "Nobody came, and nobody rang. " * 30, what=what)

    put(promised, fill)
    monkeypatch.setenv("COLUMNS", columns)
    head, *lines = promised("commitments", "list").stdout.splitlines()
    place = head.index("what")
    shown = " ".join(line[place:].strip() for line in lines)
    assert f"{what} · Nobody came, and nobody rang. Nobody came" in shown
    assert shown.endswith("…")
    assert len(lines) < 15
    assert [line.split()[0] for line in lines if line[:place].strip()] == ["com_1", "com_2"]


@pytest.mark.parametrize("owner", ["Ana", "ana", "ÁNA"])
def test_an_owner_is_found_however_the_name_is_typed(promised: Cli, owner: str) -> None:
    assert [p["id"] for p in promised.json("commitments", "list", "--owner", owner)] == ["com_1"]
    assert promised.json("commitments", "list", "--owner", "An") == []


@pytest.mark.parametrize(("by", "known"), [("ana", True), ("Somebody Unknown", False)])
def test_a_name_that_nobody_of_the_team_has_is_told(promised: Cli, by: str, known: bool) -> None:
    kept = promised("commitments", "keep", "com_1", "--by", by)
    assert kept.exit_code == 0
    said = "nobody in the team of lampwick is called 'Somebody Unknown'"
    assert (said in kept.stderr) is not known


@pytest.mark.parametrize(
    ("given", "due_at", "said"),
    [
        ("2040-07-23 18:00", "2040-07-23T16:00:00Z", "2040-07-23 18:00 in Europe/Warsaw"),
        ("2040-07-23T18:00+00:00", "2040-07-23T18:00:00Z", ""),
    ],
)
def test_a_time_without_an_offset_is_the_brand_s_own(
    promised: Cli, given: str, due_at: str, said: str
) -> None:
    moved = promised(*MOVE, "--due-at", given)
    assert moved.exit_code == 0, moved.output
    assert said in moved.stderr
    assert bool(moved.stderr) is bool(said)
    assert promised.json("commitments", "list")[0]["due_at"] == due_at


def test_a_time_that_is_none_is_refused_in_words(promised: Cli) -> None:
    refused = promised(*MOVE, "--due-at", "tomorrow")
    assert refused.exit_code == 2
    assert "write 2026-11-23 18:00" in " ".join(refused.stderr.replace("│", " ").split())


@pytest.mark.parametrize(
    ("asked", "event"),
    [
        ((*MOVE, "--due-at", "2040-07-23 18:00"), "moved"),
        (("commitments", "keep", "com_1", "--by", "Ana"), "kept"),
    ],
)
def test_a_promise_takes_its_waiting_follow_up_along(
    promised: Cli, asked: tuple[str, ...], event: str
) -> None:
    async def fill(store: Store) -> None:
        request = {"complaint": {"text": POST}, "channel": "x"}
        await store.draft("drf_3", thread_id="t-drf_2", request=request)
        await add(store, "2", POST, follow_up_draft_id="drf_3")

    put(promised, fill)
    changed = promised(*(word.replace("com_1", "com_2") for word in asked))
    assert changed.exit_code == 0, changed.output
    shown = promised.json("show", "drf_3")
    assert shown["status"] == "superseded"
    assert shown["stale_reason"] == f"the promise that it tells of was {event}"


def test_a_promise_is_given_to_nobody_unknown(promised: Cli) -> None:
    refused = promised(*MOVE, "--owner", "Zed")
    assert refused.exit_code == 2
    said = " ".join(refused.stderr.replace("│", " ").split())
    assert "owner: Zed is not in the team of lampwick: Ana, Ben, Cleo" in said
    assert promised(*MOVE, "--owner", "ána").exit_code == 0
