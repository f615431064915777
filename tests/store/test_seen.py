"""Where an approved reply stands among the messages of a thread, and where it does not."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import RowMapping

from service.domain.thread import Case, Complaint
from service.store.seen import Approved, read_by_anybody, seen_by
from service.triage.turns import unanswered_before, waiting_since

TEN = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
ANA = Complaint(text="Hello?", author_handle="@ana")
REPLY = "I'm sorry about the kettle. A new one is on its way."


def at(minutes: float) -> datetime:
    return TEN + timedelta(minutes=minutes)


def row(text: str, posted: float, author: str = "customer", **more: Any) -> RowMapping:
    came = more.pop("came", posted)
    return cast(
        RowMapping,
        {
            "author": author,
            "text": text,
            "posted_at": at(posted),
            "created_at": at(came),
            "details": {"author_handle": "@ana", **more},
        },
    )


def words(*rows: RowMapping, approved: float = 5) -> list[str]:
    return [message.text for message in seen_by(ANA, rows, [Approved(REPLY, at(approved))])]


def test_it_stands_behind_what_it_answers() -> None:
    late, hello = row("The kettle came late.", 0), row("Hello?", 20)
    assert words(late, hello) == ["The kettle came late.", REPLY, "Hello?"]


def test_a_post_that_came_after_the_approval_is_not_answered_by_it() -> None:
    """However early it was posted: nobody had seen it."""
    burnt = row("It just burnt my son.", 4, came=7)
    rows = (row("The kettle came late.", 0), burnt, row("Hello?", 20))
    seen = seen_by(ANA, rows, [Approved(REPLY, at(5))])
    case = Case(complaint=ANA.model_copy(update={"posted_at": at(20)}), thread=tuple(seen))
    assert [one.text for one in seen][1:3] == [REPLY, "It just burnt my son."]
    assert unanswered_before(case) == ("It just burnt my son.",)
    assert waiting_since(case) == at(4)


def test_words_that_came_after_the_approval_are_open_however_they_are_dated() -> None:
    late, hello = row("The kettle came late.", 0), row("Hello?", 20)
    before = row("It burnt my son.", -3, came=7)
    edited = row("Late, and now it burnt my son.", 0, revised_at=at(7).isoformat())
    assert words(before, late, hello) == [REPLY, "It burnt my son.", late["text"], "Hello?"]
    assert words(edited, hello) == [REPLY, edited["text"], "Hello?"]


def test_history_that_is_told_later_stays_before_the_reply() -> None:
    old = (row("No hose in the box.", -60, came=15), row("Sent it.", -50, "brand", came=15))
    seen = words(*old, row("The kettle came late.", 0), row("Hello?", 20))
    assert seen == ["No hose in the box.", "Sent it.", "The kettle came late.", REPLY, "Hello?"]


def test_a_bystander_in_between_takes_the_answer_from_nobody() -> None:
    rows = (row("It burnt my son.", 0), row("Me too", 3, author_handle="@bob"), row("Hello?", 20))
    seen = seen_by(ANA, rows, [Approved(REPLY, at(5))])
    assert [one.author.value for one in seen] == ["customer", "brand", "other", "customer"]
    assert not unanswered_before(Case(complaint=ANA, thread=tuple(seen)))


def test_what_comes_back_stands_there_once_as_it_came() -> None:
    complaint, hello = row("The kettle came late.", 0), row("Hello?", 20)
    for echo in (REPLY, f"@ana {REPLY} Nora"):
        back = row(echo, 6, author="brand")
        assert words(complaint, back, hello) == ["The kettle came late.", echo, "Hello?"]


def test_what_the_brand_said_before_it_approved_is_something_else() -> None:
    asked = row("The kettle came late.", 0)
    before = row("I'm looking into it.", 2, author="brand")
    assert words(asked, before) == ["The kettle came late.", "I'm looking into it.", REPLY]


def test_a_reply_that_the_brand_took_down_does_not_come_back() -> None:
    taken_down = row(REPLY, 6, author="brand", deleted_at="2026-11-20T11:00:00Z")
    assert words(row("The kettle came late.", 0), taken_down) == ["The kettle came late."]


def test_whoever_reads_a_thread_sees_whose_each_message_is() -> None:
    rows = (
        row("The kettle came late.", 0, author_name="Ana"),
        row("Me too", 3, author_handle="@bob", came=4),
        row("Is it insured?", 4, author_handle="@eve", deleted_at="2026-11-20T11:00:00Z"),
        row("Hello?", 20),
    )
    read = read_by_anybody(rows, [Approved(REPLY, at(5), draft_id="drf_1")])
    assert [(one.author.value, one.author_name, one.author_handle) for one in read] == [
        ("customer", "Ana", "@ana"),
        ("customer", None, "@bob"),
        ("brand", None, None),
        ("customer", None, "@ana"),
    ]
    assert [one.posted_at for one in read] == [at(0), at(3), None, at(20)]
    assert [one.came_at for one in read] == [at(0), at(4), at(5), at(20)]
    assert [one.draft_id for one in read] == [None, None, "drf_1", None]


def test_a_reply_that_came_back_is_read_once_as_what_it_is() -> None:
    back = row(f"@ana {REPLY} Nora", 6, author="brand", author_handle="@tidewell")
    read = read_by_anybody([row("It came late.", 0), back], [Approved(REPLY, at(5))])
    assert [one.text for one in read] == ["It came late.", back["text"]]
    assert read[1].author_handle == "@tidewell"
