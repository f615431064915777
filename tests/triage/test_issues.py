import pytest

from service.triage.issues import pick_issues, split_points


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("It came late, and also the lid is cracked.", 2),
        ("Przyszła rozbita, a do tego nikt nie odbiera.", 2),
        ("Llegó tarde, y además la tapa está rota.", 2),
        ("Kam zu spät, außerdem ist der Deckel kaputt.", 2),
        ("The lid is cracked and the box was wet.", 1),
        ("Late. Broken. Rude.", 3),
        ("", 0),
    ],
)
def test_a_turn_of_phrase_opens_a_new_point(text: str, points: int) -> None:
    found = split_points(text)
    assert len(found) == points
    assert all(text[p.start : p.end] == p.text for p in found)


def test_asides_are_left_out_and_places_are_true() -> None:
    text = "Hi there everyone. The lid is cracked. Cheers and best wishes."
    issues = pick_issues(split_points(text), [0.02, 0.9, 0.05])
    assert [issue.text for issue in issues] == ["The lid is cracked."]
    span = issues[0].span
    assert text[span.start : span.end] == span.text


def test_where_nothing_stands_out_the_strongest_point_is_kept() -> None:
    issues = pick_issues(split_points("Well well. Here we go again."), [0.02, 0.05])
    assert [issue.text for issue in issues] == ["Here we go again."]
