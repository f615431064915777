import pytest

from service.domain.triage import Sensitivity
from service.triage.plain_words import plainly_said

SEEN = [
    ("There were sparks from the plug!", Sensitivity.SAFETY),
    ("Z gniazdka poszedł dym i strach tego używać", Sensitivity.SAFETY),
    ("Saltaron chispas del enchufe", Sensitivity.SAFETY),
    ("Es roch verbrannt und dann kam Rauch raus", Sensitivity.SAFETY),
    ("The bench gave way under my gran", Sensitivity.SAFETY),
    ("The chair broke and I fell.", Sensitivity.SAFETY),
    ("Krzesło załamało się pod moją babcią", Sensitivity.SAFETY),
    ("La silla se hundió conmigo encima", Sensitivity.SAFETY),
    ("Das Bett ist unter uns eingebrochen", Sensitivity.SAFETY),
    ("You will hear from my solicitor", Sensitivity.LEGAL_THREAT),
    ("Zgłaszam to do UOKiK", Sensitivity.LEGAL_THREAT),
    ("I could see another customer's orders", Sensitivity.DATA_BREACH),
    ("My mother is 84 and cannot carry it down", Sensitivity.VULNERABLE),
]
NOT_SEEN = [
    "He fired up the oven and it was lovely",
    "I was shocked by the price",
    "The sparkling water maker is late",
    "The shelf broke while I was away",
    "Der Kurs ist unter 5 eingebrochen",
    "El sistema se cayó con mi pedido",
    "Kolor lampy jest inny niż na zdjęciu",
    "El color no es el de la foto",
    "Die Farbe stimmt nicht",
]


@pytest.mark.parametrize(("text", "sensitivity"), SEEN)
def test_what_asks_for_careful_hands(text: str, sensitivity: Sensitivity) -> None:
    assert sensitivity in plainly_said(text)


@pytest.mark.parametrize("text", NOT_SEEN)
def test_what_only_sounds_like_it(text: str) -> None:
    assert plainly_said(text) == frozenset()


def test_longer_posts_are_the_readers() -> None:
    assert plainly_said("You will hear from my solicitor. " * 3) == frozenset()
