"""Full names of any people, and the capitalised words that are none."""

import pytest

from service.text.people import introduced_names, names_in

FULL = [
    ("I spoke to Priya Raghunathan in billing", "Priya Raghunathan"),
    ("it says Wojciech Szczepański on it", "Wojciech Szczepański"),
    ("a note by J. P. Harrington", "J. P. Harrington"),
    ("under Shane M Culp, I think", "Shane M Culp"),
    ("Danke, Annegret von Bülow", "Annegret von Bülow"),
    ("gracias, José Ignacio de la Fuente", "José Ignacio de la Fuente"),
    ("Luis García Pérez firmó", "Luis García Pérez"),
    ("Thanks, Jean-Luc Moreau", "Jean-Luc Moreau"),
    ("Ask Nguyen Thi Lan, please", "Nguyen Thi Lan"),
    ("to jest Małgorzata Nowak-Jeziorańska", "Małgorzata Nowak-Jeziorańska"),
    ("od Tomasza Zielińskiego", "Tomasza Zielińskiego"),
    ("my neighbour Hassan Al-Mansouri's phone", "Hassan Al-Mansouri"),
    ("Your driver Bartholomew Quill was rude", "Bartholomew Quill"),
    ("Mr. Whitcombe was rude", "Whitcombe"),
    ("Sehr geehrte Frau Dr. Karaca", "Dr. Karaca"),
    ("my name is laura jenkins and", "laura jenkins"),
    ("pozdrawiam, anna kowalska", "anna kowalska"),
    ("He said so. ANNA NOWAK", "ANNA NOWAK"),
]


@pytest.mark.parametrize(("text", "name"), FULL)
def test_finds_full_names(text: str, name: str) -> None:
    assert [text[slice(*place)] for place in names_in(text)] == [name]


NO_NAMES = [
    "Hi Tom, thanks.",
    "Thanks Sarah, Really kind",
    "Dear Anna and Tom",
    "Juan Carlos me atendió",
    "John Lewis and Calvin Klein are shops",
    "Customer Service, New York",
    "Anna Smith Ltd sold it",
    "Mark Price up again",
    "May I ask? Will Amazon pay?",
    "Meine Frau Anna wartet",
    "Ich habe Lena Bescheid gegeben",
    "W Galerii Krakowskiej",
    "el Reino Unido y Francia",
    "We're sorry. Tom Baker, Lampwick Customer Care",
    "Przykro nam.\nAnna Nowak\nZespół Obsługi Klienta",
    "- JB",
    "^Tom",
    "The Black Forest Gateau",
    "my name is on the account",
    "@AnnaNowak #AnnaNowak",
    "the branch on S. Cooper St. in Arlington",
]


@pytest.mark.parametrize("text", NO_NAMES)
def test_first_names_brands_and_signatures_are_no_full_names(text: str) -> None:
    assert list(names_in(text)) == []


def test_an_agent_that_a_customer_names_is_a_person() -> None:
    text = "I spoke to Tom Baker, customer service agent, and he hung up on me twice."
    assert [text[slice(*place)] for place in names_in(text)] == ["Tom Baker"]


def test_introduced_names_are_given_in_full() -> None:
    assert introduced_names("Hi, my name is Jane Doe.") == ("Jane Doe",)
