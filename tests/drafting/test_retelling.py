"""The customer's own words, said back; and what had better not be."""

import pytest

from service.domain.triage import Issue, Span
from service.drafting.retelling import plainly_sorry, retold


def points(*texts: str, weight: float = 0.9) -> list[Issue]:
    ends = [sum(len(one) + 1 for one in texts[: n + 1]) for n in range(len(texts))]
    return [
        Issue(text=text, span=Span(start=end - len(text), end=end, text=text), weight=weight)
        for text, end in zip(texts, ends, strict=True)
    ]


def told(*texts: str, complaint: str | None = None, weight: float = 0.9) -> str | None:
    said = complaint or " ".join(texts)
    return retold(points(*texts, weight=weight), said, language="en")


def test_a_clause_stands_behind_sorry() -> None:
    assert told("You put my novel on the bottom shelf.") == (
        "I'm sorry that we put your novel on the bottom shelf."
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Got into Gdańsk 2 hrs 20 late on Saturday",
            "you got into Gdańsk 2 hrs 20 late on Saturday",
        ),
        ("Woke up to 34.99 instead of 19.99", "you woke up to 34.99 instead of 19.99"),
        ("Been on hold since ten this morning", "you've been on hold since ten this morning"),
        ("Had to carry it up myself", "you had to carry it up yourself"),
    ],
)
def test_who_left_out_their_i_is_spoken_to(text: str, said: str) -> None:
    assert told(text) == f"I'm sorry that {said}."


@pytest.mark.parametrize(
    "text",
    [
        "My neighbour let the parcel stand in the rain all day.",
        "I told your desk about it twice and nobody wrote it down.",
        "My wife got soaked at your stop for an hour.",
    ],
)
def test_who_suffered_or_was_not_heard_is_told(text: str) -> None:
    assert told(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Arrived with a dent in the side.",
        "Sent the wrong colour twice now.",
        "Told it would take ten days.",
        "Booked seats in row four were taken.",
        "Lost my suitcase in Nantes again.",
        "Went back on your word about the refund.",
        "Tried to charge me twice for one bag.",
        "Called me at six on a Sunday.",
        "Explained nothing, just dumped the boxes.",
        "Drove off with my parcel in the van.",
        "Ordered to leave the shop by your guard.",
        "Sat on my refund for a month.",
        "Gave up halfway and left the sofa outside.",
        "Took the day off while I waited.",
    ],
)
def test_where_the_brand_may_be_meant_nobody_is_put_in(text: str) -> None:
    said = (told(text) or "").lower()
    assert f"you {text.split()[0].lower()}" not in said


def test_a_phrase_stands_before_it() -> None:
    said = told("four metre trench through my oak hallway")
    assert said is not None
    assert said.startswith("Four metre trench through your oak hallway: ")
    assert "sorry" in said


def test_two_points_keep_their_order_and_one_capital() -> None:
    said = told("Paid £110 on top for that.", "Nobody ever rang me back about it.")
    assert said is not None
    assert said.index("£110") < said.index("nobody ever rang you back")


def test_a_name_keeps_its_capital() -> None:
    whole = "The lesson of Milo was half over. Milo never got his skis."
    said = told("Cold soup for thirty quid again.", "Milo never got his skis.", complaint=whole)
    assert said is not None
    assert "Milo never got" in said


def test_a_question_that_tells_what_happened_is_told() -> None:
    assert (
        told("And you charge me four quid for it?")
        == "I'm sorry that we charge you four quid for it."
    )


@pytest.mark.parametrize(
    "text",
    [
        "Why do you keep showing me Rovinj.",
        "If I ask today, when does it start?",
        "What time do you open on Sundays",
        "Now what, do you just shrug?",
        "Please send me the invoice for March.",
        "I want my forty quid back now.",
        "I'm leaving for your competitor next month.",
        "The website says you can come without booking.",
        "I had a great time admiring the departure board.",
        "Your driver stole my parcel from the porch.",
        "You useless lot never answer the phone.",
        "They shouted 'give us till nine' at my kids.",
        "It came 😡 with a hole in it.",
        "See https://x.example/pic for the state of it.",
        "My number is 770441203 and nobody rings it.",
        "Cold soup.",
        "I gather that one may hand it back for a month.",
        "I'd really like to wear it before Easter.",
        "So five pounds a bag it is?",
        "My neighbour had the very same fault and got it paid.",
        "A friend of mine was given a new one in March.",
        "Told the conductor straight away.",
        "Mentioned it to the girl at the till.",
    ],
)
def test_what_is_no_telling_is_left_alone(text: str) -> None:
    assert told(text) is None


def test_what_weighs_little_is_left_alone() -> None:
    assert told("I only went for a sandwich and a coffee.", weight=0.05) is None


def test_nothing_is_said_in_a_language_without_words() -> None:
    assert retold(points("Die Suppe war kalt und teuer."), "x", language="de") is None
    assert plainly_sorry("x", language="de") is None


def test_plain_words_differ_from_neighbour_to_neighbour() -> None:
    said = {plainly_sorry(f"complaint {n}", language="en") for n in range(20)}
    assert len(said) > 2
    assert all(one and "sorry" in one for one in said)
