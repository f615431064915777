"""What the checks make of a reading; the readings are made up, the reader has its own tests."""

import pytest

from service.domain.thread import KnownFact
from service.domain.triage import Kind, MoveKind
from service.guards.claims import (
    find_promise_without_date,
    is_quoted,
    is_vouched,
    leading_stance,
    stance_of,
)
from service.guards.context import CheckContext, Hit
from service.guards.grounding import (
    find_contradictions,
    find_ungrounded_promises,
    find_ungrounded_specifics,
)
from service.guards.learned import find_learned, words_of
from service.guards.missing import (
    find_ignored_issues,
    find_missing_apology,
    find_missing_next_step,
    find_missing_thanks,
    says_sorry,
)
from service.guards.reading import Label, Source, SourceKind, Stance
from service.guards.tone import find_defensive
from tests.guards.factories import context, passage
from tests.guards.readings import Labels, read_as

LEARNED = [
    Label.DEFENSIVE,
    Label.BLAMES_CUSTOMER,
    Label.NON_APOLOGY,
    Label.SARCASM_OR_EMOTIONAL,
    Label.ADMITS_LEGAL_LIABILITY,
    Label.AI_TELL,
]


def spans(hits: "list[Hit]", reply: str) -> list[str]:
    return [reply[hit.start : hit.end] for hit in hits]


@pytest.mark.parametrize("label", LEARNED)
def test_a_sentence_that_is_of_a_kind_is_pointed_at(label: Label) -> None:
    reply = "The lamp broke. Somebody said this."
    read = read_as(context(reply), {}, {label: 0.97})
    hits = list(find_learned(read, label))
    assert spans(hits, reply) == ["Somebody said this."]
    assert hits[0].message == words_of(label).message
    assert hits[0].suggestion


@pytest.mark.parametrize("label", LEARNED)
def test_a_low_share_finds_nothing(label: Label) -> None:
    assert not list(find_learned(read_as(context("One."), {label: 0.05}), label))


def test_without_a_reading_the_learned_half_is_silent() -> None:
    assert not list(find_learned(context("One."), Label.DEFENSIVE))


def test_a_rule_told_to_somebody_who_asked_argues_with_nobody() -> None:
    asked = context("Returns need the receipt.", complaint="Do I need the receipt?")
    told = {Label.RULE: 0.9, Label.DEFENSIVE: 0.9}
    assert not list(find_learned(read_as(asked, told), Label.DEFENSIVE))
    angry = context("Returns need the receipt.", complaint="You threw me out without a receipt!")
    assert list(find_learned(read_as(angry, told), Label.DEFENSIVE))


def test_a_phrase_and_a_sentence_at_one_place_are_one_finding() -> None:
    reply = "Our records show that nobody called."
    read = read_as(context(reply), {Label.DEFENSIVE: 0.99})
    assert len(list(find_defensive(read))) == 1


APOLOGY: Labels = {Label.APOLOGY: 0.9}
STEP: Labels = {Label.NEXT_STEP: 0.9}
THANKS: Labels = {Label.THANKS: 0.9}


def test_nothing_is_missing_where_all_is_there() -> None:
    read = read_as(context("A. B. C."), APOLOGY, STEP, THANKS)
    assert not list(find_missing_apology(read))
    assert not list(find_missing_next_step(read))
    assert not list(find_missing_thanks(read))


def test_what_is_missing_has_no_place() -> None:
    read = read_as(context("A."), {})
    for find in (find_missing_apology, find_missing_next_step, find_missing_thanks):
        (hit,) = find(read)
        assert hit.start is None


def test_a_false_sorry_is_another_checks_matter() -> None:
    assert not list(find_missing_apology(read_as(context("A."), {Label.NON_APOLOGY: 0.9})))


@pytest.mark.parametrize("kind", [Kind.COMPLIMENT, Kind.QUESTION, Kind.SPAM])
def test_praise_and_questions_need_no_apology(kind: Kind) -> None:
    from dataclasses import replace

    read = replace(read_as(context("A."), {}), kind=kind)
    assert not list(find_missing_apology(read))
    assert not list(find_missing_next_step(read))


def test_a_closing_update_needs_no_second_apology() -> None:
    closed = context("A.", move=MoveKind.CLOSING_UPDATE)
    assert not list(find_missing_apology(read_as(closed, {})))


PROMISE: Labels = {Label.PROMISE: 0.9}


@pytest.mark.parametrize(
    "reply",
    [
        "I'll ask the depot. I'll write to you here by Friday.",
        "Ich kümmere mich darum. Bis morgen 18 Uhr melde ich mich.",
        "I'm opening the ticket now.",
    ],
)
def test_a_promise_with_a_time_somewhere_is_dated(reply: str) -> None:
    read = read_as(context(reply), *(PROMISE for _ in reply.rstrip(".").split(". ")))
    assert not list(find_promise_without_date(read))


def test_a_promise_without_a_time_is_named() -> None:
    reply = "Sorry about the lamp. We'll look into it and be in touch."
    (hit,) = find_promise_without_date(read_as(context(reply), APOLOGY, PROMISE))
    assert spans([hit], reply) == ["We'll look into it and be in touch."]


BAD = {
    Stance.UNGROUNDED_SPECIFIC: find_ungrounded_specifics,
    Stance.UNGROUNDED_PROMISE: find_ungrounded_promises,
    Stance.CONTRADICTS_POLICY: find_contradictions,
}


@pytest.mark.parametrize("stance", BAD)
def test_each_way_of_claiming_too_much_is_its_own_check(stance: Stance) -> None:
    read = read_as(context("Somebody did something."), ({Label.DEED: 0.9}, {stance: 0.9}))
    for other, find in BAD.items():
        assert bool(list(find(read))) == (other is stance)


@pytest.mark.parametrize(
    ("reply", "promises"),
    [
        ("We'll be happy to assist.", False),
        ("Chętnie pomogę!", False),
        ("Estoy aquí para ayudarte.", False),
        ("Wir helfen dir gerne weiter.", False),
        ("We'll be happy to help you to a full refund.", True),
        ("Chętnie pomogę i oddam całą kwotę.", True),
    ],
)
def test_an_offer_of_help_promises_nothing_until_it_says_what(reply: str, promises: bool) -> None:
    read = read_as(context(reply), ({Label.PROMISE: 0.9}, {Stance.UNGROUNDED_PROMISE: 0.9}))
    assert bool(list(find_ungrounded_promises(read))) is promises


@pytest.mark.parametrize(
    ("reply", "promised"),
    [
        ("We'll refund everything that was spent.", True),
        ("You'll have your money back by tomorrow.", True),
        ("Zwrócimy panu całą kwotę.", True),
        ("Te devolveremos todo lo que se haya gastado.", True),
        ("Wir erstatten dir den vollen Betrag.", True),
        ("I'm finding out whether a refund is due.", False),
        ("I can't promise a refund today.", False),
        ("Zwrócę na to uwagę kierownikowi.", False),
        ("Te devuelvo la llamada mañana.", False),
        ("Ob wir den Betrag erstatten, kläre ich.", False),
        ("Do you want a refund?", False),
        ("I have passed your refund request to our billing team.", False),
        ("I'll let you know about the refund by 18:00 tomorrow.", False),
        ("There is no refund for opened food.", False),
        ("Otrzymaliśmy Pana zwrot i odpiszę do 18:00.", False),
        ("Le devolvemos el paquete mañana.", False),
        ("Wegen der Rückerstattung melde ich mich morgen bis 18 Uhr.", False),
    ],
)
def test_money_back_needs_somebody_who_speaks_of_money(reply: str, promised: bool) -> None:
    """The reader takes these for carried: only the words tell."""
    carried = ({Label.PROMISE: 0.9}, {Stance.GROUNDED: 0.9})
    assert bool(list(find_ungrounded_promises(read_as(context(reply), carried)))) is promised
    for rule in ("Die Rückerstattung dauert 5 Tage.", "Oddamy pieniądze.", "30-day money-back"):
        granted = context(reply, policy=[passage(rule, passage_id="lost", version="1")])
        assert not list(find_ungrounded_promises(read_as(granted, carried)))


def test_a_finding_names_the_nearest_rule() -> None:
    source = Source(SourceKind.POLICY, "Returns: 30 days with the receipt.", ("returns", "2"))
    read = read_as(
        context("You can return it any time."),
        ({Label.RULE: 0.9}, {Stance.CONTRADICTS_POLICY: 0.9}),
        sources=(source,),
    )
    (hit,) = find_contradictions(read)
    assert hit.evidence == "returns 2: Returns: 30 days with the receipt."


def test_a_figure_goes_to_the_check_that_its_sentence_belongs_to() -> None:
    reply = "You'll have €40 on Friday."
    stances = {Stance.UNGROUNDED_PROMISE: 0.3, Stance.GROUNDED: 0.7}
    read = read_as(context(reply), (PROMISE, stances))
    assert not list(find_ungrounded_specifics(read))
    assert spans(list(find_ungrounded_promises(read)), reply) == ["€40", "Friday"]


def test_a_figure_of_an_old_rule_contradicts_the_new_one() -> None:
    from dataclasses import replace

    from service.domain.knowledge import PolicyPassage, PolicyStatus

    old = PolicyPassage(
        id="returns", version="1", text="Returns within 14 days.", status=PolicyStatus.SUPERSEDED
    )
    now = context(
        "You have 14 days to send it back.",
        policy=[passage("Returns within 30 days.", passage_id="returns", version="2")],
    )
    (hit,) = find_contradictions(replace(now, superseded=(old,)))
    assert hit.evidence == "returns 1 (superseded)"
    assert not list(find_ungrounded_specifics(replace(now, superseded=(old,))))


def test_what_is_carried_has_no_stance() -> None:
    read = read_as(context("One."), ({}, {Stance.GROUNDED: 0.9, Stance.FREE: 0.05}))
    assert stance_of(read.read[0]) is None
    assert leading_stance(read.read[0]) is not None
    assert leading_stance(read_as(context("One."), {}).read[0]) is None


def _ignores(reply: str, issues: dict[str, float]) -> list[str | None]:
    context_: CheckContext = read_as(
        context(reply), *({} for _ in reply.rstrip(".").split(". ")), issues=issues
    )
    return [hit.evidence for hit in find_ignored_issues(context_)]


def test_a_point_that_nobody_comes_back_to_is_named() -> None:
    issues = {"The lamp came broken.": 0.9, "The courier shouted at my mother.": 0.72}
    assert _ignores("Sorry about the broken lamp.", issues) == ["The courier shouted at my mother."]


def test_a_point_in_other_words_is_answered() -> None:
    assert not _ignores("Sorry about the broken lamp.", {"Die Lampe kam kaputt an.": 0.88})


@pytest.mark.parametrize(
    ("reply", "asks"),
    [
        ("Please DM us your PIN so that we can look.", True),
        ("Prosimy o podanie kodu SMS, który właśnie przyszedł.", True),
        ("Envíame tu contraseña por privado.", True),
        ("Bitte nennen Sie uns die TAN.", True),
        ("We will never ask for your PIN, so please don't send it.", False),
        ("Nigdy nie prosimy o hasło.", False),
        ("You can set a new password in the app.", False),
        ("Wir fragen nie nach Ihrer PIN.", False),
    ],
)
def test_secrets_are_asked_for_in_no_channel(reply: str, asks: bool) -> None:
    assert bool(list(find_contradictions(context(reply, channel="email")))) == asks


@pytest.mark.parametrize(
    "reply",
    [
        "I'm sorry the kettle hasn't moved since Monday.",
        "Das tut mir wirklich leid.",
        "Przepraszam za czajnik.",
        "Siento lo de la tetera.",
    ],
)
def test_plain_words_of_an_apology_count_whatever_the_reader_says(reply: str) -> None:
    assert not list(find_missing_apology(read_as(context(reply), {})))


@pytest.mark.parametrize("reply", ["Sorry if that bothered you.", "Sorry but the rule stands."])
def test_words_that_only_sound_sorry_are_no_apology(reply: str) -> None:
    assert not says_sorry(reply)


@pytest.mark.parametrize(
    ("reply", "quoted"),
    [
        ("Here is what applies: A late parcel entitles you to 10 euro back.", True),
        ("A late parcel entitles you to 10 euro back.", True),
        ("A late parcel entitles you to 10 euro back, and a second one to twice as much.", False),
        ("A late parcel entitles you to 10 euro back, and so does every other thing that you may "
         "ever have wished for.", False),
        ("A late parcel entitles you to a new one.", False),
    ],
)  # fmt: skip
def test_policy_in_its_own_words_is_no_contradiction(reply: str, quoted: bool) -> None:
    rule = passage("A late parcel entitles you to 10 euro back.")
    told = read_as(context(reply, policy=(rule,)), {})
    assert is_quoted(told.read[0], told) is quoted


@pytest.mark.parametrize(
    ("sentence", "vouched"),
    [
        ("Dryer exchanged.", True),
        ("This is settled now: dryer exchanged.", True),
        ("Dryer exchanged and refunded.", False),
        ("I promise you a dryer exchanged.", False),
    ],
)
def test_an_agents_own_words_need_no_other_source(sentence: str, vouched: bool) -> None:
    told = context(sentence, resolved="Dryer exchanged")
    assert is_vouched(sentence, told) is vouched
    secret = context(sentence, resolved=KnownFact(text="Dryer exchanged", private=True))
    assert not is_vouched(sentence, secret)
