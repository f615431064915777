import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.text.sentences import split_sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It came late. And broken!", ["It came late.", "And broken!"]),
        ("Dr. Smith rang at 5 p.m. about it", ["Dr. Smith rang at 5 p.m. about it"]),
        ("Am 12. Mai bestellt. Nichts da.", ["Am 12. Mai bestellt.", "Nichts da."]),
        ("Paczka nr 12 ok. 3 dni temu. Cisza.", ["Paczka nr 12 ok. 3 dni temu.", "Cisza."]),
        ("first line\nsecond line", ["first line", "second line"]),
        ("", []),
        ("   ", []),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert [sentence.text for sentence in split_sentences(text)] == sentences


@given(st.text(max_size=400))
def test_places_are_true(text: str) -> None:
    for sentence in split_sentences(text):
        assert text[sentence.start : sentence.end] == sentence.text
