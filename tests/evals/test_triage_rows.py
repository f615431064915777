from pathlib import Path

import pytest

from evals.errors import EvalError
from evals.triage.due import due, of_post
from evals.triage.longer import longer_posts
from evals.triage.rows import FILES, LabelledPost, posts, read_posts, sentences
from evals.triage.train import targets
from service.domain.triage import Kind, MoveKind
from service.triage.issues import points_of

ROW = (
    '{"id": "x-1", "language": "en", "channel": "x", "text": "It burnt my hand.", "kind": '
    '"complaint", "sentiment": "negative", "sensitivities": ["safety"], "needs_personal_data": '
    'false, "upset": false, "chases": false, "issues": ["burnt my hand"]}'
)


def test_the_splits_share_no_text() -> None:
    seen: dict[str, str] = {}
    for split in FILES:
        for row in posts(split):
            assert seen.setdefault(row.text, split) == split
    assert len(seen) > 2_500
    assert len(list(sentences())) > 200


def test_every_text_has_a_target_for_each_of_its_points() -> None:
    for text, target in targets():
        assert any(target.kinds)
        assert len(target.points) == len(points_of(text))


def test_what_matters_stands_among_calm_complaints_of_its_language() -> None:
    rows = posts("train")
    by_id = {row.id: row for row in rows}
    longer = longer_posts(rows)
    assert longer == longer_posts(rows)
    assert len({row.text for row in longer}) == len(longer)
    for row in longer:
        parts = [by_id[one] for one in row.id.split("+")]
        assert row.text.split("\n") == [line for part in parts for line in part.text.split("\n")]
        assert {part.language for part in parts} == {row.language}
        assert sum(bool(part.sensitivities or part.near) for part in parts) == 1
        assert {*row.sensitivities} == {one for part in parts for one in part.sensitivities}
        assert all(point in row.text for point in row.issues or ())
    assert sum(bool(row.sensitivities) for row in longer) > len(longer) / 2


def test_a_broken_row_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(ROW + "\n" + ROW.replace('burnt my hand"]', 'cut"]'), encoding="utf-8")
    with pytest.raises(EvalError, match=r"rows.jsonl, line 2: .*do not stand in the text"):
        read_posts(path)


def test_the_move_of_a_post_follows_from_its_labels() -> None:
    row = LabelledPost.model_validate_json(ROW)
    assert of_post(row).move is MoveKind.ESCALATE
    calm = row.model_copy(update={"sensitivities": (), "needs_personal_data": True})
    assert of_post(calm).move is MoveKind.PUBLIC_THEN_PRIVATE
    assert of_post(calm.model_copy(update={"kind": Kind.SPAM})).move is MoveKind.NO_REPLY


def test_cases_and_posts_are_measured() -> None:
    rows = due("dev")
    assert {row.part for row in rows} == {"cases", "posts", "plain posts"}
    assert all((row.marks is None) == (row.part == "cases") for row in rows)
