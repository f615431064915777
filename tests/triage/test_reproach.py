import pytest

from service.triage.hate import read_hostility
from service.triage.reproach import Reproach, reproach_in


@pytest.mark.parametrize(
    ("language", "text", "reproach"),
    [
        ("en", "Withy Boats are thieves, give me my deposit back", (True, True)),
        ("pl", "Withy Boats to złodzieje, oddajcie kaucję", (True, True)),
        ("es", "Withy Boats sois unos ladrones, devolvedme la fianza", (True, True)),
        ("de", "Withy Boats sind Diebe, gebt mir meine Kaution zurück", (True, True)),
        ("de", "Betrüger, gebt mir mein Geld zurück", (True, True)),
        ("en", "Your skipper is a moron and you are thieves, refund me", (True, False)),
        ("en", "Fucking thieves, give me my money back", (True, False)),
        ("pl", "Wasz kierowca to debil i złodziej, oddajcie kaucję", (True, False)),
        ("es", "Sois unos gilipollas, devolvedme la fianza", (True, False)),
        ("de", "Ihr Arschlöcher, gebt mir meine Kaution zurück", (True, False)),
        ("en", "You thieves", (False, True)),
        ("en", "Thank you for sending the deposit so quickly", (False, False)),
        ("en", "They stole the show, give us more of them!", (False, True)),
    ],
)
def test_a_reproach_is_told_from_an_insult_and_a_demand_is_heard(
    language: str, text: str, reproach: tuple[bool, bool]
) -> None:
    assert reproach_in(text, read_hostility(text, language)) == Reproach(*reproach)
