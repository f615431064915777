"""Whole threads at the command line: around a draft's complaint, and alone."""

from datetime import timedelta
from typing import Any

import pytest

from service.domain.thread import Case
from service.store.mentions import MentionRepository
from service.store.threads import ThreadRepository
from tests.cli.conftest import Cli
from tests.cli.test_queue import put
from tests.followup.waiting import NOON, Store, brand

HUM = "The fridge hums so loudly that we can't sleep."
SORRY = "I'm sorry about the noise. An engineer will ring you by Tuesday."
WAITING = "It's Wednesday and nobody has rung."
AGAIN = "Thursday now."
GONE = "You are all useless."


def said(author: str, text: str, minutes: int, **more: Any) -> dict[str, Any]:
    posted_at = (NOON + timedelta(minutes=minutes)).isoformat()
    return {"author": author, "text": text, "posted_at": posted_at, **more}


def asked(thread: list[dict[str, Any]], text: str = WAITING, **more: Any) -> Case:
    complaint = {"text": text, "author_name": "Ruth", "posted_at": NOON.isoformat()}
    return Case.model_validate({"complaint": complaint, "thread": thread, "channel": "x", **more})


async def fill(store: Store, case: Case, of: str = "lampwick") -> None:
    await store.brand(brand(of))
    async with store.database.write() as connection:
        kept = await ThreadRepository().add_case(connection, of, case, NOON)
    request = case.model_dump(mode="json")
    name = "drf_1" if of == "lampwick" else f"drf_{of}"
    await store.draft(name, of=of, thread_id=kept.id, request=request)


@pytest.fixture
def threaded(cli: Cli) -> Cli:
    before = [said("customer", HUM, -200), said("brand", SORRY, -100)]
    gone = said("other", GONE, -50, external_id="p9")

    async def begin(store: Store) -> None:
        await fill(store, asked([*before, gone], thread_id="fb-1"))
        async with store.database.write() as connection:
            later = asked([], AGAIN, thread_id="fb-1")
            at = NOON + timedelta(minutes=30)
            newer = later.complaint.model_copy(update={"posted_at": at})
            later = later.model_copy(update={"complaint": newer})
            await ThreadRepository().add_case(connection, "lampwick", later, at)
            posts = MentionRepository()
            found = await posts.posts(connection, "lampwick", ["p9"])
            await posts.mark_deleted(connection, found["p9"], at=NOON)

    put(cli, begin)
    return cli


def test_what_was_said_before_stands_above_the_complaint(threaded: Cli) -> None:
    shown = " ".join(threaded("show", "drf_1").stdout.split())
    places = [shown.index(" ".join(words.split())) for words in (HUM, SORRY, WAITING, AGAIN)]
    assert places == sorted(places)
    assert "customer · 20 Nov 2026 08:40 UTC" in shown
    assert "brand · 20 Nov 2026 10:20 UTC" in shown
    assert "since then" in shown[places[2] : places[3]]
    assert "Ruth, customer · 20 Nov 2026 12:30 UTC" in shown
    assert GONE not in shown


def test_machines_are_given_the_thread_and_the_complaint_of_a_draft(threaded: Cli) -> None:
    shown = threaded.json("show", "drf_1")
    assert shown["complaint"]["text"] == WAITING
    assert [message["text"] for message in shown["thread"]] == [HUM, SORRY, WAITING, AGAIN]
    assert shown["thread"][2]["author_name"] == "Ruth"


def test_a_thread_is_shown_whole(threaded: Cli) -> None:
    whole = threaded.json("threads", "show", "fb-1")
    assert (whole["id"], whole["brand_id"], whole["closed_at"]) == ("fb-1", "lampwick", None)
    assert [message["text"] for message in whole["messages"]] == [HUM, SORRY, WAITING, AGAIN]
    shown = threaded("threads", "show", "fb-1", "--brand", "lampwick").stdout
    assert "fb-1" in shown
    assert SORRY in shown
    assert GONE not in shown


def test_a_long_thread_is_cut_around_a_draft_and_nowhere_else(cli: Cli) -> None:
    many = [said("other", f"Same here, no. {n}.", n - 500) for n in range(40)]

    async def begin(store: Store) -> None:
        await fill(store, asked(many, thread_id="fb-2"))

    put(cli, begin)
    shown = " ".join(cli("show", "drf_1").stdout.split())
    assert "30 earlier messages: amends threads show fb-2 --brand lampwick" in shown
    assert "Same here, no. 29." not in shown
    assert "Same here, no. 30." in shown
    assert "Same here, no. 0." in cli("threads", "show", "fb-2").stdout


def test_whose_thread_it_is_must_be_clear(cli: Cli) -> None:
    async def begin(store: Store) -> None:
        for of in ("lampwick", "quillon"):
            await fill(store, asked([], thread_id="t1"), of)

    put(cli, begin)
    either = cli("threads", "show", "t1")
    assert either.exit_code == 2
    assert "lampwick, quillon" in either.stderr
    assert "--brand" in either.stderr
    assert cli.json("threads", "show", "t1", "--brand", "quillon")["brand_id"] == "quillon"
    assert "no thread 't9'" in cli("threads", "show", "t9").stderr
    assert "no thread 't9'" in cli("threads", "show", "t9", "--brand", "quillon").stderr
