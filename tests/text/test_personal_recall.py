"""Personal data in our own sentences: most of it found, and hardly ever where there is none."""

from evals.guards.personal import ours
from evals.guards.personal_rows import own_texts
from evals.guards.spans import Row, Span, tally


def test_most_personal_data_is_found_in_our_sentences() -> None:
    counted = tally([one.row for one in own_texts()], ours)["all"]
    assert counted.f(2) >= 0.85


def test_few_harmless_sentences_raise_an_alarm() -> None:
    harmless = [one.row.text for one in own_texts() if not one.row.labels]
    assert sum(bool(ours(text)) for text in harmless) <= 0.03 * len(harmless)
    assert len(harmless) >= 120


def test_a_span_counts_by_half_and_one_word_names_count_neither_way() -> None:
    row = Row("Dear Ann, Jo Poe", (Span("name", 10, 16),), (Span("name", 5, 8),))
    counted = tally([row], lambda _: [Span("name", 5, 8), Span("name", 13, 16)])["all"]
    assert (counted.labels_found, counted.found, counted.right, counted.exact) == (1, 1, 1, 0)
