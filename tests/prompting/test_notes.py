"""Which notes a prompt shows, and where."""

from datetime import UTC, datetime, timedelta
from typing import Any

from service.domain.learning import Scope, StyleNote
from service.prompting.notes import MOST_NOTES, notes_for
from service.prompting.rendering import render
from service.prompting.template import find_template
from tests.factories import case
from tests.prompting.test_rendering import given

CAPABLE = find_template("draft_reply@v1")
HERE = Scope(language="en", channel="x", kind="complaint")
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def note(number: int, **changed: Any) -> StyleNote:
    """A note that was accepted so many days after the first."""
    accepted = NOON + timedelta(days=number)
    fields = {"id": f"note_{number}", "brand_id": "lampwick", "edit_kind": "tone"}
    more = {"text": f"Note {number}.", "created_at": NOON, "decided_at": accepted}
    return StyleNote.model_validate({**fields, **more, "status": "accepted", **changed})


def test_the_most_specific_and_newest_come_first() -> None:
    notes = [
        note(1),
        note(2),
        note(3, language="en"),
        note(4, language="de"),
        note(5, language="en", channel="x", kind="complaint"),
        note(6, language="en", channel="email"),
        note(7, language="en", channel="x"),
        note(8, kind="question"),
        note(9, text="Note 3."),
    ]
    shown = notes_for(CAPABLE, notes, HERE)
    assert [one.id[-1] for one in shown] == ["5", "7", "3", "2", "1"]
    assert len(notes_for(CAPABLE, [note(n) for n in range(9)], HERE)) == MOST_NOTES


def test_notes_stand_after_the_voice_and_change_nothing_else() -> None:
    asked = given(case())
    plain = render(CAPABLE, asked)
    noted = render(CAPABLE, asked.model_copy(update={"notes": (note(1), note(2))}))
    voice = "Warm and plain, one person who says I.\n"
    below = "What the people who sign these replies ask for:\n- Note 1.\n- Note 2.\n"
    before, after = plain.messages[0].content, noted.messages[0].content
    assert after == before.replace(voice, voice + below)
    assert noted.messages[1:] == plain.messages[1:]


def test_the_same_scope_begins_with_the_same_words() -> None:
    notes = (note(1), note(2, language="en"))
    other = given(case("The parcel was nine days late.")).model_copy(update={"notes": notes})
    first = render(CAPABLE, given(case()).model_copy(update={"notes": notes}))
    assert render(CAPABLE, other).messages[0] == first.messages[0]


def test_a_prompt_without_a_voice_shows_none() -> None:
    for ref in ("draft_reply_compact", "draft_sections"):
        assert notes_for(find_template(ref), [note(1)], HERE) == ()
