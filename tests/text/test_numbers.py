"""Numbers in digits and in words."""

import pytest

from service.text.folding import fold
from service.text.numbers import digitise, parse_number


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("1.299,00", "1299"),
        ("1,299.50", "1299.5"),
        ("1 299", "1299"),
        ("12.5", "12.5"),
        ("007", "7"),
    ],
)
def test_parses_both_decimal_marks(written: str, plain: str) -> None:
    assert parse_number(written) == plain


@pytest.mark.parametrize(
    ("words", "digits"),
    [
        ("twenty-four", "24"),
        ("two hundred", "200"),
        ("dwadzieścia pięć", "25"),
        ("treinta y dos", "32"),
        ("fünfundvierzig", "45"),
        ("nobody", "nobody"),
        ("ten produkt", "ten produkt"),
    ],
)
def test_writes_number_words_as_digits(words: str, digits: str) -> None:
    assert digitise(fold(words)).text == digits


def test_folding_keeps_every_place() -> None:
    text = "İŻÓŁĆ „ß’ ½ ﬁ ２\u200b\u202e"
    assert len(fold(text)) == len(text)
