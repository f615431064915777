"""Length, slots, links and talk of deleting."""

import pytest

from service.domain.brand import Brand, Contact
from service.domain.checks import Severity
from service.domain.thread import Channel
from service.guards.form import mentions_deletion, placeholder_left, too_long, unlisted_link
from service.guards.reading import Label
from tests.guards.factories import context
from tests.guards.readings import read_as


@pytest.mark.parametrize(
    ("channel", "length", "limit", "severity"),
    [
        ("x", 281, 280, Severity.BLOCK),
        ("app_review", 351, 350, Severity.BLOCK),
        ("instagram", 601, 600, None),
        ("instagram", 2201, 2200, Severity.BLOCK),
        ("facebook", 701, 700, None),
        ("facebook", 8001, 8000, Severity.BLOCK),
        ("google_review", 5000, 4096, Severity.BLOCK),
        ("email", 1601, 1600, None),
    ],
)
def test_what_hangs_over_is_named(
    channel: str, length: int, limit: int, severity: Severity | None
) -> None:
    (hit,) = too_long(context("ż" * length, channel=channel))
    assert (hit.start, hit.end, hit.severity) == (limit, length, severity)


@pytest.mark.parametrize(
    ("channel", "length"), [("x", 280), ("app_review", 350), ("email", 1600), ("facebook", 700)]
)
def test_a_reply_that_fits_is_not_too_long(channel: str, length: int) -> None:
    assert list(too_long(context("a" * length, channel=channel))) == []


def test_brand_and_case_set_their_own_limits() -> None:
    wide = Brand(id="b", name="B", voice="v", contact=Contact(max_reply_chars={Channel.X: 1000}))
    assert not list(too_long(context("a" * 900, brand=wide)))
    (hit,) = too_long(context("a" * 120, max_chars=100))
    assert (hit.start, hit.severity) == (100, None)
    (hit,) = too_long(context("a" * 300, max_chars=400))
    assert hit.severity is Severity.BLOCK


SLOTS = [
    ("Hi [Name], sorry about this.", "[Name]"),
    ("Hi [customer's first name], sorry.", "[customer's first name]"),
    ("Hi {{name}}, sorry.", "{{name}}"),
    ("You'll hear from me {window}.", "{window}"),
    ("Your order <order_id> is late.", "<order_id>"),
    ("Your order XXX is late.", "XXX"),
    ("Sorry, TODO check the cause.", "TODO"),
    ("We'll be back by ____.", "____"),
    ("Hi (Name), sorry.", "(Name)"),
    ("[insert apology here] and a refund.", "[insert apology here]"),
    ("Dzień dobry [Imię], przepraszam.", "[Imię]"),
    ("Odpiszę do (data).", "(data)"),
    ("Hola [Nombre], lo siento.", "[Nombre]"),
    ("Hallo [Vorname], das tut mir leid.", "[Vorname]"),
    ("Am DD.MM.YYYY sind wir da.", "DD.MM.YYYY"),
    ("Hi %first_name%, sorry.", "%first_name%"),
    ("Sorry. Note to self: ask the packers.", "Note to self"),
    ("You'll have it on TBC.", "TBC"),
]
NO_SLOTS = [
    "Hi Jane (and the whole family), sorry about this.",
    "You wrote “it hums [sic] all night”, and it shouldn't.",
    "I <3 that photo, and I'm sorry about the lamp.",
    "Sorry... that should have come whole.",
    "Size XXL shades are out, sorry.",
    "See you soon xxx",
    "That is 50% of a lamp, not a lamp.",
    "The shade (model LW-20) is the one that cracks.",
    "It costs $20 and is worth less as it came.",
    "Todo lo que cuentas tiene razón.",
    "Przepraszam (naprawdę) za tę lampę.",
    "Das tut mir leid (wirklich).",
    "I'll insert a note in the parcel.",
    "Put your feet up, here comes a lamp.",
]


@pytest.mark.parametrize(("reply", "slot"), SLOTS)
def test_names_what_nobody_filled_in(reply: str, slot: str) -> None:
    hits = list(placeholder_left(context(reply)))
    assert [reply[hit.start : hit.end] for hit in hits] == [slot]


@pytest.mark.parametrize("reply", NO_SLOTS)
def test_ordinary_brackets_are_no_slots(reply: str) -> None:
    assert list(placeholder_left(context(reply))) == []


LINKS = [
    ("See https://lampwick.example/help/returns for it.", "https://lampwick.example/help/returns"),
    ("See lampwick.example.", "lampwick.example"),
    ("More on www.lamps.org!", "www.lamps.org"),
    ("Look at bit.ly/3xYz, please.", "bit.ly/3xYz"),
    ("Write on t.me/lampwick", "t.me/lampwick"),
    ("Go to http://lampwick.example/help", "http://lampwick.example/help"),
    ("(https://evil.test/a?b=c).", "https://evil.test/a?b=c"),
    ("Więcej na lampy.pl, proszę zajrzeć.", "lampy.pl"),
    ("Más en lamparas.es.", "lamparas.es"),
    ("Mehr auf lampen.de!", "lampen.de"),
    ("Try amazon.co.uk instead.", "amazon.co.uk"),
    ("Visit lampwick[.]com now.", "lampwick[.]com"),
]
NO_LINKS = [
    "See https://lampwick.example/help.",
    "Returns: lampwick.example/returns",
    "It's all here: (https://lampwick.example/help)!",
    "Sorry.It should have come whole.",
    "I'm sorry.No excuses.",
    "Write to care@lampwick.example.",
    "About 3.5 kg, at 9 a.m./p.m., e.g. today.",
    "Das gilt z.B. für Lampen, d.h. für alle.",
    "Version 2.0.1 of the app has it.",
    "Thanks for the photo.jpg you sent.",
    "Please help.Me and the packers will look.",
]


@pytest.mark.parametrize(("reply", "address"), LINKS)
def test_names_addresses_off_the_list(reply: str, address: str | None) -> None:
    hits = list(unlisted_link(context(reply)))
    assert [reply[hit.start : hit.end] for hit in hits] == ([address] if address else [])


@pytest.mark.parametrize("reply", NO_LINKS)
def test_lets_pass_listed_addresses_and_plain_text(reply: str) -> None:
    assert list(unlisted_link(context(reply))) == []


DELETING = [
    "We've removed your comment because of the language.",
    "Comments like this will be deleted.",
    "Could you take the review down now that it's solved?",
    "Would you mind deleting your post?",
    "I had to hide your comment.",
    "Your review has been removed.",
    "Please take down this tweet.",
    "We don't delete reviews.",
    "Usunęliśmy Pana komentarz.",
    "Proszę usunąć tę opinię.",
    "Takie komentarze będą usuwane.",
    "Hemos eliminado tu comentario.",
    "¿Podrías borrar la reseña?",
    "Kommentare wie deiner werden gelöscht.",
    "Bitte lösche deine Bewertung.",
    "Wir mussten deinen Beitrag leider ausblenden.",
]
NOT_DELETING = [
    "Please delete your post, it shows your order number.",
    "Better remove the comment with your phone number.",
    "Proszę usunąć komentarz z numerem telefonu.",
    "Mejor borra el mensaje como este con tu teléfono.",
    "Lösch den Kommentar besser, da steht deine Adresse drin.",
    "Thanks for your comment on the hidden fee.",
    "I'll remove the charge.",
    "Delete the app and install it again, then the review screen works.",
    "That took me down a bit, your review is fair.",
    "Dziękuję za ten komentarz.",
    "Gracias por tu reseña.",
    "Danke für deine Bewertung, die Kritik sitzt.",
]


@pytest.mark.parametrize("reply", DELETING)
def test_names_talk_of_deleting(reply: str) -> None:
    assert list(mentions_deletion(context(reply)))


@pytest.mark.parametrize("reply", NOT_DELETING)
def test_advice_on_own_data_is_no_deleting(reply: str) -> None:
    assert list(mentions_deletion(context(reply))) == []


def test_what_the_reader_takes_for_deleting_may_be_advice_on_own_data() -> None:
    deletes = {Label.MENTIONS_DELETION: 0.97}
    advice = context("Your number is there for all to see; do take it out of your comment.")
    assert list(mentions_deletion(read_as(advice, deletes))) == []
    hint = context("It would help us both if that could look a little friendlier.")
    assert list(mentions_deletion(read_as(hint, deletes)))
