from service.knowledge.chunking import chunk
from service.knowledge.ranking import Calibration, PartScores, Piece, fuse, search_terms

FLAT = Calibration(floor=0.8, ceiling=0.9, cut_off=0.4, word_weight=0.5, enough_bm25=8.0)


def piece(ref: str, vector: float | None, text: float | None) -> Piece:
    return Piece(ref, f"text of {ref}", PartScores(vector, text))


def test_either_search_can_find_and_both_count_more() -> None:
    ranked = fuse(
        [[piece("meaning", 0.88, None), piece("both", 0.88, 6.0), piece("words", None, 6.0)]],
        calibration=FLAT,
        limit=3,
    )
    assert [item.ref for item in ranked] == ["both", "meaning", "words"]


def test_each_query_keeps_a_seat() -> None:
    crowd = [piece(f"a{n}", 0.90 - n / 1000, 8.0) for n in range(4)]
    ranked = fuse([crowd, [piece("b", 0.86, 4.0)]], calibration=FLAT, limit=2)
    assert {item.ref for item in ranked} == {"a0", "b"}


def test_what_is_below_the_cut_off_says_so() -> None:
    (weak,) = fuse([[piece("far", 0.81, 1.0)]], calibration=FLAT, limit=5)
    assert not weak.relevant


def test_small_words_are_not_searched_for() -> None:
    assert search_terms("Where is my parcel? Gdzie jest moja paczka?") == ("parcel", "paczka")


def test_long_passages_are_cut_between_sentences() -> None:
    text = " ".join(f"Rule number {n} says something of note." for n in range(60))
    pieces = chunk(text, max_chars=200)
    assert " ".join(pieces) == text
    assert all(len(part) <= 200 and part.endswith(".") for part in pieces)
