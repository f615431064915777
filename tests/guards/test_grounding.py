"""Facts in a reply: what the case holds passes, what nothing holds is named with its place."""

import pytest

from service.domain.brand import Brand
from service.guards.citing import cite
from service.guards.deeds import find_claims
from service.guards.grounding import find_ungrounded_specifics
from tests.guards.factories import LAMPWICK, context, passage

RETURNS = "Lamps can be returned within 30 days. Refunds reach the card in 3-5 working days."
BROKEN = "Broken on arrival: the customer chooses a replacement or a refund of the full price."

INVENTED = [
    # (reply, complaint, the words that nothing holds)
    ("You can return it within 60 days.", "Can I send it back?", "60 days"),
    ("I can offer you 20% off the next one.", "The shade is torn.", "20%"),
    ("You'll get €15 back for the trouble.", "The shade is torn.", "€15"),
    ("The refund takes 7 working days.", "Where is my money?", "7 working days"),
    ("It'll be back in stock on 12 May.", "When is it back?", "12 May"),
    ("Our shop in town opens at 9:30.", "When do you open?", "9:30"),
    ("The update goes out on Friday.", "When is the bug fixed?", "Friday"),
    ("We have made lamps since 1987.", "Who are you anyway?", "1987"),
    ("Nine out of ten customers are happy with it.", "It flickers.", "Nine out of ten"),
    ("Your ticket is LW-20441.", "I wrote twice.", "LW-20441"),
    ("Zwrot trwa do 21 dni.", "Kiedy dostanę pieniądze?", "21 dni"),
    ("Dostanie Pani 50 zł rabatu.", "Lampa przyszła zbita.", "50 zł"),
    ("Te devolvemos 25 euros.", "La lámpara llegó rota.", "25 euros"),
    ("El plazo es de diez días hábiles.", "¿Cuánto tarda?", "diez días hábiles"),
    ("Du bekommst zwanzig Euro Rabatt.", "Die Lampe ist kaputt.", "zwanzig Euro"),
    ("Die Reparatur dauert 6 Wochen.", "Wie lange dauert das?", "6 Wochen"),
    ("Wir haben ab 7 Uhr offen.", "Wann macht ihr auf?", "7 Uhr"),
]


@pytest.mark.parametrize(("reply", "complaint", "words"), INVENTED)
def test_names_the_value_that_nothing_holds(reply: str, complaint: str, words: str) -> None:
    checked = context(reply, complaint=complaint, policy=(RETURNS,))
    hits = list(find_ungrounded_specifics(checked))
    assert [reply[hit.start : hit.end] for hit in hits] == [words]
    assert hits[0].suggestion


HELD = [
    ("Four weeks and no lamp, I'm sorry.", "I've waited 28 days for this lamp!"),
    ("£180 for a lamp that hums is not on.", "Paid 180 quid and it hums."),
    ("You can return it within thirty days.", "Can I send it back?"),
    ("The money is on your card within 5 working days.", "When do I get it?"),
    ("El reembolso tarda de 3 a 5 días hábiles.", "¿Cuándo?"),
    ("Zwrot dotrze w 3-5 dni roboczych.", "Kiedy zwrot?"),
    ("Die Erstattung dauert 3 bis 5 Werktage.", "Wann kommt mein Geld?"),
    ("I'll write here again by 18:00 tomorrow.", "Nobody answers me."),
    ("I'll update you within 24 hours.", "Nobody answers me."),
    ("Odpiszę tu do piątku do 15:00.", "Nikt nie odpowiada."),
    ("Ich melde mich bis Donnerstag bei dir.", "Keiner antwortet."),
    ("Sorry that the 5:15 slot came and went.", "ordered for a 515 delivery, nothing"),
    ("A broken lamp twice in a few days is too much.", "Second broken one."),
    ("Thanks for telling me, I'll ask the packers soon.", "Badly packed."),
    ("That's two lamps and three mails too many.", "Two lamps, three mails, nothing."),
    ("Since 3 June without light: I'm sorry.", "No light since June 3rd!"),
    ("Guten Morgen! Das tut mir leid.", "Lampe kaputt."),
    ("Buenos días, siento lo de la lámpara.", "Lámpara rota."),
    ("Order 88123 should have come whole.", "Order #88123 came in pieces"),
]


@pytest.mark.parametrize(("reply", "complaint"), HELD)
def test_lets_pass_what_thread_policy_or_settings_hold(reply: str, complaint: str) -> None:
    checked = context(reply, complaint=complaint, policy=(RETURNS,))
    assert list(find_ungrounded_specifics(checked)) == []


DONE = [
    "I have refunded you in full.",
    "Your refund has been processed.",
    "I've arranged a replacement for you.",
    "We sent a new lamp this morning.",
    "Your replacement is on its way!",
    "We found that the box was packed wrong.",
    "Our records show that the courier rang twice.",
    "This happened because our warehouse was flooded.",
    "There was an outage at our payment provider.",
    "The driver has been suspended.",
    "I've booked a technician for you.",
    "Your account has been unlocked.",
    "Zwróciliśmy pieniądze na kartę.",
    "Zlecono już zwrot, zwrot został zrealizowany.",
    "Wysłaliśmy nową lampę.",
    "Opóźnienie wynikło z powodu awarii magazynu.",
    "Ya hemos tramitado el reembolso.",
    "Te he enviado una lámpara nueva.",
    "El retraso se debe a una huelga de transportistas.",
    "Ich habe Ihnen den Betrag erstattet.",
    "Der Fehler wurde inzwischen behoben.",
    "Wegen eines Streiks kam das Paket zu spät.",
]


@pytest.mark.parametrize("reply", DONE)
def test_names_deeds_findings_and_causes_that_nothing_vouches_for(reply: str) -> None:
    hits = list(find_ungrounded_specifics(context(reply, complaint="My lamp is broken.")))
    assert len(hits) == 1
    assert hits[0].start is not None


OWN_STEPS = [
    "I'm opening an enquiry with the packers now.",
    "I've passed this to the packing team.",
    "I've sent you a direct message.",
    "Przekazałam to do magazynu.",
    "Se lo paso ahora mismo al equipo de embalaje.",
    "Ich gebe das heute noch an die Packer weiter.",
    "Once your refund has been processed, you'll see it on the card.",
    "It should have been fixed the first time, I'm sorry.",
    "Has your refund been processed yet?",
    "Your refund hasn't been processed yet, I'm sorry.",
    "I can see why you are angry.",
    "You can choose a replacement or a refund.",
    "I'm sorry because a lamp is a present one looks forward to.",
    "Sorry that your lamp was sent without a bulb.",
    "Sobald wir die Lampe haben, wird der Betrag erstattet.",
    "Zwrócimy pieniądze, jak tylko lampa wróci.",
    "Si el pago ya se ha devuelto, avísame por privado.",
    "If the courier never rang, that is on us.",
    "I'd like to find out why the courier never rang.",
]


@pytest.mark.parametrize("reply", OWN_STEPS)
def test_small_own_steps_and_hypotheses_are_no_claims(reply: str) -> None:
    checked = context(reply, complaint="My lamp is broken.", policy=(BROKEN,))
    assert list(find_ungrounded_specifics(checked)) == []


def test_a_deed_that_the_agent_vouches_for_is_grounded() -> None:
    reply = "Your money is back: I've refunded you in full."
    assert not list(find_ungrounded_specifics(context(reply, known=("Refund issued today.",))))
    assert not list(find_ungrounded_specifics(context(reply, resolved="Refund issued today.")))


def test_a_wish_of_the_customer_grounds_no_deed() -> None:
    checked = context("I have refunded you.", complaint="I want a refund now!")
    assert len(list(find_ungrounded_specifics(checked))) == 1


def test_what_the_customer_reports_may_be_said_again() -> None:
    reply = "You were refunded the wrong sum and that was our miss: it was cancelled by mistake."
    complaint = "You refunded the wrong sum. And you cancelled my order by mistake."
    assert not list(find_ungrounded_specifics(context(reply, complaint=complaint)))


def test_a_known_cause_may_be_named() -> None:
    reply = "It is late because our warehouse was flooded."
    checked = context(reply, known=("The warehouse was flooded on Sunday.",))
    assert not list(find_ungrounded_specifics(checked))


def test_the_nearest_policy_value_is_the_evidence() -> None:
    checked = context("You have 14 days to return it.", policy=(RETURNS,))
    (hit,) = find_ungrounded_specifics(checked)
    assert hit.evidence == "p1: 30 days"


def test_an_update_later_than_any_window_is_named() -> None:
    checked = context("I'll get back to you within 6 weeks.", complaint="Nobody answers.")
    assert len(list(find_ungrounded_specifics(checked))) == 1
    bare = Brand(id="bare", name="Bare", voice="Plain", follow_up_windows=("within 1 hour",))
    own = context("I'll update you within 2 hours.", complaint="Nobody answers.", brand=bare)
    assert len(list(find_ungrounded_specifics(own))) == 1


def test_each_carried_sentence_is_cited_with_its_passage() -> None:
    reply = (
        "I'm sorry your lamp came broken. You can choose a replacement or a refund of the full "
        "price. It reaches your card in 3-5 working days."
    )
    cited = cite(context(reply, policy=(RETURNS, BROKEN)))
    assert [(one.sentence[:8], one.policy_id) for one in cited] == [
        ("You can ", "p2"),
        ("It reach", "p1"),
    ]


def test_a_passage_in_another_language_is_cited_by_its_values() -> None:
    polish = passage("Zwrot w ciągu 30 dni, koszt wysyłki 12 zł.", language="pl", passage_id="pl1")
    reply = "You have 30 days to send it back, and postage is 12 zł."
    assert [one.policy_id for one in cite(context(reply, policy=(polish,)))] == ["pl1"]


def test_nothing_is_cited_where_nothing_carries() -> None:
    assert cite(context("I'm so sorry about this.", policy=(RETURNS, BROKEN))) == ()
    assert cite(context("You have 30 days.")) == ()
    assert LAMPWICK.follow_up_windows


@pytest.mark.parametrize(
    ("reply", "claims"),
    [
        ("If the late check-out was confirmed to you, the €25 is refunded.", False),
        ("A box that was ordered and isn't there means the breakfast is refunded.", False),
        ("Si el desayuno no estaba, queda reembolsado.", False),
        ("The €25 is refunded.", True),
        ("If you look at your account, the €25 is already refunded.", True),
        ("When I saw this I wrote to billing, and the €25 has been refunded.", True),
    ],
)
def test_what_policy_does_in_such_a_case_is_no_deed(reply: str, claims: bool) -> None:
    rule = "A confirmed late check-out or a breakfast that wasn't kept is refunded, €25 at most."
    checked = context(reply, policy=[rule], language="es" if "Si " in reply else "en")
    assert bool([*find_claims(checked)]) == claims


def test_a_rule_told_word_for_word_is_no_claim_of_a_deed() -> None:
    rule = "Money goes back the way it came; an order paid in two ways is refunded in both ways."
    told = "An order paid in two ways is refunded in both ways."
    claimed = "Your order is refunded."
    assert not list(find_ungrounded_specifics(context(told, policy=(rule,))))
    assert list(find_ungrounded_specifics(context(claimed, policy=(rule,))))


def test_the_writers_own_next_step_rests_on_no_policy() -> None:
    rule = "If the van doesn't arrive in the slot, you choose a new slot within 3 working days."
    step = "I'm finding out why the van didn't arrive in the slot and will write tomorrow."
    told = "If the van doesn't arrive in the slot, you choose a new one."
    assert cite(context(step, policy=(rule,))) == ()
    assert [citation.sentence for citation in cite(context(told, policy=(rule,)))] == [told]
