"""`amends commitments`, over promises put into the store."""

from datetime import timedelta

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
        request = {"complaint": {"text": POST, "author_handle": "@tom"}}
        await store.draft("drf_1", due=None, status="approved", request=request)
        promise = Commitment(
            id="com_1",
            brand_id="lampwick",
            draft_id="drf_1",
            thread_id="t-drf_1",
            what="an answer here",
            owner="Ana",
            due_at=NOON + timedelta(days=9000),
            created_at=NOON,
            promised_at=NOON,
        )
        async with store.database.write() as connection:
            await CommitmentRepository().add(connection, [promise])

    put(cli, fill)
    return cli


def test_a_promise_says_to_whom_it_was_made(promised: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "170")
    _, line = promised("commitments", "list").stdout.splitlines()
    assert line.split()[0] == "com_1"
    assert "@tom" in line
    assert "t-drf_1  drf_1" in line
    assert "an answer here · Dishwasher gave up after five weeks. Nobody answers." in line


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
