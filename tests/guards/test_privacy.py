"""What must not be asked, shown or led away in public, in four languages."""

import pytest

from service.domain.thread import Channel, Complaint, KnownFact
from service.domain.triage import MoveKind
from service.guards.privacy import (
    asks_private_data_publicly,
    exposes_personal_data,
    off_platform_move,
)
from tests.guards.factories import LAMPWICK, context

ASKED = [
    "What's your order number? I'll look right away.",
    "Which email is linked to your account? Just drop it here.",
    "Please send the name on the account and the service address here.",
    "Could you share your phone number so I can check?",
    "I need your order number and postcode to find the parcel.",
    "May I have your full name, please?",
    "Reply with your date of birth and I'll unlock it.",
    "Tell me your zip code and I'll see what is near you.",
    "Send me a DM or post your order number here.",
    "Let me know the last name on the booking.",
    "Please write me your phone number and address below so that I can look.",
    "Could you write your order number under this post?",
    "Please write your address in a reply.",
    "Post your order number here, please.",
    "Comment your order number below.",
    "Pass me your order number and I'll chase it.",
    "Please let me see your order number here.",
    "Get back to me here with your phone number.",
    "Kindly fill in your e-mail address here.",
    "Indica tu número de pedido aquí.",
    "Poproszę o numer zamówienia, sprawdzę od ręki.",
    "Proszę podać adres e-mail i numer telefonu.",
    "Podaj tu swój numer zamówienia.",
    "Jaki jest numer klienta?",
    "¿Cuál es tu número de pedido?",
    "Dime tu correo electrónico y lo miro.",
    "Necesito tu DNI y la dirección de envío.",
    "¿Me das el número de teléfono por aquí?",
    "Schreib mir hier bitte deine Bestellnummer.",
    "Wie lautet Ihre Kundennummer?",
    "Nenn uns kurz deine E-Mail-Adresse.",
    "Ich brauche deine IBAN und das Geburtsdatum.",
]
NOT_ASKED = [
    "Send me your order number by direct message, please.",
    "Please DM @LampwickHelp. I'll need your order number there.",
    "What's your order number? Please keep it out of this thread and send me a direct message.",
    "Please don't post your order number here.",
    "No need to share your phone number.",
    "You'll find the order number in the confirmation email.",
    "Which lamp is it, and does it flicker from the start?",
    "What happened when you opened the parcel?",
    "Did the email with the label reach you?",
    "Tell me which shade came broken.",
    "Could you tell me what the screen shows?",
    "Thanks for the name of the shop.",
    "Poproszę o numer zamówienia w wiadomości prywatnej.",
    "Proszę nie podawać tu numeru telefonu.",
    "Która lampa przyszła zbita?",
    "¿Me mandas el número de pedido por mensaje directo?",
    "No publiques aquí tu número de pedido.",
    "¿Qué lámpara es?",
    "Schick mir die Bestellnummer bitte per Direktnachricht.",
    "Bitte poste hier keine Bestellnummer.",
    "Welche Lampe flackert denn?",
    "The returns page asks for nothing but the receipt.",
    "I'll write your order number into the claim.",
    "We write the address on every parcel.",
    "Post the lamp back to the address on the label.",
]


@pytest.mark.parametrize("reply", ASKED)
def test_names_questions_for_personal_data_in_public(reply: str) -> None:
    hits = list(asks_private_data_publicly(context(reply)))
    assert hits
    assert hits[0].start is not None


@pytest.mark.parametrize("reply", NOT_ASKED)
def test_lets_pass_private_ways_and_harmless_questions(reply: str) -> None:
    assert list(asks_private_data_publicly(context(reply))) == []


@pytest.mark.parametrize("reply", ASKED)
def test_asks_freely_in_a_private_thread(reply: str) -> None:
    assert list(asks_private_data_publicly(context(reply, channel="chat"))) == []
    private = context(reply, move=MoveKind.PRIVATE_REPLY)
    assert list(asks_private_data_publicly(private)) == []


AUTHOR = Complaint(
    text="Order 4471982 came broken, reach me on 600 700 800. I have diabetes and see badly.",
    author_name="Jane Doeringer",
)
EXPOSED = [
    ("Sorry Jane Doeringer, that lamp should have come whole.", "Doeringer"),
    ("Dear Ms Doeringer, I'm sorry.", "Doeringer"),
    ("I'm looking into order 4471982 now.", "4471982"),
    ("I'm looking at the order ending in 982.", "982"),
    ("I'll have someone ring 600 700 800.", "600 700 800"),
    ("The label went to 12 Oak Street.", "12 Oak Street"),
    ("Is jane.d@mail.example still right?", "jane.d@mail.example"),
    ("With your diabetes, light matters even more.", "diabetes"),
    ("Przepraszam, zamówienie nr 99120 dotrze cało.", "99120"),
    ("Paczka poszła na ul. Długą 5.", "ul. Długą 5"),
    ("Siento lo de la calle Mayor 12.", "calle Mayor 12"),
    ("Hallo Frau Doeringer, das tut mir leid.", "Doeringer"),
    ("Das Paket ging in die Hauptstraße 5.", "Hauptstraße 5"),
]


@pytest.mark.parametrize(("reply", "words"), EXPOSED)
def test_names_personal_data_in_public(reply: str, words: str) -> None:
    hits = list(exposes_personal_data(context(reply, complaint=AUTHOR)))
    assert [reply[hit.start : hit.end] for hit in hits] == [words]


NOT_EXPOSED = [
    "Hi Jane, I'm sorry your lamp came broken.",
    "You can return it within 30 days and pay €0 for postage.",
    "I'm sorry it came broken on 12 May, after 982 km of road.",
    "Two lamps, one bulb: that's 3 things gone wrong.",
    "The LW lamps come with a bulb, yours didn't.",
    "I'll be back here by 18:00 tomorrow.",
    "Hej Jane, przykro mi z powodu lampy.",
    "Hola Jane, siento lo de la lámpara.",
    "Hallo Jane, das tut mir leid.",
]


@pytest.mark.parametrize("reply", NOT_EXPOSED)
def test_lets_pass_what_points_to_nobody(reply: str) -> None:
    assert list(exposes_personal_data(context(reply, complaint=AUTHOR))) == []


def test_nothing_is_exposed_in_a_private_thread() -> None:
    private = context("Order 4471982 is here.", complaint=AUTHOR, channel="email")
    assert list(exposes_personal_data(private)) == []


NOTE = KnownFact(
    text="Payment bounced twice; the account is flagged for fraud. Refunded 45.90 EUR to the wife.",
    private=True,
)


@pytest.mark.parametrize(
    "reply",
    [
        "Your 45.90 EUR went back.",
        "The account was flagged, so it took longer.",
        "Because the payment bounced, the wife got the money.",
    ],
)
def test_names_what_leaks_a_private_note(reply: str) -> None:
    assert list(exposes_personal_data(context(reply, known=(NOTE,))))


def test_a_private_note_may_shape_a_reply() -> None:
    reply = "This is settled now, and I'm sorry for the wait. I've sent you the details by message."
    assert not list(exposes_personal_data(context(reply, known=(NOTE,))))
    public = context("Your 45.90 EUR went back.", known=(NOTE, "Refunded 45.90 EUR."))
    assert not list(exposes_personal_data(public))


LEAVING = [
    "Please call us and we'll sort it.",
    "Give us a ring tomorrow.",
    "You can reach us by phone.",
    "I'll give you a call this afternoon.",
    "Write to care@lampwick.example, please.",
    "Please email us the photos.",
    "Drop us an email with a photo.",
    "Message us on WhatsApp.",
    "Find us on Telegram and we'll help.",
    "Send us a message on Facebook instead.",
    "Our number is 0344 493 0787.",
    "Proszę zadzwonić na infolinię.",
    "Prosimy o kontakt telefoniczny.",
    "Napisz do nas na Instagramie.",
    "Llámanos y lo vemos.",
    "Escríbenos por WhatsApp.",
    "Escríbenos un correo con las fotos.",
    "Ruf uns bitte kurz an.",
    "Schreib uns eine E-Mail.",
    "Melde dich bei uns auf Facebook.",
]
STAYING = [
    "Send me a direct message, please.",
    "Message @LampwickHelp and I'll look.",
    "The help page explains it: https://lampwick.example/help",
    "Sorry that you had to call us three times.",
    "Three calls and no answer is too much.",
    "You'll get a confirmation by the shop.",
    "That's a call nobody should have to make.",
    "Calling it a lamp would be kind: it hardly glows.",
    "Your post on this lamp was fair.",
    "Proszę o wiadomość prywatną.",
    "Escríbeme por mensaje directo.",
    "Schreib mir bitte per Direktnachricht.",
    "I'm sorry that our phone line kept you waiting.",
    "The signal of the remote is weak, that is a known limit.",
]


@pytest.mark.parametrize("reply", LEAVING)
def test_names_ways_off_the_platform(reply: str) -> None:
    assert list(off_platform_move(context(reply)))


@pytest.mark.parametrize("reply", STAYING)
def test_lets_pass_the_same_platform(reply: str) -> None:
    assert list(off_platform_move(context(reply))) == []


@pytest.mark.parametrize(
    "reply",
    [
        "If anybody feels unwell, call the emergency number.",
        "Jeśli komuś jest słabo, proszę zadzwonić na numer alarmowy.",
        "Si alguien se siente mal, llama a emergencias.",
        "Bei Unwohlsein bitte den Notruf anrufen.",
    ],
)
def test_a_call_for_help_leaves_no_platform(reply: str) -> None:
    assert list(off_platform_move(context(reply))) == []


def test_messenger_is_home_on_facebook_only() -> None:
    reply = "Write to me on Messenger."
    assert not list(off_platform_move(context(reply, channel="facebook")))
    assert list(off_platform_move(context(reply, channel="x")))


def test_the_brands_own_way_is_no_other_place() -> None:
    way = {Channel.GOOGLE_REVIEW: "a chat in the Lampwick app, under Help"}
    contact = LAMPWICK.contact.model_copy(update={"private_channel": way})
    brand = LAMPWICK.model_copy(update={"contact": contact})
    reply = "Please open a chat in the Lampwick app, I'll go through it with you tonight."
    assert not list(off_platform_move(context(reply, brand=brand, channel="google_review")))
    assert list(off_platform_move(context(reply, channel="google_review")))


def test_mail_is_home_in_mail() -> None:
    reply = "Just answer, or write to care@lampwick.example."
    assert not list(off_platform_move(context(reply, channel="email")))


def test_the_polish_word_for_not_is_no_spanish_id_number() -> None:
    good = "Obelgi zostawiam na boku, bo nie ma na nie tutaj miejsca."
    asked = "¿Me puedes dar tu NIE por aquí?"
    assert not list(asks_private_data_publicly(context(good, language="pl")))
    assert list(asks_private_data_publicly(context(asked, language="es")))


@pytest.mark.parametrize(
    "reply", ["Here is what applies: you get it back.", "I don't know what appears on your screen."]
)
def test_words_that_begin_like_a_messenger_are_none(reply: str) -> None:
    assert not list(off_platform_move(context(reply)))


@pytest.mark.parametrize("name", ["WhatsApp", "whats app", "Whatsapp's chat", "What App"])
def test_a_messenger_is_known_however_it_is_written(name: str) -> None:
    assert list(off_platform_move(context(f"Please write to us on {name}.")))


def test_a_chat_that_the_rule_itself_names_is_no_way_off() -> None:
    reply = "Please open a chat in our app under Help with a photo of it."
    assert list(off_platform_move(context(reply)))
    rule = "Damage is reported within 48 hours with a photo, by chat in the app under Help."
    assert list(off_platform_move(context(reply, policy=[rule]))) == []
    call = "Please call us, the rule says so."
    assert list(off_platform_move(context(call, policy=["Damage is reported by calling us."])))
