import pytest
from pydantic import ValidationError

from service.domain.thread import Case, ReplyToCheck
from service.knowledge.importer import explain


def test_a_plain_string_is_a_complaint() -> None:
    assert Case.model_validate({"complaint": "late again"}).complaint.text == "late again"


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\x00"])
def test_an_empty_complaint_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ReplyToCheck.model_validate({"complaint": text, "reply": text})
    assert list(explain(refused.value)) == [
        "complaint.text: it is empty: send the customer's words",
        "reply: it is empty: send the text to check",
    ]


def test_what_no_database_takes_is_cleaned() -> None:
    case = Case.model_validate({"complaint": "no\x00 answer \ud800 at all"})
    assert case.complaint.text == "no answer ? at all"


def test_unknown_channel_names_the_known_ones() -> None:
    with pytest.raises(ValidationError, match="google_review"):
        Case.model_validate({"complaint": "late", "channel": "myspace"})


def test_a_thread_out_of_order_is_refused() -> None:
    newer = {"author": "customer", "text": "b", "posted_at": "2026-11-02T10:00:00Z"}
    older = {"author": "brand", "text": "a", "posted_at": "2026-11-01T10:00:00Z"}
    with pytest.raises(ValidationError, match="oldest message first"):
        Case.model_validate({"complaint": "c", "thread": [newer, older]})


def test_the_complaint_in_its_thread_is_not_counted_twice() -> None:
    case = Case.model_validate(
        {
            "complaint": {"text": "Where is it?", "external_id": "2"},
            "thread": [
                {"author": "customer", "text": "Ordered on Monday", "external_id": "1"},
                {"author": "customer", "text": "Where is it? (edited)", "external_id": "2"},
                {"author": "other", "text": "same here", "external_id": "3"},
            ],
        }
    )
    assert [message.text for message in case.others] == ["Ordered on Monday", "same here"]


@pytest.mark.parametrize(
    ("more", "public"),
    [
        ({"channel": "x"}, True),
        ({"channel": "email"}, False),
        ({"channel": "x", "visibility": "private"}, False),
        ({"channel": "helpdesk", "visibility": "public"}, True),
    ],
)
def test_visibility_follows_the_channel_unless_said(more: dict[str, str], public: bool) -> None:
    assert Case.model_validate({"complaint": "hm", **more}).is_public is public


def test_absent_lists_differ_from_empty_ones() -> None:
    asked = ReplyToCheck.model_validate({"complaint": "x", "reply": "y", "policy_ids": []})
    assert asked.policy_ids == ()
    assert asked.recent_replies is None


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ({"chanel": "x"}, "no such field: chanel; is channel meant?"),
        ({"threadId": "t-1"}, "no such field: threadId; is thread_id meant?"),
        (
            {"complaint": {"text": "late", "authorName": "Ana"}},
            "complaint: no such field: authorName; is author_name meant?",
        ),
        (
            {"thread": [{"author": "customer", "text": "late", "postedAt": "2026-11-02"}]},
            "thread.0: no such field: postedAt; is posted_at meant?",
        ),
        ({"complaint": 5}, "complaint: it must be the customer's words"),
    ],
)
def test_a_misspelt_field_is_refused_and_the_right_one_named(
    sent: dict[str, object], meant: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        Case.model_validate({"complaint": "late", **sent})
    assert [line[: len(meant)] for line in explain(refused.value)] == [meant]


@pytest.mark.parametrize("own", ["urls", "ticket", "priority", "author_id", "chan", "tags"])
def test_fields_of_a_tools_own_are_left_out(own: str) -> None:
    case = Case.model_validate({"complaint": {"text": "late", own: 1}, own: "x"})
    assert case.complaint.text == "late"


def test_a_field_beside_its_twin_is_left_out() -> None:
    case = Case.model_validate({"complaint": "late", "channel": "x", "Channel": "X (Twitter)"})
    assert case.channel.value == "x"
