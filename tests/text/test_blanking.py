import pytest

from service.text.blanking import blank_specifics


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
