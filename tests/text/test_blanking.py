import pytest

from service.text.blanking import blank_details, blank_specifics
from service.text.sentences import split_sentences


@pytest.mark.parametrize(
    ("reply", "blanked"),
    [
        ("You get €25 back within 5 working days.", "You get … back within …."),
        ("Piszę do 18:00 jutro.", "Piszę do …."),
        ("I'm sorry the door is bent.", "I'm sorry the door is bent."),
    ],
)
def test_facts_of_other_cases_are_blanked(reply: str, blanked: str) -> None:
    assert blank_specifics(reply) == blanked


@pytest.mark.parametrize(
    ("text", "blanked"),
    [
        (
            "Back by Friday. Booking W-33812, Helen Marsh, 07700 900412.",
            ["Back by Friday.", "Booking …, …, …."],
        ),
        ("Bring it back.\nHelen Marsh\n07700 900412", ["Bring it back.", "…", "…"]),
        ("Proszę o zwrot, Jan Kowalski, jan@poczta.example", ["Proszę o zwrot, …, …"]),
        ("Order 77120 never came.", ["Order 77120 never came."]),
        (
            "Code 448120 does not open the box, and I typed my number in right: 07700 900412.",
            ["Code 448120 does not open the box, and I typed my number in right: 07700 900412."],
        ),
        ("The door is bent.", ["The door is bent."]),
    ],
)
def test_only_details_that_stand_side_by_side_are_blanked(text: str, blanked: list[str]) -> None:
    assert blank_details(text, split_sentences(text)) == blanked
