"""Amounts of money in a reply: a wrong one blocks in any language, a right one passes."""

from dataclasses import replace

import pytest

from service.domain.checks import Severity
from service.guards.citing import cite
from service.guards.context import CheckContext, Hit
from service.guards.grounding import (
    find_contradictions,
    find_ungrounded_promises,
    find_ungrounded_specifics,
)
from service.guards.reading import Label, Stance
from tests.guards.factories import context, passage
from tests.guards.readings import Stances, read_as

DEPOSIT = passage(
    "The damage deposit is £200 and is taken from your card. We give it back within 7 days of "
    "return. A lost windlass costs £18 and a lost mooring pin £12.",
    passage_id="deposit",
)
FREE: Stances = {Stance.GROUNDED: 0.4, Stance.FREE: 0.55}
CARRIED: Stances = {Stance.GROUNDED: 0.9}


def found(checked: CheckContext, stances: Stances = CARRIED) -> list[Hit]:
    """What the three checks of claims find where the reader sees nothing wrong."""
    sentences = len(checked.sentences)
    read = read_as(checked, *[({Label.RULE: 0.9}, stances)] * sentences)
    checks = (find_ungrounded_specifics, find_ungrounded_promises, find_contradictions)
    return [hit for check in checks for hit in check(read)]


WRONG = [
    ("The deposit is £500.", "£500"),
    ("The deposit is 500 pounds.", "500 pounds"),
    ("The deposit is five hundred pounds.", "five hundred pounds"),
    ("The deposit is GBP 500.", "GBP 500"),
    ("Kaucja wynosi £500.", "£500"),
    ("Kaucja wynosi 500 funtów.", "500 funtów"),
    ("Kaucja wynosi pięćset funtów.", "pięćset funtów"),
    ("Mówimy o 500 funtach.", "500 funtach"),
    ("Oddamy 500 funtów jutro do 17:00.", "500 funtów"),
    ("La fianza son 500 libras.", "500 libras"),
    ("La fianza son quinientas libras esterlinas.", "quinientas libras esterlinas"),
    ("Die Kaution beträgt £500.", "£500"),
    ("Die Kaution beträgt 500 Pfund.", "500 Pfund"),
    ("Die Kaution beträgt fünfhundert britische Pfund.", "fünfhundert britische Pfund"),
    ("The deposit is 200 euros.", "200 euros"),
    ("Kaucja wynosi 200 złotych.", "200 złotych"),
    ("La fianza son 200 pesos.", "200 pesos"),
    ("Die Kaution beträgt 200 Schweizer Franken.", "200 Schweizer Franken"),
]


@pytest.mark.parametrize("stances", [FREE, CARRIED])
@pytest.mark.parametrize(("reply", "amount"), WRONG)
def test_a_wrong_amount_blocks_in_any_language(reply: str, amount: str, stances: Stances) -> None:
    for policy in ([DEPOSIT], []):
        hits = found(context(reply, complaint="Wie hoch ist sie?", policy=policy), stances)
        assert [reply[hit.start : hit.end] for hit in hits if hit.severity is Severity.BLOCK] == [
            amount
        ]


RIGHT = [
    "The deposit is £200.",
    "The deposit is 200 GBP.",
    "The deposit is two hundred pounds.",
    "Kaucja wynosi 200 funtów.",
    "Kaucja wynosi dwieście funtów.",
    "To zwrot dwustu funtów.",
    "La fianza son 200 libras.",
    "La fianza son doscientas libras.",
    "Die Kaution beträgt 200 Pfund.",
    "Die Kaution beträgt 200,- £.",
    "Die Kaution beträgt zweihundert Pfund Sterling.",
]


@pytest.mark.parametrize("reply", RIGHT)
def test_a_right_amount_passes_in_any_spelling(reply: str) -> None:
    assert not found(context(reply, complaint="How much is it?", policy=[DEPOSIT]))


@pytest.mark.parametrize(
    ("reply", "complaint"),
    [
        ("Sorry that £330 left your account.", "You took 330 from my card!"),
        ("Przykro nam z powodu 330 funtów.", "Pobraliście 330 funtów."),
        ("Siento lo de las 330 libras.", "£330 me han cobrado."),
        ("Das mit den 330 Pfund tut mir leid.", "330 GBP sind weg."),
        ("Siento lo de los 330 pesos.", "Me cobraron $330."),
    ],
)
def test_the_customers_own_amount_stays_grounded(reply: str, complaint: str) -> None:
    assert not found(context(reply, complaint=complaint, policy=[DEPOSIT]))


@pytest.mark.parametrize(
    ("reply", "complaint"),
    [
        ("Three mooring pins come to £36.", "We lost three mooring pins."),
        ("Trzy kołki to 36 funtów.", "Zgubiliśmy trzy kołki."),
        ("Windlass and pin together are 30 pounds.", "Lost the windlass and a pin."),
        ("£182 is left of the deposit.", "We lost the windlass."),
        ("Half of it, £165, comes back.", "I paid £330."),
    ],
)
def test_a_sum_is_for_the_reader_to_judge(reply: str, complaint: str) -> None:
    """Arithmetic over the case's own figures: nothing where it is taken for carried."""
    checked = context(reply, complaint=complaint, policy=[DEPOSIT])
    assert not found(checked)
    doubted = found(checked, {Stance.GROUNDED: 0.6, Stance.UNGROUNDED_SPECIFIC: 0.4})
    assert [hit.severity for hit in doubted] == [Severity.WARN]


def test_what_an_agent_vouches_for_needs_no_policy() -> None:
    reply = "The goodwill payment is £75."
    assert not found(context(reply, policy=[DEPOSIT], known=[reply]))


def test_a_rule_that_only_the_replys_words_led_to_is_a_warning() -> None:
    late = passage("Each started hour after 09:30 costs £40.", passage_id="late", version="3")
    checked = context("We'll give you £40.", complaint="The dog was sick.", policy=[DEPOSIT, late])
    assert not found(checked)
    (hit,) = found(replace(checked, echoed=frozenset({("late", "3")})))
    assert (hit.severity, hit.evidence) == (Severity.WARN, "late: £40")
    assert "led to" in hit.message


PROMISES = [
    ("We'll credit your account.", True),
    ("We will credit it back to your card.", True),
    ("I'll transfer the money today.", True),
    ("We'll send you the money back.", True),
    ("You'll be credited in full.", True),
    ("Wir überweisen Ihnen das Geld.", True),
    ("Ich überweise dir den Betrag noch heute.", True),
    ("Wir schreiben Ihnen den Betrag gut.", True),
    ("Das Geld bekommen Sie wieder.", True),
    ("Te haré la devolución.", True),
    ("Le haremos el reembolso mañana.", True),
    ("Te ingresamos el dinero.", True),
    ("Przelejemy Panu pieniądze.", True),
    ("Wpłacimy tę kwotę na Pani konto.", True),
    ("Zrobimy zwrot pieniędzy.", True),
    # near misses
    ("We'll give you credit for your patience.", False),
    ("I'll credit the photographer in the post.", False),
    ("I'll transfer you to the billing team.", False),
    ("Wir überweisen Sie an einen Facharzt.", False),
    ("Ich schreibe Ihnen den Betrag morgen auf.", False),
    ("Ob wir Ihnen das Geld überweisen, kläre ich.", False),
    ("Bitte überweisen Sie den Betrag bis Freitag.", False),
    ("Sie zahlen den Betrag erst bei der Abholung.", False),
    ("Te haré una pregunta.", False),
    ("No puedo prometer que te haré la devolución.", False),
    ("Si procede, te haré la devolución.", False),
    ("Przelejemy wodę do zbiornika.", False),
    ("Wpłacił Pan całą kwotę w maju.", False),
    ("Czy wpłacimy tę kwotę, jeszcze nie wiem.", False),
    ("Will you credit my account?", False),
]


@pytest.mark.parametrize(("reply", "promised"), PROMISES)
def test_money_promised_in_any_words_needs_a_source(reply: str, promised: bool) -> None:
    read = read_as(context(reply), ({Label.PROMISE: 0.9}, CARRIED))
    assert bool(list(find_ungrounded_promises(read))) is promised


QUARTER = passage(
    "For each started block of 6 hours that you cannot move, we refund a quarter of a day's hire.",
    passage_id="breakdown",
    title="Breakdown",
)
SURE: Stances = {Stance.UNGROUNDED_PROMISE: 0.97}


@pytest.mark.parametrize(
    ("language", "reply", "blocks"),
    [
        ("en", "We'll pay back a quarter of a day's hire.", False),
        ("pl", "Zwrócimy ćwierć opłaty za dzień.", False),
        ("es", "Te devolvemos la cuarta parte de un día.", False),
        ("de", "Wir erstatten Ihnen ein Viertel der Tagesmiete.", False),
        ("en", "We'll pay back half of a day's hire.", True),
        ("en", "We'll pay back a whole day's hire.", True),
        ("en", "We'll pay back a quarter of a day's hire and £90.", True),
        ("en", "We'll pay back a quarter of your train ticket.", True),
        ("en", "We'll pay for the hotel by a quarter past six.", True),
        ("pl", "Zwrócimy połowę opłaty za dzień.", True),
        ("pl", "Następny rejs będzie o ćwierć tańszy.", True),
        ("de", "Den nächsten Tag gibt es zu einem Viertel des Preises.", True),
        ("es", "Te devolvemos el hotel, en un cuarto de hora.", True),
        ("de", "Wir erstatten Ihnen die Hälfte der Tagesmiete.", True),
    ],
)
def test_a_share_that_a_rule_grants_is_a_warning_at_most(
    language: str, reply: str, blocks: bool
) -> None:
    asked = "Waited six hours, engine dead."
    checked = context(reply, complaint=asked, policy=[QUARTER], language=language)
    hits = list(find_ungrounded_promises(read_as(checked, ({Label.PROMISE: 0.96}, SURE))))
    assert hits
    assert any(hit.severity is not Severity.WARN for hit in hits) is blocks
    granted = [hit for hit in hits if hit.severity is Severity.WARN]
    assert blocks or (granted[0].evidence or "").startswith("breakdown 1: ")


def test_the_rule_of_a_share_is_cited() -> None:
    reply = "We'll pay back a quarter of a day's hire."
    cited = cite(context(reply, policy=[DEPOSIT, QUARTER]))
    assert [one.policy_id for one in cited] == ["breakdown"]


def test_a_granted_share_in_a_rule_told_wrongly_still_contradicts() -> None:
    reply = "A quarter of a day's hire comes back for each started hour."
    read = read_as(
        context(reply, policy=[QUARTER]),
        ({Label.RULE: 0.9}, {Stance.CONTRADICTS_POLICY: 0.99}),
    )
    (hit,) = find_contradictions(read)
    assert hit.severity is None
