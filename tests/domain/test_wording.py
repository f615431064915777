"""What validation found wrong is said in words."""

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from service.domain.brand import Brand
from service.domain.commitment import CommitmentChange
from service.domain.mention import Mention
from service.knowledge.importer import explain

SECRET = "Zebra"
BRAND = {"id": "lamps", "name": "Lamps", "voice": "Plain."}


@pytest.mark.parametrize(
    ("model", "value", "words"),
    [
        (CommitmentChange, {"note": "x"}, "note: it must have 3 characters at least"),
        (CommitmentChange, {"by": ""}, "by: it must have 1 character at least"),
        (CommitmentChange, {"due_at": SECRET}, "due_at: not a date that can be read"),
        (CommitmentChange, {"expected_version": 0}, "expected_version: it must be 1 or more"),
        (Mention, {"event": SECRET}, "event: it can be 'posted', 'edited' or 'deleted'"),
        (Mention, {"author_followers": SECRET}, "author_followers: it must be a whole number"),
        (Brand, {**BRAND, "colour": SECRET}, "colour: there is no such field"),
        (Brand, {**BRAND, "id": "Two Words"}, "id: it must be small letters"),
        (Brand, {**BRAND, "voice": 3}, "voice: it must be a text"),
        (Brand, {**BRAND, "follow_up_windows": SECRET}, "follow_up_windows: it must be a list"),
        (Brand, {**BRAND, "mentions": SECRET}, "mentions: it must be an object with fields"),
    ],
    ids=str,
)
def test_it_is_said_in_words_and_without_what_was_sent(
    model: type[BaseModel], value: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        model.model_validate(value)
    said = list(explain(refused.value))
    assert any(one.startswith(words) for one in said), said
    assert SECRET not in " ".join(said)
