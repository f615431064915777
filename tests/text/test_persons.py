"""A customer's sentence, turned round for the brand to say back."""

import pytest

from service.text.persons import turned_round


@pytest.mark.parametrize(
    ("said", "back"),
    [
        (
            "My lamp came broken and I'm out of pocket",
            "Your lamp came broken and you're out of pocket",
        ),
        ("I was told you'd ring me", "You were told we'd ring you"),
        ("It is 7 am and I am still waiting", "It is 7 am and you are still waiting"),
        (
            "Sent the jacket off and you say it never came",
            "Sent the jacket off and we say it never came",
        ),
        ("And YOU charge ME four quid", "And we charge you four quid"),
        ("I gave you the date, and you never wrote", "You gave us the date, and we never wrote"),
        ("I told you twice about our dog", "You told us twice about your dog"),
        ("your driver left it with you know who", "Our driver left it with us know who"),
        ("We’ve paid you", "You've paid us"),
        ("Łódź train, mine was the 7:12", "Łódź train, yours was the 7:12"),
        ("…", "…"),
        ("", ""),
    ],
)
def test_persons_change_places(said: str, back: str) -> None:
    assert turned_round(said) == back
