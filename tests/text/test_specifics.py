"""Specifics read the same, however and in whichever of four languages they are written."""

import pytest

from service.text.specifics import SpecificKind, find_specifics, granted_by

SAME = [
    ("amount", ["€50", "50 euros", "50 EUR", "50,00 €", "fifty euros", "50 Euro", "EUR 50"]),
    ("amount", ["50 zł", "50 PLN", "50 złotych", "pięćdziesiąt złotych", "50,00 zł"]),
    ("amount", ["$12.99", "12,99 USD", "12.99 dollars", "12,99 $"]),
    ("amount", ["1.299,00 €", "1,299 euros", "1 299,00 €", "€1299"]),
    ("amount", ["£5", "5 pounds", "5 quid", "five pounds", "5 funtów", "5 funtami", "5 libras"]),
    ("amount", ["£500", "pięćset funtów", "pięciuset funtów", "quinientas libras"]),
    (
        "amount",
        ["£500", "fünfhundert Pfund", "500,- £", "500 Pfund Sterling"],
    ),
    ("amount", ["£250", "two hundred and fifty pounds", "zweihundertfünfzig Pfund"]),
    ("amount", ["£250", "dwieście pięćdziesiąt funtów", "doscientas cincuenta libras"]),
    ("amount", ["500 zł", "500 złotymi", "500 złotówek", "500 polnische Zloty"]),
    ("amount", ["300 CHF", "dreihundert Franken", "300 Schweizer Franken", "trzysta franków"]),
    ("amount", ["300 CHF", "trescientos francos suizos", "300 Swiss francs"]),
    ("amount", ["$40", "40 dolarów", "40 dolarami", "40 dólares", "40 US dollars", "40 US-Dollar"]),
    ("amount", ["$40", "40 pesos", "40 MXN", "40 pesos mexicanos"]),
    ("percentage", ["10%", "10 percent", "10 procent", "10 por ciento", "zehn Prozent"]),
    ("duration", ["two weeks", "14 days", "14 dni", "dwa tygodnie", "dos semanas", "zwei Wochen"]),
    ("duration", ["48h", "48 hours", "2 days", "forty-eight hours", "dwa dni", "48 Stunden"]),
    ("duration", ["cuarenta y ocho horas", "achtundvierzig Stunden", "czterdzieści osiem godzin"]),
    ("duration", ["5 working days", "five business days", "5 dni roboczych", "5 días hábiles"]),
    ("duration", ["3-5 working days", "3 to 5 business days", "3 bis 5 Werktage"]),
    ("duration", ["within a week", "w ciągu tygodnia", "innerhalb einer Woche", "7 days"]),
    ("duration", ["30 days", "thirty-day", "30-dniowy", "treinta días", "30 Tage"]),
    ("date", ["12 May", "May 12th", "12.05.", "12 maja", "12 de mayo", "12. Mai", "12th of May"]),
    ("date", ["2026-05-12", "12.05.2026", "12 May 2026", "May 12, 2026", "12 de mayo de 2026"]),
    ("clock", ["18:00", "6pm", "6 p.m.", "18 Uhr", "6:00 pm", "18.00 Uhr"]),
    ("weekday", ["Friday", "w piątek", "el viernes", "am Freitag"]),
    ("reference", ["#123456", "order 123456", "zamówienie nr 123456", "pedido 123456"]),
    ("percentage", ["9 out of 10", "90%", "9 von 10", "9 de cada 10"]),
]


@pytest.mark.parametrize(("kind", "spellings"), SAME)
def test_spellings_of_one_value_meet(kind: str, spellings: list[str]) -> None:
    found = [find_specifics(f"It is {spelling} here") for spelling in spellings]
    assert [len(one) for one in found] == [1] * len(spellings)
    assert {one[0].kind.value for one in found} == {kind}
    shared = frozenset.intersection(*(one[0].readings for one in found))
    assert shared


DIFFERENT = [
    ("5 working days", "5 days"),
    ("€50", "50 zł"),
    ("3-5 days", "3 days"),
    ("12 May", "13 May"),
    ("6 pm", "6 am"),
    ("30 days", "one month"),
    ("10%", "10 euros"),
    ("40 dollars", "40 pesos"),
    ("40 funtów", "40 franków"),
]


@pytest.mark.parametrize(("reply", "source"), DIFFERENT)
def test_unlike_values_stay_apart(reply: str, source: str) -> None:
    (one,) = find_specifics(reply)
    assert not one.readings & granted_by((source,))


def test_a_range_vouches_for_its_upper_end() -> None:
    (upper,) = find_specifics("within 5 working days")
    assert upper.readings & granted_by(("It takes 3-5 working days.",))


NOTHING = [
    "I may be a while, and once more: sorry.",
    "Guten Morgen und einen schönen Tag!",
    "Mañana por la mañana lo miro",
    "ten dzień był zły",
    "a few days, soon",
    "24/7",
    "You had one job.",
]


@pytest.mark.parametrize("text", NOTHING)
def test_vague_words_are_no_specifics(text: str) -> None:
    vague = {SpecificKind.COUNT, SpecificKind.NUMBER, SpecificKind.WEEKDAY}
    assert [one.text for one in find_specifics(text) if one.kind not in vague] == []


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("Sorry! We pay fifty euros back.", "fifty euros"),
        ("😀😀 wait forty-eight hours now", "forty-eight hours"),
        ("Lampe: dreißig Tage Zeit", "dreißig Tage"),
        ("Bis 18 Uhr, ok", "18 Uhr"),
    ],
)
def test_places_are_those_of_the_written_text(text: str, piece: str) -> None:
    (one,) = find_specifics(text)
    assert text[one.start : one.end] == one.text == piece


def test_addresses_hold_no_specifics() -> None:
    assert find_specifics("see https://lampwick.example/2026/05/12/30-days") == ()
