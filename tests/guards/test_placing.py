"""Who speaks in a reply."""

import pytest

from service.guards.placing import speaks_as_customer
from tests.guards.factories import context

COMPLAINT = "I was charged twice for one lamp and nobody answers my mails. Your staff is rude."
AS_CUSTOMER = [
    "I was charged twice, please help.",
    "Nobody answers my mails, this is a joke.",
    "My parcel never arrived and it's been weeks.",
    "I ordered a lamp and got a shade.",
    "Your staff was rude to me on the phone.",
    "I've been waiting for three weeks now.",
    "I want my money back.",
    "The dryer has been sitting in your warehouse for three weeks.",
    "Thank you, I'm glad your spare parts people found the hinge.",
    "Die Spüle steht seit Wochen in eurem Lager.",
    "Please help me with this lamp.",
    "We still haven't received our refund.",
    "Your customer service never answers.",
    "Zamówiłam lampę i nie dostałam nic.",
    "Moja paczka nie dotarła.",
    "Wasza obsługa jest niemiła.",
    "Mi pedido no ha llegado.",
    "Me cobraron dos veces la lámpara.",
    "Mein Paket ist nicht angekommen.",
    "Ich habe vor drei Wochen eine Lampe bestellt.",
    "Ich will mein Geld zurück.",
]
AS_BRAND = [
    "You've not seen a penny of it, and you haven't seen a cent of the rest: I'm sorry.",
    "Being charged twice for one lamp is wrong, and I'm sorry.",
    "You were charged twice and nobody answered you: that was our miss.",
    "You wrote “I was charged twice”, and I can see why that stings.",
    "Our staff should have been kinder to you.",
    "I'd be angry too if my parcel never arrived.",
    "I ordered a replacement for you.",
    "I haven't received your message yet, could you send it again?",
    "My apologies, my colleague will write tomorrow.",
    "I want to get your money back to you.",
    "Your order should have been with you by now.",
    "Your lamp was packed badly.",
    "Please bring it to your nearest depot.",
    "Your lamp has been sitting in our warehouse for three weeks.",
    "I need to check this with the packers.",
    "Pani paczka powinna już być na miejscu.",
    "Na Pani miejscu też chciałabym zwrotu.",
    "Tu pedido no ha llegado y lo siento.",
    "Dein Paket ist nicht angekommen, das tut mir leid.",
    "Ich habe eine neue Lampe für dich bestellt.",
    "Ihr Paket ist unterwegs verloren gegangen, das tut mir leid.",
]


@pytest.mark.parametrize("reply", AS_CUSTOMER)
def test_names_replies_in_the_customers_place(reply: str) -> None:
    hits = list(speaks_as_customer(context(reply, complaint=COMPLAINT)))
    assert len(hits) == 1


@pytest.mark.parametrize("reply", AS_BRAND)
def test_lets_pass_the_brand_speaking(reply: str) -> None:
    assert list(speaks_as_customer(context(reply, complaint=COMPLAINT))) == []


def test_what_the_customer_calls_yours_is_not_theirs() -> None:
    complaint = "Your vans cut through our lane and your driver just laughed."
    wrong = "I'm sorry that your van took the corner off your wall."
    right = "I'm sorry that our van took the corner off your wall. Your driveway matters to me."
    assert len(list(speaks_as_customer(context(wrong, complaint=complaint)))) == 1
    assert not list(speaks_as_customer(context(right, complaint=complaint)))
    assert not list(speaks_as_customer(context("Your driver comes at nine.")))
