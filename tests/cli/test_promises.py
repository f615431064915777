"""Promises and solved threads at the command line."""

import json

import pytest

from tests.cli.conftest import Cli

pytestmark = pytest.mark.slow

REPLY = (
    "I'm sorry: you took Thursday off, and nobody came or rang. I'm finding out what happened and "
    "will write to you here by 18:00 the next working day. Thank you for telling me."
)
SAID = "Took Thursday off for the washing machine, slot was 10 till 2. Nobody came, nobody rang."


def test_a_promise_is_listed_moved_kept_and_its_thread_closed(cli: Cli, tidewell: str) -> None:
    cli.answers = [json.dumps({"reply": REPLY})]
    draft = cli.json("draft", "--brand", tidewell, "--channel", "facebook", SAID)
    decided = cli("decide", draft["id"], "approve", "--by", "Marta", "--owner", "Zofia")
    assert decided.exit_code == 0, decided.output
    (promise,) = cli.json("commitments", "list", "--owner", "Zofia")
    assert promise["id"] in cli("commitments", "list").stdout

    owner = ("--owner", "Jan", "--by", "Marta")
    assert cli("commitments", "move", promise["id"], *owner).exit_code == 2
    moved = cli.json("commitments", "move", promise["id"], *owner, "--note", "on leave")
    assert (moved["owner"], moved["version"]) == ("Jan", 2)
    assert cli.json("commitments", "keep", promise["id"], "--by", "Jan")["status"] == "kept"
    again = cli("commitments", "break", promise["id"], "--by", "Jan", "--note", "it was not")
    assert (again.exit_code, "open it again" in again.stderr) == (2, True)
    assert cli.json("commitments", "list") == []
    assert len(cli.json("commitments", "list", "--all")) == 1

    thread = ("-b", tidewell, "--by", "Marta")
    solved = cli.json(
        "threads", "resolve", draft["thread_id"], *thread, "--what", "Refunded.", "--private"
    )
    assert solved["draft_id"].startswith("drf_")
    assert draft["thread_id"] in cli("threads", "unclosed").stdout
    known = cli("threads", "know", draft["thread_id"], *thread, "--text", "It was delivered.")
    assert known.exit_code == 0, known.output
