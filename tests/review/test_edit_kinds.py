"""Kinds of edits, without any model: what the checks say is handed in."""

import pytest

from service.domain.checks import CheckReport, Finding, Severity, Verdict
from service.domain.edits import EditKind
from service.domain.triage import Span
from service.guards.registry import CHECKS
from service.review.edit_kinds import KINDS, classify, find_edits
from service.review.edit_parts import changes, framed
from service.review.edit_signs import Edit
from service.review.edit_spelling import distance
from service.text.sentences import split_sentences

BEFORE = "I'm sorry the lamp came broken. You can have a new one within 14 days of delivery."


def report(*checks: str, text: str | None = None) -> CheckReport:
    span = Span(start=None, end=None, text=text)
    findings = tuple(
        Finding(check=check, severity=Severity.BLOCK, message="", span=span, suggestion="")
        for check in checks
    )
    return CheckReport(verdict=Verdict.PASS, findings=findings)


def edit(after: str, before: str = BEFORE, **more: object) -> Edit:
    given: dict[str, object] = {
        "checked_before": report(),
        "checked_after": report(),
        "language": "en",
        **more,
    }
    return Edit(before=before, after=after, **given)  # type: ignore[arg-type]


def test_nothing_changed_is_no_edit() -> None:
    assert find_edits(edit(BEFORE + "\n")) == ()


def test_a_figure_that_changed_is_a_fact_with_its_words_and_place() -> None:
    after = BEFORE.replace("14", "30")
    gone, came = find_edits(edit(after))
    assert (gone.kind, gone.before, gone.span.start) == (EditKind.FACT, "14 days", None)
    assert came.after == "30 days"
    assert came.span.start is not None
    assert after[came.span.start : came.span.end] == "30 days"


def test_what_the_customer_said_is_no_new_fact() -> None:
    after = BEFORE.replace("broken", "broken after 9 days")
    assert classify(edit(after, told=("It took 9 days.",))) == (EditKind.OTHER,)
    assert classify(edit(after)) == (EditKind.FACT,)


@pytest.mark.parametrize(
    ("after", "kind"),
    [
        (BEFORE + " I'll write here by 18:00 tomorrow.", EditKind.PROMISE),
        ("Hi Ana,\n" + BEFORE, EditKind.GREETING_OR_SIGNATURE),
        (BEFORE + "\nBest wishes, Tom", EditKind.GREETING_OR_SIGNATURE),
        (BEFORE.replace("lamp", "lapm"), EditKind.TYPO),
        (BEFORE.replace(". You", " . You"), EditKind.TYPO),
        (BEFORE + " Thank you for telling me.", EditKind.TONE),
        (BEFORE.replace("I'm sorry", "We are sorry"), EditKind.VOICE),
        (BEFORE + " Mrs Agnieszka Kowalska knows.", EditKind.PRIVATE_DATA),
        (BEFORE.replace(" of delivery", ""), EditKind.OTHER),
        (
            "Przepraszam, że lampa przyszła zbita. Nową dostaniesz w ciągu 14 dni.",
            EditKind.LANGUAGE,
        ),
    ],
)
def test_one_kind_each(after: str, kind: EditKind) -> None:
    assert classify(edit(after)) == (kind,)


def test_another_time_in_a_promise_behind_an_instruction_is_no_fact() -> None:
    """A window of days would be a figure anywhere else."""
    before = "I'm sorry. Please write to me in a private message, and I'll answer within 2 days."
    after = before.replace("2 days", "3 days")
    assert classify(edit(after, before)) == (EditKind.PROMISE,)


def test_a_point_that_is_answered_now_was_missed() -> None:
    told = ("The lamp came broken and the courier swore at me.",)
    after = BEFORE.replace("broken.", "broken and that the courier swore.")
    assert classify(edit(after, told=told)) == (EditKind.MISSED_ISSUE,)


def test_a_reply_that_only_lost_words_was_too_long() -> None:
    before = BEFORE + " It is such a pity when something that was looked forward to is in pieces."
    assert classify(edit(BEFORE, before)) == (EditKind.LENGTH,)


def test_a_brands_own_signature_is_known() -> None:
    after = BEFORE + " Yours, the lamp people"
    signed = edit(after, signature="Yours, the lamp people")
    assert classify(signed) == (EditKind.GREETING_OR_SIGNATURE,)


def test_what_a_check_finds_no_more_names_the_kind() -> None:
    after = BEFORE.replace("sorry", "very sorry")
    mended = edit(after, checked_before=report("blames_customer", text="you dropped it"))
    assert classify(mended) == (EditKind.TONE,)
    still = edit(after, checked_before=report("canned", text="a new one"))
    assert classify(still) == (EditKind.OTHER,)


def test_what_a_person_adds_from_their_own_knowledge_is_a_fact() -> None:
    after = BEFORE + " The crate was packed upside down."
    said = report("ungrounded_specific", text="The crate was packed upside down.")
    assert EditKind.FACT in classify(edit(after, checked_after=said))


def test_every_named_check_exists() -> None:
    assert set(KINDS) <= set(CHECKS)


def test_a_frame_keeps_the_places_of_the_body() -> None:
    reply = "Guten Tag, Frau Brandvold,\ndas tut mir leid.\nViele Grüße\nJonas"
    frame = framed(reply)
    assert frame.greeting.startswith("Guten Tag")
    assert frame.signature == "Viele Grüße\nJonas"
    (sentence,) = frame.sentences
    assert reply[sentence.start : sentence.end] == sentence.text == "das tut mir leid."


def test_a_reply_that_is_all_greeting_has_no_body() -> None:
    assert framed("Hello!").body == ""
    assert framed("").sentences == ()


def test_sentences_are_laid_beside_the_ones_they_were_made_of() -> None:
    old = split_sentences("It is late. A new one is free. Bye now.")
    new = split_sentences("It is very late. Bye now. We care.")
    made = [(change.before, change.after) for change in changes(old, new)]
    assert made == [
        ("It is late.", "It is very late."),
        ("A new one is free.", ""),
        ("", "We care."),
    ]


@pytest.mark.parametrize(
    ("old", "new", "steps"), [("form", "from", 1), ("late", "late", 0), ("refundet", "refund", 2)]
)
def test_distance_counts_a_swap_once(old: str, new: str, steps: int) -> None:
    assert distance(old, new) == steps
