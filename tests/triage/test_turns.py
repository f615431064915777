import pytest

from service.domain.thread import Author, Case
from service.triage.turns import (
    answered_by,
    asked_before,
    open_before,
    unanswered_before,
    waiting_since,
)
from tests.triage.messages import brand, customer

ASKED = {"author": "customer", "text": "Where is my lamp?", "posted_at": "2026-11-02T09:00:00Z"}
AGAIN = {"author": "customer", "text": "Anybody there?", "posted_at": "2026-11-03T09:00:00Z"}
REPLY = {"author": "brand", "text": "I'm looking.", "posted_at": "2026-11-02T10:00:00Z"}
CHIMED = {"author": "other", "text": "Same here!", "posted_at": "2026-11-02T11:00:00Z"}
FRIEND = {"author": "other", "text": "Same here!", "posted_at": "2026-11-03T10:00:00Z"}
LATE = {"author": "brand", "text": "It left today.", "posted_at": "2026-11-03T11:00:00Z"}


def case(*thread: dict[str, str], text: str = "Anybody there?") -> Case:
    return Case.model_validate({"complaint": {"text": text}, "thread": thread})


@pytest.mark.parametrize(
    ("asked", "by", "again"),
    [
        (case(), None, False),
        (case(ASKED, AGAIN), None, True),
        (case(ASKED), None, True),  # the new message is not in the thread yet
        (case(ASKED, REPLY, AGAIN), None, False),
        (case(ASKED, CHIMED, AGAIN), None, True),
        (case(ASKED, REPLY, AGAIN, LATE), Author.BRAND, False),
        (case(AGAIN, FRIEND), Author.OTHER, False),
        (case(AGAIN, FRIEND, LATE), Author.BRAND, False),
    ],
)
def test_who_spoke_before_and_since(asked: Case, by: Author | None, again: bool) -> None:
    assert answered_by(asked) is by
    assert asked_before(asked) is again


@pytest.mark.parametrize(
    ("asked", "day"),
    [
        (case(), None),
        (case(ASKED), 2),  # the new message is not in the thread yet
        (case(ASKED, AGAIN), 2),
        (case(ASKED, CHIMED, AGAIN), 2),
        (case(ASKED, REPLY), None),
    ],
)
def test_who_asks_again_has_waited_since_the_first_time(asked: Case, day: int | None) -> None:
    found = waiting_since(asked)
    assert (found.day if found else None) == day


@pytest.mark.parametrize(
    ("asked", "open_still"),
    [
        (case(), ()),
        (case(ASKED), (ASKED["text"],)),
        (case(ASKED, CHIMED, AGAIN), (ASKED["text"],)),
        (case(ASKED, REPLY, AGAIN), ()),
        (case(ASKED, CHIMED, {**CHIMED, "author": "brand"}, AGAIN), (ASKED["text"],)),
    ],
)
def test_what_was_never_answered_is_open_still(asked: Case, open_still: tuple[str, ...]) -> None:
    assert unanswered_before(asked) == open_still


FELL = customer("The handrail came off and I hit my head.")
SORRY = brand("Sorry to hear that! Hope you feel better soon.")
ANSWER = brand("Please stop using it; our engineer Ewa rings you today at 14:00.")
SUNDAY = "Do you rent on Sundays?"


@pytest.mark.parametrize(
    ("asked", "open_still"),
    [
        (case(FELL, SORRY, text="Still waiting for a call."), True),
        (case(FELL, SORRY, text=SUNDAY), True),
        (case(FELL, SORRY, customer("Thanks."), SORRY, text=SUNDAY), True),
        (case(FELL, ANSWER, text="Nobody has rung."), True),
        (case(FELL, ANSWER, customer("Hello?"), SORRY, text=SUNDAY), True),
        (case(FELL, SORRY, ANSWER, text=SUNDAY), False),
        (case(FELL, ANSWER, text="Thanks, will do."), False),
        (case(FELL, ANSWER, SORRY, text=SUNDAY), False),
        (case(FELL, text="All sorted now. " + SUNDAY), False),
        (case(FELL, SORRY, customer("I'm fine now."), SORRY, text=SUNDAY), False),
        (case(FELL, SORRY, customer("It's not fixed."), SORRY, text=SUNDAY), True),
        (case({**FELL, "author": "other"}, SORRY, text=SUNDAY), False),
        # What follows somebody else's words may be said to them.
        (case(FELL, CHIMED, ANSWER, text=SUNDAY), True),
        # Somebody else who waits still is not the customer.
        (case(FELL, ANSWER, {**CHIMED, "text": "Still waiting too!"}, text=SUNDAY), False),
    ],
)
def test_a_few_kind_words_close_nothing(asked: Case, open_still: bool) -> None:
    assert (FELL["text"] in open_before(asked)) is open_still


def test_what_was_told_after_an_answer_is_open() -> None:
    smoke = customer("Now the heater smokes.")
    asked = case(ASKED, ANSWER, smoke, SORRY, text="Hello?")
    assert open_before(asked) == (smoke["text"],)
