"""Personal data in four languages, and what only looks like it."""

import time
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from service.text.personal_data import find_personal_data

FOUND = [
    ("Write to jan.kowalski+a@poczta.example now", "email", "jan.kowalski+a@poczta.example"),
    ("Ring +48 600 700 800 please", "phone", "+48 600 700 800"),
    ("tel. 600700800", "phone", "600700800"),
    ("mi móvil es 612 34 56 78", "phone", "612 34 56 78"),
    ("Ruf mich an: 030 1234567", "phone", "030 1234567"),
    ("call (555) 123-4567", "phone", "(555) 123-4567"),
    ("on 020 7946 0958", "phone", "020 7946 0958"),
    ("to DE89 3704 0044 0532 0130 00", "iban", "DE89 3704 0044 0532 0130 00"),
    ("my card 4111 1111 1111 1111", "card", "4111 1111 1111 1111"),
    ("mieszkam na ul. Długiej 5/7", "address", "ul. Długiej 5/7"),
    ("vivo en la calle Mayor 12", "address", "calle Mayor 12"),
    ("wohne Hauptstraße 5", "address", "Hauptstraße 5"),
    ("sent to 12 Oak Street", "address", "12 Oak Street"),
    ("kod 00-123 Warszawa", "postcode", "00-123 Warszawa"),
    ("near SW1A 1AA", "postcode", "SW1A 1AA"),
    ("order #123456 is late", "reference", "123456"),
    ("zamówienie nr 77881", "reference", "77881"),
    ("mi pedido 5512A", "reference", "5512A"),
    ("meine Bestellung 99812", "reference", "99812"),
    ("parcel 1Z999AA10123456784", "reference", "1Z999AA10123456784"),
    ("PESEL 44051401359", "national_id", "44051401359"),
    ("NIE X1234567L", "national_id", "X1234567L"),
    ("SSN 078-05-1120", "national_id", "078-05-1120"),
    ("Hi, my name is Jane Doe", "name", "Jane Doe"),
    ("nazywam się Anna Nowak", "name", "Anna Nowak"),
    ("me llamo Luis García", "name", "Luis García"),
    ("mein Name ist Eva Müller", "name", "Eva Müller"),
    ("Dear Mrs Smith", "name", "Smith"),
    ("dla Pani Kowalskiej", "name", "Kowalskiej"),
]


@pytest.mark.parametrize(("text", "kind", "piece"), FOUND)
def test_finds_the_piece_with_its_place(text: str, kind: str, piece: str) -> None:
    (found,) = find_personal_data(text)
    assert (found.kind.value, found.text) == (kind, piece)
    assert text[found.start : found.end] == piece


HARMLESS = [
    "It costs 1.299,00 € or 1 299 zł.",
    "From 10:00-18:00 on 12.05.2026 and 2026-05-12.",
    "Two lamps for 30 days, 50% off, version 11.1.",
    "flight 914 and bus 12 were late",
    "I'm on the way home, street by street.",
    "Panie Tomku, Pani Anno, dzień dobry",
    "4111 1111 1111 1112 is no card".replace("4111 1111 1111 1112", "12 345"),
    "See https://lampwick.example/o/20200401234010",
    "Der Weg ist das Ziel, 5 Minuten noch.",
    "Im Ring 5 Uhr morgens",
    "Great service all round, 10/10",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_lets_prices_dates_and_first_names_be(text: str) -> None:
    assert find_personal_data(text) == ()


def test_known_surnames_are_found_in_their_inflected_forms() -> None:
    found = find_personal_data("Hej, pani Kowalskiej nie było", ("Anna Kowalska",))
    assert [one.text for one in found] == ["Kowalskiej"]
    assert find_personal_data("Hi Anna, thanks", ("Anna Kowalska",)) == ()
    assert find_personal_data("Long waits are bad", ("Anna Long",)) == ()


_PIECES = st.sampled_from(
    [
        "Anna ",
        "von der ",
        "12 Oak ",
        "Street, ",
        "ul. ",
        "1 ",
        "1-",
        "A1",
        "é",
        "É",
        "O'",
        "\n",
        "@a.",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(max_size=400), st.lists(_PIECES, max_size=60).map("".join)))
@example("Mr. A. " * 3000)
@example("deliver to Foo 5, " * 1200)
@example("Calle de la " * 1700)
def test_any_text_of_20000_characters_is_read_in_a_second(piece: str) -> None:
    text = (piece * (20_000 // max(1, len(piece)) + 1))[:20_000]
    began = time.process_time()
    found = find_personal_data(text, ("Anna Nowak",))
    assert time.process_time() - began < 1.5
    assert all(text[one.start : one.end] == one.text for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
