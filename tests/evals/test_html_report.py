"""The report as a browser reads it; what a customer wrote is text in it and nothing else."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from evals.drafting.cases import EvalCase, cases
from evals.drafting.drafts import EvalDraft
from evals.drafting.generation import scoring_hash
from evals.drafting.html import Report, render, write_report
from evals.drafting.runs import EvalRun, cases_hash
from evals.drafting.scoring import CaseScore
from evals.drafting.suite import Variant
from evals.drafting.word_diff import Pieces, word_diff
from evals.errors import EvalError
from service.domain.draft import DraftStatus
from service.domain.thread import Complaint

ODD = '</div></script><script>alert("x")</script> מרגיז مرحبا 👨‍👩‍👧 \' & <b onclick=alert(1)>'
ROWS = tuple(row for row in cases("dev") if row.id.endswith(("-d01", "-d02")))


def draft(row: EvalCase, reply: str | None, **more: object) -> EvalDraft:
    base = EvalDraft(
        case_id=row.id,
        reply=reply,
        status=DraftStatus.PENDING_REVIEW,
        language=row.language,
        kind=row.kind,
        move=row.move,
        policy=row.policy[:1],
        texts=(reply, ODD) if reply else (),
    )
    return base.model_copy(update=more)


def score(row: EvalCase, ready: str, danger: str = "none", **values: bool | float) -> CaseScore:
    return CaseScore(
        case_id=row.id,
        brand=row.brand,
        language=row.language,
        kind=row.kind.value,
        traits=row.traits,
        eligible=True,
        values={"ready": ready, "danger": danger, "check:canned": True, **values},
        missing=tuple(str(item) for item in row.must[:1]) if ready != "send_ready" else (),
    )


def a_run(variant: str, drafts: list[EvalDraft], scores: list[CaseScore]) -> EvalRun:
    return EvalRun(
        id=f"some-{variant}",
        suite="some",
        variant=variant,
        split="dev",
        made_at=datetime(2026, 11, 22, tzinfo=UTC),
        settings=Variant(candidates=3),
        code="c0de",
        cases_sha256=cases_hash(ROWS),
        fingerprint="f1n9e7",
        model="a model",
        prompt="a_prompt@v1",
        drafts=tuple(drafts),
        scores=tuple(scores),
        scored_by=scoring_hash(),
    )


@pytest.fixture
def before() -> EvalRun:
    """Nothing is ready; the first case went wrong altogether."""
    drafts = [draft(row, f"{row.reference} {ODD}") for row in ROWS]
    drafts[0] = draft(ROWS[0], None, error=f"no answer to {ODD}")
    drafts[1] = draft(ROWS[1], ODD, holding=True, holding_reason=ODD, blocked_by=(ODD,))
    scores = [score(row, "unusable", "false_fact, private_data", issues=False) for row in ROWS]
    return a_run("plain", drafts, scores)


@pytest.fixture
def after() -> EvalRun:
    """All is ready but for the last."""
    drafts = [draft(row, row.reference) for row in ROWS]
    scores = [score(row, "send_ready", issues=True, must=0.75) for row in ROWS]
    scores[-1] = score(ROWS[-1], "needs_edit", issues=False, must=0.5)
    return a_run("product", drafts, scores)


def page(path: Path, *runs: EvalRun) -> BeautifulSoup:
    write_report(path, runs)
    return BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")


def block(soup: BeautifulSoup, row: EvalCase) -> Tag:
    found = soup.find(id=f"case-{row.id}")
    assert isinstance(found, Tag)
    return found


def test_one_run_shows_every_case_with_its_texts(tmp_path: Path, after: EvalRun) -> None:
    soup = page(tmp_path / "one.html", after)
    assert len(soup.select(".case")) == len(ROWS)
    for row in ROWS:
        shown = block(soup, row).get_text()
        assert row.case.complaint.text in shown
        assert row.reference in shown
        assert all(message.text in shown for message in row.case.others)
    assert "f1n9e7" in soup.get_text()
    assert "candidates 3" in soup.get_text()


def test_two_runs_show_both_replies_and_what_changed(
    tmp_path: Path, before: EvalRun, after: EvalRun
) -> None:
    soup = page(tmp_path / "two.html", before, after)
    assert len(soup.select(".case")) == len(ROWS)
    row = ROWS[2]
    shown = block(soup, row)
    titles = [title.get_text(" ", strip=True) for title in shown.select("h4")]
    assert titles[:2] == ["Before unusable", "After send ready"]
    assert f"{row.reference} {ODD}" in shown.get_text()
    assert json.loads(str(shown["data-facets"]))["changed"] == [
        "better",
        "danger gone",
        "other text",
    ]
    assert "More than luck explains: send_ready rose from 0.00" in soup.get_text()


def test_a_case_that_was_not_measured_is_neither_better_nor_worse(
    tmp_path: Path, before: EvalRun, after: EvalRun
) -> None:
    missing = after.scores[0].model_copy(update={"values": {}})
    unmeasured = after.model_copy(update={"scores": (missing, *after.scores[1:])})
    soup = page(tmp_path / "two.html", before, unmeasured)
    facets = json.loads(str(block(soup, ROWS[0])["data-facets"]))
    assert (facets["changed"], facets["readiness"]) == (["not measured"], ["not scored"])


def test_whatever_was_written_is_text(tmp_path: Path, before: EvalRun, after: EvalRun) -> None:
    soup = page(tmp_path / "two.html", before, after)
    assert len(soup.find_all("script")) == 1
    assert not soup.find_all(onclick=True)
    assert soup.get_text().count(ODD) >= len(ROWS)


def test_a_complaint_is_text_too(after: EvalRun) -> None:
    report = Report.of([after])
    view = report.views[0]
    odd = view.case.case.model_copy(update={"complaint": Complaint(text=ODD, author_name=ODD)})
    strange = view.case.model_copy(update={"id": "a'b\"><i>", "case": odd, "traits": (ODD,)})
    views = (type(view)(strange, view.sides), *report.views[1:])
    soup = BeautifulSoup(render(Report(report.runs, views, None)), "lxml")
    assert len(soup.find_all("script")) == 1
    assert not soup.find_all(onclick=True)
    shown = block(soup, strange)
    assert shown.get_text().count(ODD) >= 2
    assert json.loads(str(shown["data-facets"]))["trait"] == [ODD]


def test_the_page_fetches_nothing_and_runs_only_its_own_script(
    tmp_path: Path, after: EvalRun
) -> None:
    soup = page(tmp_path / "one.html", after)
    policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})
    assert isinstance(policy, Tag)
    assert "default-src 'none'" in str(policy["content"])
    assert re.search(r"script-src 'sha256-[\w+/]{43}='", str(policy["content"]))
    assert not soup.select("[src], link, iframe, object, form")
    assert all(str(link["href"]).startswith("#") for link in soup.select("[href]"))


def test_dangers_come_before_all_other_figures(tmp_path: Path, before: EvalRun) -> None:
    soup = page(tmp_path / "one.html", before)
    headings = [title["id"] for title in soup.select("h2")]
    assert headings[:3] == ["what", "dangers", "readiness"]
    alarm = soup.select_one(".tile.alarm")
    assert alarm is not None
    assert [link["href"] for link in alarm.select("a")][: len(ROWS)] == [
        f"#case-{row.id}" for row in ROWS
    ]


def test_checks_that_nobody_failed_are_folded_away(tmp_path: Path, after: EvalRun) -> None:
    soup = page(tmp_path / "one.html", after)
    folded = [row.get_text() for row in soup.select("#scores ~ .card details th")]
    assert folded == ["check:canned"]


def test_filters_offer_what_tells_cases_apart(tmp_path: Path, before: EvalRun) -> None:
    soup = page(tmp_path / "one.html", before)
    filters = [select["data-facet"] for select in soup.select("select")]
    assert {"reply", "language", "brand", "trait"} <= set(filters)
    shown = json.loads(str(block(soup, ROWS[0])["data-facets"]))
    assert shown["danger"] == ["false_fact", "private_data", "any danger"]
    assert shown["reply"] == ["error"]
    assert "readiness" not in filters, "all are unusable: there is nothing to choose"


@pytest.mark.parametrize("count", [0, 3])
def test_one_run_or_two(tmp_path: Path, after: EvalRun, count: int) -> None:
    with pytest.raises(EvalError, match="one run, or compares two"):
        write_report(tmp_path / "x.html", [after] * count)


def test_unlike_runs_are_refused(tmp_path: Path, before: EvalRun, after: EvalRun) -> None:
    other = before.model_copy(update={"cases_sha256": "other"})
    with pytest.raises(EvalError, match="not made over the same cases"):
        write_report(tmp_path / "x.html", [other, after])
    assert not (tmp_path / "x.html").exists()


def test_a_run_over_other_cases_is_refused(tmp_path: Path, after: EvalRun) -> None:
    old = after.model_copy(update={"cases_sha256": "other"})
    with pytest.raises(EvalError, match="have changed since"):
        write_report(tmp_path / "x.html", [old])


def test_a_run_without_scores_is_refused(tmp_path: Path, after: EvalRun) -> None:
    with pytest.raises(EvalError, match=r"some-product isn't scored: .* --score-again"):
        write_report(tmp_path / "x.html", [after.model_copy(update={"scores": ()})])


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path, after: EvalRun) -> None:
    with pytest.raises(EvalError, match="name another file"):
        write_report(tmp_path, [after])


def marked(pieces: Pieces) -> str:
    return "".join(f"[{piece.text}]" if piece.differs else piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("text", "other", "said"),
    [
        ("We refund it today.", "We refund it today.", ("We refund it today.",) * 2),
        (
            "I'm sorry, Orla. We refund it by Monday.",
            "I'm sorry, Orla. We send it by Monday.",
            (
                "I'm sorry, Orla. We [refund] it by Monday.",
                "I'm sorry, Orla. We [send] it by Monday.",
            ),
        ),
        ("We\n\nknow it", "We know it", ("We\n\nknow it", "We know it")),
        ("one to two", "three to four", ("[one to two]", "[three to four]")),
        ("", "A reply.", ("", "A reply.")),
        ("שלום 👨‍👩‍👧 ok", "", ("שלום 👨‍👩‍👧 ok", "")),
    ],
)
def test_words_that_differ_are_marked(text: str, other: str, said: tuple[str, str]) -> None:
    found = word_diff(text, other)
    assert (marked(found[0]), marked(found[1])) == said


@pytest.mark.parametrize("text", [ODD, " a  b\n", "...", " \n x "])
def test_a_diff_loses_nothing(text: str) -> None:
    found = word_diff(text, f"quite {ODD[::-1]}")
    assert "".join(piece.text for piece in found[0]) == text
    assert "".join(piece.text for piece in found[1]) == f"quite {ODD[::-1]}"
