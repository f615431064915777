import pytest

from service.text.belongings import brand_things


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("Your vans block our lane", ["van"]),
        ("your spare parts people found it in your warehouse", ["people", "warehouse"]),
        ("your order and your mother", []),
        ("", []),
    ],
)
def test_what_customers_call_yours_is_the_brands(text: str, things: list[str]) -> None:
    assert [thing for _, _, thing in brand_things(text)] == things


def test_places_are_true() -> None:
    text = "So your two drivers laughed."
    ((start, end, _),) = brand_things(text)
    assert text[start:end] == "your two drivers"
