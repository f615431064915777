import json
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.draft import ReplyProposal
from service.errors import ModelRubbish
from service.llm.parsing import parse_proposal

WHOLE = {
    "reply": "Sorry about the parcel.\nIt leaves today.",
    "citations": [{"sentence": "It leaves today.", "policy_id": "shipping"}],
    "commitments": [{"what": "send it today", "owner": "Jo", "due_at": "2026-03-01T18:00:00Z"}],
    "missing_facts": ["the order number"],
}
JSON = json.dumps(WHOLE)


@pytest.mark.parametrize(
    "text",
    [
        JSON,
        f"```json\n{JSON}\n```",
        f"```\n{JSON}\n```\nLet me know!",
        f"Here is the reply you asked for:\n\n{JSON}\n\nShall I change it?",
        f"Use {{name}} or {{}} as you like. {JSON}",
        f'<think>They say {{"reply": "no"}}.</think>\n{JSON}',
        f"\ufeff  {JSON}",
        json.dumps(WHOLE, indent=2).replace("\n}", ",\n}").replace("]", ",]"),
        f"[{JSON}]",
    ],
)
def test_a_whole_answer_is_found_in_any_dress(text: str) -> None:
    assert parse_proposal(text) == ReplyProposal.model_validate(WHOLE)


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ('{"reply": "We looked into it.", "citations": [{"sente', "We looked into it."),
        ('{"reply": "We looked into it."', "We looked into it."),
        ('{"reply": "We looked into it.",', "We looked into it."),
        ('```json\n{"reply": "We looked into it.", "missing_facts": [', "We looked into it."),
        ('{"citations": [], "reply": "Line\nbreak"}', "Line\nbreak"),
        (r'{"reply": "We don\'t know \"why\" yet."}', 'We don\'t know "why" yet.'),
        ('{"reply": "  spaced  ", "mood": 1e3, "ok": true}', "spaced"),
        ('{"reply": "nul\\u0000 and \\ud800 gone"}', "nul and ? gone"),
    ],
)
def test_a_whole_reply_is_kept_though_the_rest_is_not(text: str, reply: str) -> None:
    assert parse_proposal(text, cut=True).reply == reply


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t",
        "\x00",
        '{"reply": "We looked into it and fo',
        '{"reply": "We said \\',
        'Here is the reply: {"reply": "Dear cust',
        '```json\n{"reply": "Dear cust',
        '{"reply": "He said "hi" to us."}',
        '{"reply": "Yes" and no"}',
        '{"reply": "Yes", and no"}',
        '{"reply": ""}',
        '{"reply": "   "}',
        '{"reply": null}',
        '{"reply": {"text": "x"}}',
        '{"citations": []}',
        "{}",
        "[]",
        "[1, 2",
        "{broken",
        "```\nDear customer, we are",
        "<think>I should say",
        json.dumps({"reply": "x" * 20_001}),
        "{" * 5000,
        '{"a":' * 5000,
        '{"reply": "\\u12"}',
    ],
)
def test_half_a_reply_or_none_is_rubbish(text: str) -> None:
    with pytest.raises(ModelRubbish):
        parse_proposal(text)


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("We are on it.", "We are on it."),
        ('"We are on it."', "We are on it."),
        ("„Wir sind dran.”", "Wir sind dran."),
        ("```\nWe are on it.\n```", "We are on it."),
        ("```text\n“We are on it.”\n```", "We are on it."),
        ("Here is the reply: We are on it.", "Here is the reply: We are on it."),
        ('"Yes" is what we said, not "no"', '"Yes" is what we said, not "no"'),
        ("Hi {name}, we are on it.", "Hi {name}, we are on it."),
    ],
)
def test_prose_is_the_reply(text: str, reply: str) -> None:
    assert parse_proposal(text).reply == reply


def test_prose_that_ran_into_the_limit_is_rubbish() -> None:
    with pytest.raises(ModelRubbish, match="AMENDS_LLM__MAX_TOKENS"):
        parse_proposal("We are on it and will", cut=True)


def test_odd_lists_never_cost_the_reply() -> None:
    odd = {
        "reply": "On it.",
        "citations": ["shipping", 7, {"policy_id": 3}],
        "commitments": [
            "call back",
            {"what": "refund", "due_at": "18:00 tomorrow", "why": "?"},
            {"what": "ship", "due_at": "0001-01-01T00:00:00+14:00"},
            {"what": " "},
            {"owner": "Jo"},
            None,
        ],
        "missing_facts": "the order number",
    }

    found = parse_proposal(json.dumps(odd))

    assert [citation.policy_id for citation in found.citations] == ["shipping"]
    assert [item.what for item in found.commitments] == ["call back", "refund", "ship"]
    assert {item.due_at for item in found.commitments} == {None}
    assert found.missing_facts == ("the order number",)


def test_times_are_read() -> None:
    (promise,) = parse_proposal(JSON).commitments

    assert promise.due_at == datetime(2026, 3, 1, 18, tzinfo=UTC)


def test_the_error_never_holds_the_text() -> None:
    with pytest.raises(ModelRubbish) as caught:
        parse_proposal('{"reply": "SECRET of a customer')

    assert "SECRET" not in str(caught.value)


JSONISH = st.text(alphabet='{}[]",:\\` \n\x00reply0-e.ud8', max_size=80)


@settings(max_examples=300)
@given(st.one_of(st.text(), JSONISH, JSONISH.map(lambda tail: '{"reply": "ok"' + tail)))
def test_any_text_gives_a_proposal_or_rubbish(text: str) -> None:
    with suppress(ModelRubbish):
        assert parse_proposal(text).reply.strip()


ANY_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), st.text()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    max_leaves=8,
)


@settings(max_examples=200)
@given(
    st.text(min_size=1).filter(lambda text: bool(text.replace("\x00", "").strip())),
    st.dictionaries(st.sampled_from(["citations", "commitments", "missing_facts", "x"]), ANY_JSON),
)
def test_a_whole_reply_is_never_lost(reply: str, rest: dict[str, object]) -> None:
    assert parse_proposal(json.dumps({"reply": reply, **rest})).reply


@given(st.integers(min_value=0, max_value=len(JSON) - 1))
def test_a_cut_never_leaves_half_a_reply(length: int) -> None:
    try:
        found = parse_proposal(JSON[:length])
    except ModelRubbish:
        return
    assert found.reply == WHOLE["reply"]
    assert len(found.commitments) <= 1
    assert all(promise.due_at for promise in found.commitments)
