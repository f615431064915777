"""From a reviewer's decision to a candidate, and from a candidate to a case."""

import json
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree

import pytest
from pydantic import TypeAdapter

from evals.drafting.cases import CASES, HARVESTED, Provenance, cases, read_cases
from evals.drafting.items import SHAPES, Item
from evals.errors import EvalError
from evals.harvest import Candidate, add, candidate_of, confirm, read_rows
from service.domain.thread import Case, DuePromise, KnownFact
from service.domain.triage import Kind, MoveKind
from service.review.learning import Learning
from service.review.masking import Masking
from tests.drafting.conftest import Opening, clock, opened
from tests.drafting.test_way import GOOD, answer
from tests.factories import ADMIN, LAMPS, case, decision

__all__ = ["clock", "opened"]

TOLD = (
    "I'm Harriet Blount, @hattie_b. My new lamp arrived with the glass smashed and the parcel was "
    "nine days late, order LW-448120, call me on 07700 900142. Not happy."
)


def candidate(row_id: str = "tidewell-h-1", **more: object) -> Candidate:
    given: dict[str, object] = {
        "id": row_id,
        "case": Case.model_validate({"brand": "tidewell", "complaint": "Nobody came."}),
        "language": "en",
        "kind": Kind.COMPLAINT,
        "move": MoveKind.PUBLIC_REPLY,
        "traits": ("plain",),
        "provenance": Provenance(author="ola", written="2026-11-20", source=f"harvest:{row_id}"),
        **more,
    }
    return Candidate.model_validate(given)


READY = candidate(
    must=[{"type": "act", "act": "apologise"}], reference="I'm sorry that nobody came."
)


@pytest.mark.slow
async def test_edits_and_rejections_become_candidates_once(opened: Opening, tmp_path: Path) -> None:
    told = case(complaint={"text": TOLD, "author_name": "Harriet Blount"})
    later = GOOD.replace("18:00 the next working day", "12:00 tomorrow")
    async with opened([answer(GOOD)]) as (services, _):
        ids = []
        for asked in (told, case(), case()):
            draft_id = await services.drafts.create(asked, "lampwick", ADMIN)
            await services.drafts.finished(draft_id)
            ids.append(draft_id)
        review = services.review
        await review.decide(ids[0], decision("edit", text=later, approve=True), ADMIN)
        turned = decision("reject", reason="Harriet Blount has her money back already")
        await review.decide(ids[1], turned, ADMIN)
        await review.decide(ids[2], decision("approve"), ADMIN)
        learning = Learning(services.database)
        found = [row async for one in learning.decided() if (row := candidate_of(one))]
        others = [one async for one in learning.decided(brand_id="nobody")]
    edited, rejected = sorted(found, key=lambda row: row.note)
    assert others == []
    assert (edited.reference, edited.note) == (later, "edited: promise")
    assert edited.must == ()
    assert edited.provenance.source == f"harvest:{ids[0]}"
    assert edited.provenance.author == "ola"
    assert set(edited.policy) >= {"broken-on-arrival"}
    shown = edited.model_dump_json()
    assert not [
        word for word in ("Harriet", "Blount", "hattie", "448120", "900142") if word in shown
    ]
    assert rejected.reference == ""
    assert rejected.note.startswith("rejected: ")
    path = tmp_path / "candidates.jsonl"
    assert add(path, found) == found
    before = path.read_bytes()
    assert add(path, found) == []
    assert path.read_bytes() == before
    assert read_rows(path) == found


def test_a_case_is_masked_word_by_word() -> None:
    asked = Case.model_validate(
        {
            "thread": [{"author": "brand", "text": "Hi Harriet, which order is it?"}],
            "complaint": {"text": TOLD, "author_name": "Harriet Blount", "author_handle": "@hb"},
            "known": [{"text": "Mrs Blount lives at 14 Plover Close", "private": True}],
        }
    )
    masking = Masking(asked, LAMPS)
    masked = masking.masked_case()
    assert masked.complaint.text == (
        "I'm [name], [handle]. My new lamp arrived with the glass smashed and the parcel was "
        "nine days late, order [number], call me on [phone]. Not happy."
    )
    assert masked.thread[0].text == "Hi [name], which order is it?"
    assert "Blount" not in masked.known[0].text
    assert "Plover" not in masked.known[0].text
    assert (masked.complaint.author_name, masked.complaint.author_handle) == (None, None)
    assert masking.text("Thank you, Harriet.") == "Thank you, [name]."


def test_what_a_draft_was_asked_for_stays_and_who_it_was_for_goes() -> None:
    """How it is drafted is the suite's to say: its variants are compared by model and prompt."""
    due = {
        "what": "Mrs Blount gets a call by Friday.",
        "due_at": "2026-11-20T17:00:00Z",
        "made_at": "2026-11-18T17:00:00Z",
        "progress": {"text": "Mrs Blount lives at 14 Plover Close.", "private": True},
    }
    options = {
        "model": "openai/some",
        "prompt": "draft_reply",
        "candidates": 2,
        "language": "de",
        "max_chars": 300,
        "instruction": "Ask Mrs Blount for a picture.",
    }
    complaint = {"text": TOLD, "author_name": "Harriet Blount"}
    asked = Case.model_validate({"complaint": complaint, "due": due, "options": options})
    masked = Masking(asked, LAMPS).masked_case()
    assert masked.due == DuePromise(
        what="Mrs [name] gets a call by Friday.",
        due_at=datetime(2026, 11, 20, 17, tzinfo=UTC),
        made_at=datetime(2026, 11, 18, 17, tzinfo=UTC),
        progress=KnownFact(text="Mrs [name] lives at [address].", private=True),
    )
    assert (masked.options.language, masked.options.max_chars) == ("de", 300)
    assert masked.options.instruction == "Ask Mrs [name] for a picture."
    assert (masked.options.model, masked.options.prompt, masked.options.candidates) == (None,) * 3
    shown = masked.model_dump_json()
    assert not [word for word in ("Blount", "Plover") if word in shown]


def test_a_confirmed_row_is_a_case_of_the_dev_split(tmp_path: Path) -> None:
    folder = copytree(CASES, tmp_path / "cases")
    path, before = tmp_path / "candidates.jsonl", cases("dev")
    add(path, [READY])
    confirm(path, folder / HARVESTED, by="Ewa")
    assert [row.id for row in cases("dev", folder)] == [*(row.id for row in before), READY.id]


def test_a_brand_of_the_test_split_stays_out_of_dev(tmp_path: Path) -> None:
    path, target = tmp_path / "candidates.jsonl", tmp_path / "cases.jsonl"
    measured = READY.case.model_copy(update={"brand": "pinewick"})
    add(path, [READY.model_copy(update={"case": measured})])
    with pytest.raises(EvalError, match="pinewick is a brand of the test split"):
        confirm(path, target, by="Ewa")
    assert not target.exists()


def test_a_row_without_a_reference_waits(tmp_path: Path) -> None:
    path, target = tmp_path / "candidates.jsonl", tmp_path / "cases.jsonl"
    add(path, [READY.model_copy(update={"reference": ""})])
    done = confirm(path, target, by="Ewa")
    assert (done.moved, done.unready) == ((), (READY.id,))


def test_a_confirmed_row_moves_and_does_not_come_back(tmp_path: Path) -> None:
    path, cases = tmp_path / "candidates.jsonl", tmp_path / "cases.jsonl"
    waiting = candidate("tidewell-h-2")
    add(path, [READY, waiting])
    done = confirm(path, cases, by="Ewa")
    assert (done.moved, done.unready) == (("tidewell-h-1",), ("tidewell-h-2",))
    (moved,) = read_cases(cases)
    assert moved.provenance.source == "harvest:tidewell-h-1, confirmed by Ewa"
    assert [row.status for row in read_rows(path)] == ["confirmed", "candidate"]
    assert add(path, [READY, waiting]) == []
    assert confirm(path, cases, by="Ewa").moved == ()


def test_only_the_named_rows_are_confirmed(tmp_path: Path) -> None:
    path, cases = tmp_path / "candidates.jsonl", tmp_path / "cases.jsonl"
    other = READY.model_copy(
        update={
            "id": "tidewell-h-3",
            "provenance": READY.provenance.model_copy(update={"source": "harvest:3"}),
        }
    )
    add(path, [READY, other, candidate("tidewell-h-2")])
    assert confirm(path, cases, by="Ewa", only=["tidewell-h-3"]).moved == ("tidewell-h-3",)
    with pytest.raises(EvalError, match="under `must`"):
        confirm(path, cases, by="Ewa", only=["tidewell-h-2"])
    with pytest.raises(EvalError, match="no candidate 'nobody'; there are tidewell-h-1"):
        confirm(path, cases, by="Ewa", only=["nobody"])


def test_a_run_that_was_cut_off_between_the_files_is_taken_up(tmp_path: Path) -> None:
    path, cases = tmp_path / "candidates.jsonl", tmp_path / "cases.jsonl"
    add(path, [READY])
    before = path.read_bytes()
    confirm(path, cases, by="Ewa")
    path.write_bytes(before)
    confirm(path, cases, by="Ewa")
    assert len(read_cases(cases)) == 1


def test_a_brand_that_the_evals_do_not_have_is_refused_before_anything_moves(
    tmp_path: Path,
) -> None:
    path, cases = tmp_path / "candidates.jsonl", tmp_path / "cases.jsonl"
    stranger = READY.case.model_copy(update={"brand": "lampwick"})
    add(path, [READY.model_copy(update={"case": stranger})])
    with pytest.raises(EvalError, match="no brand 'lampwick'"):
        confirm(path, cases, by="Ewa")
    assert not cases.exists()


@pytest.mark.parametrize(
    "must",
    [
        [{"act": "apologise"}],
        [{"type": "deed", "act": "apologise"}],
        [{"type": "entity", "any_of": []}],
        ["apologise"],
        {"type": "act", "act": "apologise"},
    ],
    ids=str,
)
def test_a_wrong_item_is_told_with_the_shapes_that_there_are(tmp_path: Path, must: object) -> None:
    path = tmp_path / "candidates.jsonl"
    add(path, [READY])
    row = {**json.loads(path.read_text(encoding="utf-8")), "must": must}
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    with pytest.raises(EvalError, match=r"candidates\.jsonl, line 1: must") as told:
        confirm(path, tmp_path / "cases.jsonl", by="Ewa")
    assert "discriminator" not in str(told.value)
    assert all(shape in str(told.value) for shape in SHAPES)


def test_the_readme_shows_the_shapes_of_items() -> None:
    readme = (Path(__file__).parents[2] / "evals" / "README.md").read_text(encoding="utf-8")
    read = TypeAdapter[object](Item)
    for shape in SHAPES:
        assert read.validate_json(shape)
        assert shape in readme


@pytest.mark.parametrize(
    "line", ["{", "[]", json.dumps({"id": "x", "status": "candidate"}), json.dumps({"id": "x"})]
)
def test_a_row_that_cannot_be_read_is_named_by_its_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "candidates.jsonl"
    add(path, [READY])
    path.write_text(path.read_text(encoding="utf-8") + line, encoding="utf-8")
    with pytest.raises(EvalError, match=r"candidates\.jsonl, line 2"):
        read_rows(path)


def test_a_file_of_candidates_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvalError, match=r"there is no file nobody\.jsonl"):
        confirm(tmp_path / "nobody.jsonl", tmp_path / "cases.jsonl", by="Marta")
