"""Two uses of one template look the same once masked; two replies of their own do not."""

import pytest

from service.text.masking import mask

TWINS = [
    (
        "Hi Jane, sorry about order #12345! We'll refund €50 by 12 May. ^JS",
        "hi Tom, sorry about order 99887. We'll refund £20.50 by Friday!! ^AB",
    ),
    (
        "Dzień dobry Panie Marku, przykro nam. Odpiszemy w 3 dni. Anna",
        "Dzień dobry Panie Janie, przykro nam! Odpiszemy w 5 dni. Ewa",
    ),
    ("Hola Ana, escríbenos a https://a.example/x.", "Hola Luis, escríbenos a http://b.example"),
    ("Hallo Eva, das tut mir leid. @eva_1", "Hallo Tim, das tut mir leid – @tim"),
    ("Sorry, Ben! Call 020 7946 0958.", "Sorry, Ann! Call 020 7946 0111."),
]


@pytest.mark.parametrize(("one", "other"), TWINS)
def test_twins_of_a_template_are_equal(one: str, other: str) -> None:
    assert mask(one) == mask(other)


def test_what_is_said_stays() -> None:
    assert mask("Your lamp hums, Jane.") != mask("Your shade is torn, Jane.")
    assert mask("  Sorry…   ABOUT\nthat! ") == "sorry about that"
    assert mask("") == ""
