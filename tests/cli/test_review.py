"""What a human does with drafts; the scripted model's reply is praise, so that no check blocks."""

import json
import shlex

import pytest

from tests.cli.conftest import Cli

pytestmark = pytest.mark.slow

THANKS = "Thank you for telling me about the hinge and the little arrow, that made my morning!"
PRAISE = "The door hinge came in two days and fitted. Whoever drew the arrow: thank you!"


@pytest.fixture
def draft(cli: Cli, tidewell: str) -> str:
    cli.answers = [json.dumps({"reply": THANKS})]
    found = cli.json("draft", "--brand", tidewell, "--channel", "instagram", PRAISE)
    assert found["status"] == "pending_review"
    return str(found["id"])


def test_queue_show_and_approve(cli: Cli, draft: str) -> None:
    (waiting,) = cli.json("queue")
    assert waiting["id"] == draft
    assert waiting["minutes_left"] > 0
    assert draft in cli("queue").stdout
    shown = cli("show", draft).stdout
    assert PRAISE[:30] in shown
    decided = cli.json("decide", draft, "approve", "--by", "Marta")
    assert (decided["status"], decided["decided_by"]) == ("approved", "Marta")
    assert cli.json("queue") == []
    assert cli.json("show", draft)["decisions"][0]["by"] == "Marta"
    again = cli("decide", draft, "approve", "--by", "Marta")
    assert again.exit_code == 2
    assert again.stderr.startswith("error: ")


def test_show_says_why_each_passage_was_found_and_what_was_cut(cli: Cli, tidewell: str) -> None:
    cli.answers = [json.dumps({"reply": THANKS})]
    made = cli.json("draft", "--brand", tidewell, "The driver missed my delivery slot by hours.")
    evidence = made["evidence"]
    shown = " ".join(cli("show", made["id"]).stdout.split())
    best = evidence["policy"][0]
    assert f"{best['score']:.2f} {best['id']}@{best['version']}" in shown
    assert f"nearest point {best['scores']['vector']:.2f}" in shown
    assert len(evidence["cut"]) >= 3
    for cut in evidence["cut"]:
        assert f"{cut['id']}@{cut['version']}" in shown
        assert "text" not in cut
        assert f"not used: {cut['scores']['cut']}" in shown
    assert cli.json("show", made["id"])["evidence"] == evidence


def test_an_edit_is_checked_and_raises_the_version(cli: Cli, draft: str) -> None:
    text = "Thank you, I'm glad that the hinge fits your fridge!"
    edited = cli("decide", draft, "edit", "--by", "Marta", "--text", text)
    assert edited.exit_code == 0
    assert "version 2" in edited.stdout
    late = cli("decide", draft, "approve", "--by", "Ewa", "--expected-version", "1")
    assert late.exit_code == 2
    assert "version 2" in late.stderr
    assert cli.json("show", draft)["reply"] == text


def test_a_rejected_draft_is_drafted_again(cli: Cli, draft: str) -> None:
    assert cli("decide", draft, "reject", "--by", "Marta", "--reason", "curt").exit_code == 0
    again = cli.json("redraft", draft)
    assert (again["id"], again["status"], again["version"]) == (draft, "pending_review", 2)
    assert [taken["decision"] for taken in again["decisions"]] == ["reject"]


def test_an_edit_can_be_approved_with_it(cli: Cli, draft: str) -> None:
    text = "Thank you, I'm glad that the hinge fits your fridge!"
    done = cli.json("decide", draft, "edit", "--by", "Marta", "--text", text, "--approve")
    assert (done["status"], done["reply"]) == ("approved", text)


def test_what_blocks_is_quoted_and_the_text_can_be_sent_again(cli: Cli, draft: str) -> None:
    text = "Thank you! Send me your order number and phone here, it's for the hinge."
    refused = cli("decide", draft, "edit", "--by", "Marta", "--text", text, "--approve")
    assert refused.exit_code == 2
    assert "“Send me your order number and phone here, it's for the hinge.”" in refused.stderr
    assert cli.json("show", draft)["version"] == 1
    again = shlex.split(refused.stderr.strip().splitlines()[-1])
    assert again[:4] == ["amends", "decide", draft, "edit"]
    assert again[again.index("--text") + 1] == text
    assert again[-1] == "--approve"


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["edit"], "an edit needs the new text"),
        (["approve", "--text", "x"], "only an edit carries a text"),
        (["reject"], "reject needs a reason"),
        (["approve", "--override", "canned=x"], "override.0.reason"),
        (["reject", "--reason", "Cold.", "--override", "canned=we say so"], "with an approval"),
        (["edit", "--text", "x", "--override", "canned=we say so"], "with an approval"),
        (["ignore", "--reason", "Spam.", "--owner", "Ewa"], "an approval or an escalation"),
    ],
)
def test_a_decision_that_is_not_whole_is_refused(
    cli: Cli, draft: str, args: list[str], words: str
) -> None:
    result = cli("decide", draft, *args, "--by", "Marta")
    assert result.exit_code == 2
    assert words in result.stderr


def test_an_override_needs_a_reason_of_its_own_or_the_decision_s(cli: Cli, draft: str) -> None:
    text = "Thank you! I refunded you €75 yesterday, and the new hinge is free of charge."
    edited = cli.json("decide", draft, "edit", "--by", "Marta", "--text", text)
    found = edited["checks"]["findings"]
    first, *rest = sorted({one["check"] for one in found if one["severity"] == "block"})
    approve = ("decide", draft, "approve", "--by", "Marta")
    assert cli(*approve, "--override", first).exit_code == 2
    given = [f"--override={check}=I did it" for check in rest]
    decided = cli(*approve, "--override", first, *given, "--reason", "fine")
    assert decided.exit_code == 0, decided.stderr
    taken = cli.json("show", draft)["decisions"][-1]
    assert [(o["check"], o["reason"]) for o in taken["override"]] == [
        (first, "fine"),
        *((check, "I did it") for check in rest),
    ]


def test_only_what_was_found_can_be_overridden(cli: Cli, draft: str) -> None:
    approve = ("decide", draft, "approve", "--by", "Marta")
    needless = cli(*approve, "--override", "too_long=the page takes it")
    assert needless.exit_code == 2
    assert "too_long found nothing" in needless.stderr
    assert "no finding blocks it" in needless.stderr
    text = "Thank you! I refunded you €75 yesterday, and the new hinge is free of charge."
    edited = cli.json("decide", draft, "edit", "--by", "Marta", "--text", text)
    found = edited["checks"]["findings"]
    blocks = sorted({one["check"] for one in found if one["severity"] == "block"})
    misspelt = cli(*approve, "--override", "ungrounded_specifics=I did it")
    assert misspelt.exit_code == 2
    assert "ungrounded_specifics found nothing" in misspelt.stderr
    assert f"can be overridden: {', '.join(blocks)}" in misspelt.stderr
    assert cli.json("show", draft)["status"] == "blocked"


def test_a_draft_that_there_is_not_is_an_error(cli: Cli) -> None:
    for args in (["show", "drf_0"], ["decide", "drf_0", "approve", "--by", "me"]):
        assert cli(*args).stderr.strip() == "error: no draft 'drf_0'"


def test_the_id_of_a_case_is_not_the_one_of_its_draft(cli: Cli) -> None:
    for args in (["show", "c19"], ["redraft", "c19"], ["decide", "c19", "approve", "--by", "me"]):
        told = cli(*args).stderr
        assert "no draft 'c19'" in told
        assert "begins with drf_" in told
        assert "`draft_id`" in told
