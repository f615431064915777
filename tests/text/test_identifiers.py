"""Bank accounts, cards and what states give out."""

from collections.abc import Callable, Iterator

import pytest

from service.text.identifiers import cards_in, ibans_in, national_ids_in

Finder = Callable[[str], Iterator[tuple[int, int]]]

FOUND: list[tuple[Finder, str, str]] = [
    (ibans_in, "my iban is gb82west12345698765432", "gb82west12345698765432"),
    (ibans_in, "na 61 1090 1014 0000 0712 1981 2874", "61 1090 1014 0000 0712 1981 2874"),
    (cards_in, "4111 1111 1111 1111", "4111 1111 1111 1111"),
    (cards_in, "my card 4111 1111 1111 1112", "4111 1111 1111 1112"),
    (national_ids_in, "NI number QQ 12 34 56 C", "QQ 12 34 56 C"),
    (national_ids_in, "Dowód osobisty ABC123456", "ABC123456"),
    (national_ids_in, "my driver's license number is 6940579", "6940579"),
]


@pytest.mark.parametrize(("find", "text", "piece"), FOUND)
def test_finds_the_number(find: Finder, text: str, piece: str) -> None:
    assert [text[slice(*place)] for place in find(text)] == [piece]


@pytest.mark.parametrize(
    ("find", "text"),
    [
        (ibans_in, "DE89 3704 0044 0532 0130 01"),
        (cards_in, "parcel 4111 1111 1111 1112"),
        (cards_in, "card 0000 0000 0000 0000"),
        (national_ids_in, "order 44051401358"),
        (national_ids_in, "tel 6940579"),
    ],
)
def test_leaves_other_numbers(find: Finder, text: str) -> None:
    assert list(find(text)) == []
