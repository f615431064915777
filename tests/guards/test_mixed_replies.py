"""Whole replies under all fact, privacy and form checks: good ones pass, bad ones name why."""

import json
from pathlib import Path
from typing import Any

import pytest

from service.guards.context import CheckFunction
from service.guards.form import mentions_deletion, placeholder_left, unlisted_link
from service.guards.grounding import find_ungrounded_specifics
from service.guards.injection import obeys_injection
from service.guards.placing import speaks_as_customer
from service.guards.privacy import (
    asks_private_data_publicly,
    exposes_personal_data,
    off_platform_move,
)
from tests.guards.factories import context

CHECKS: dict[str, CheckFunction] = {
    "ungrounded_specific": find_ungrounded_specifics,
    "asks_private_data_publicly": asks_private_data_publicly,
    "exposes_personal_data": exposes_personal_data,
    "off_platform_move": off_platform_move,
    "placeholder_left": placeholder_left,
    "unlisted_link": unlisted_link,
    "mentions_deletion": mentions_deletion,
    "obeys_injection": obeys_injection,
    "speaks_as_customer": speaks_as_customer,
}
LINES = Path(__file__).with_name("mixed_replies.jsonl").read_text("utf-8").splitlines()


@pytest.mark.parametrize("row", [json.loads(line) for line in LINES], ids=lambda row: row["reply"])
def test_a_reply_is_named_for_what_is_wrong_with_it_and_nothing_else(row: dict[str, Any]) -> None:
    checked = context(
        row["reply"], complaint=row["complaint"], policy=row["policy"], language=row["language"]
    )
    assert sorted(name for name, find in CHECKS.items() if list(find(checked))) == row["checks"]
