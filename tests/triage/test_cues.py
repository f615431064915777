import pytest

from service.domain.triage import Sensitivity
from service.triage.cues import has_cue, sensitivities_of

SEEN = [
    ("There were sparks from the plug and the kitchen filled with smoke", Sensitivity.SAFETY),
    ("Z gniazdka poszedł dym i strach tego używać", Sensitivity.SAFETY),
    ("Saltaron chispas del enchufe", Sensitivity.SAFETY),
    ("Es roch verbrannt und dann kam Rauch raus", Sensitivity.SAFETY),
    ("You will hear from my solicitor", Sensitivity.LEGAL_THREAT),
    ("Zgłaszam to do UOKiK", Sensitivity.LEGAL_THREAT),
    ("I could see another customer's orders in my account", Sensitivity.DATA_BREACH),
    ("My mother is 84 and cannot carry it down", Sensitivity.VULNERABLE),
]
NOT_SEEN = [
    "He fired up the oven and it was lovely",
    "I was shocked by the price",
    "The sparkling water maker is late",
    "Kolor lampy jest inny niż na zdjęciu",
    "El color no es el de la foto",
    "Die Farbe stimmt nicht",
]


@pytest.mark.parametrize(("text", "sensitivity"), SEEN)
def test_what_asks_for_careful_hands(text: str, sensitivity: Sensitivity) -> None:
    assert sensitivity in sensitivities_of(text)


@pytest.mark.parametrize("text", NOT_SEEN)
def test_what_only_sounds_like_it(text: str) -> None:
    assert sensitivities_of(text) == ()


def test_reach_counts_as_press() -> None:
    assert sensitivities_of("The lid is cracked", followers=80_000) == (Sensitivity.PRESS,)


@pytest.mark.parametrize(
    ("text", "abusive"),
    [
        ("you brain dead scum", True),
        ("wy debile jesteście", True),
        ("sois unos gilipollas", True),
        ("ihr seid solche Arschlöcher", True),
        ("this is absolute bollocks, the lamp is shit", False),
        ("kurczę, znowu nie działa", False),
        ("vaya mierda de lámpara", False),
        ("verdammt, schon wieder kaputt", False),
    ],
)
def test_swearing_at_things_is_no_abuse(text: str, abusive: bool) -> None:
    assert has_cue("abuse", text) is abusive
