from datetime import UTC, datetime

import pytest

from service.domain.brand import Brand, EscalationRule
from service.domain.thread import Case
from service.domain.triage import DeadlineClass, Kind, MoveKind, Sensitivity
from service.triage.moves import Reading, choose_move, deadline_at, deadline_class
from tests.factories import BROKEN, LAMPS, case

DUE = {"what": "I'll write here.", "due_at": "2026-11-23T17:00:00Z"}
ASKED = {"author": "customer", "text": BROKEN}
PROMISED = {"author": "brand", "text": "I'll write here."}
CHASED = {"author": "customer", "text": "Still nothing?"}
BACK_AND_FORTH = [CHASED, PROMISED] * 3
SAFETY = EscalationRule(sensitivity=Sensitivity.SAFETY, owner="Ines")


def reading(**more: object) -> Reading:
    values: dict[str, object] = {
        "kind": Kind.COMPLAINT,
        "sensitivities": (),
        "needs_personal_data": False,
        "upset": False,
        "escalation": None,
    }
    return Reading(**{**values, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "seen", "move"),
    [
        (case(), reading(), MoveKind.PUBLIC_REPLY),
        (case(), reading(needs_personal_data=True), MoveKind.PUBLIC_THEN_PRIVATE),
        (case(channel="google_review"), reading(needs_personal_data=True), MoveKind.PUBLIC_REPLY),
        (case(channel="email"), reading(needs_personal_data=True), MoveKind.PRIVATE_REPLY),
        (case(), reading(kind=Kind.MIXED), MoveKind.BOUNDARY_STATEMENT),
        (case(), reading(kind=Kind.MIXED, escalation=SAFETY), MoveKind.ESCALATE),
        (case(), reading(kind=Kind.SPAM), MoveKind.NO_REPLY),
        (case(resolved={"text": "done"}), reading(), MoveKind.CLOSING_UPDATE),
        (case(due=DUE), reading(), MoveKind.FOLLOW_UP),
        (case(due=DUE, thread=[ASKED]), reading(), MoveKind.FOLLOW_UP),
        (case(due=DUE, thread=[ASKED, PROMISED]), reading(), MoveKind.FOLLOW_UP),
        (case(due=DUE, thread=[ASKED, PROMISED, CHASED]), reading(), MoveKind.PUBLIC_REPLY),
        (case(due=DUE, resolved={"text": "done"}), reading(), MoveKind.CLOSING_UPDATE),
        (case(thread=BACK_AND_FORTH[2:]), reading(), MoveKind.PUBLIC_REPLY),
        (case(thread=BACK_AND_FORTH), reading(), MoveKind.PUBLIC_THEN_PRIVATE),
        (case(thread=[PROMISED] * 3), reading(), MoveKind.PUBLIC_REPLY),
        (case(thread=BACK_AND_FORTH), reading(kind=Kind.QUESTION), MoveKind.PUBLIC_REPLY),
        (case(thread=BACK_AND_FORTH, channel="google_review"), reading(), MoveKind.PUBLIC_REPLY),
    ],
)
def test_the_gravest_rule_that_applies_decides(asked: Case, seen: Reading, move: MoveKind) -> None:
    chosen = choose_move(asked, LAMPS, seen)
    assert chosen.kind is move
    assert chosen.reason


@pytest.mark.parametrize("terms", ["", "Be kind on our pages."])
def test_community_terms_are_named_only_where_there_are_some(terms: str) -> None:
    brand = LAMPS.model_copy(update={"community_guidelines": terms})
    for kind in (Kind.ABUSE, Kind.MIXED, Kind.HATE):
        said = choose_move(case(), brand, reading(kind=kind)).reason
        assert ("terms" in said) is bool(terms)


@pytest.mark.parametrize("rule", [None, SAFETY])
def test_a_hateful_post_is_hidden_or_reported_and_not_deleted(rule: EscalationRule | None) -> None:
    said = choose_move(case(), LAMPS, reading(kind=Kind.HATE, escalation=rule)).reason
    assert "hide it or report it" in said
    abused = choose_move(case(), LAMPS, reading(kind=Kind.ABUSE, escalation=rule)).reason
    assert "hide it" not in abused


def test_an_escalation_names_its_owner() -> None:
    chosen = choose_move(case(), LAMPS, reading(escalation=SAFETY))
    assert chosen.owner == "Ines"
    assert "Ines" in chosen.reason


@pytest.mark.parametrize(
    ("seen", "wanted"),
    [
        (reading(), DeadlineClass.NORMAL),
        (reading(upset=True), DeadlineClass.URGENT),
        (reading(sensitivities=(Sensitivity.SAFETY,)), DeadlineClass.URGENT),
        (reading(kind=Kind.COMPLIMENT), DeadlineClass.LOW),
    ],
)
def test_the_sensitive_and_the_upset_come_first(seen: Reading, wanted: DeadlineClass) -> None:
    assert deadline_class(seen) is wanted


def test_the_deadline_counts_from_the_post_by_the_stricter_target() -> None:
    targets = {"response_targets": {"channels": {"x": {"minutes": 30}}, "classes": {"normal": 60}}}
    strict = Brand.model_validate({**LAMPS.model_dump(), **targets})
    posted = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
    asked = case().model_copy(
        update={"complaint": case().complaint.model_copy(update={"posted_at": posted})}
    )
    due = deadline_at(asked, strict, DeadlineClass.NORMAL, posted)
    assert (due - posted).total_seconds() == 30 * 60


def test_the_deadline_of_an_undated_post_counts_from_when_it_came_in() -> None:
    came, now = datetime(2026, 11, 18, 10, tzinfo=UTC), datetime(2026, 11, 18, 10, 40, tzinfo=UTC)
    in_time = deadline_at(case(), LAMPS, DeadlineClass.NORMAL, came)
    assert deadline_at(case(), LAMPS, DeadlineClass.NORMAL, now, came_at=came) == in_time
    dated = case(complaint={"text": BROKEN, "posted_at": "2026-11-18T09:30:00Z"})
    late = deadline_at(dated, LAMPS, DeadlineClass.NORMAL, now, came_at=came)
    assert late < in_time
