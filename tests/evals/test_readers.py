"""Two readers and the rule: how far they agree, and where the rule stands alone."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from evals.drafting.drafts import EvalDraft
from evals.drafting.readers import LABELS, kappa, main, read_rows
from evals.drafting.runs import EvalRun, RunStore
from evals.drafting.scoring import CaseScore
from evals.drafting.suite import Variant
from evals.errors import EvalError

RUN = "drafting-product-20261122-060000-abcdef"
RULED = {"c1": "send_ready", "c2": "needs_edit", "c3": "needs_edit", "c4": "unusable"}


def run() -> EvalRun:
    return EvalRun(
        id=RUN,
        suite="drafting",
        variant="product",
        split="dev",
        made_at=datetime(2026, 11, 22, tzinfo=UTC),
        settings=Variant(),
        code="c",
        cases_sha256="x",
        fingerprint="f",
        model="m",
        prompt="p",
        drafts=tuple(EvalDraft(case_id=case, reply=reply(case)) for case in RULED),
        scores=tuple(score(case, label) for case, label in RULED.items()),
    )


def reply(case: str) -> str:
    return f"Sorry about {case}."


def score(case: str, label: str) -> CaseScore:
    return CaseScore(
        case_id=case,
        brand="tidewell",
        language="en",
        kind="complaint",
        traits=("plain",),
        eligible=True,
        values={"ready": label, "danger": "false_fact" if label == "unusable" else "none"},
        missing=("apologise",) if label == "needs_edit" else (),
    )


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    kept = RunStore(tmp_path / "runs")
    kept.save(run())
    return kept


def labelled(path: Path, labels: dict[str, str], **changed: object) -> Path:
    rows = [
        {
            "run": RUN,
            "case_id": case,
            "reply": reply(case),
            "label": label,
            "dangers": ["false_fact"] if label == "unusable" else [],
            "why": f"why {case}",
            **changed,
        }
        for case, label in labels.items()
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_readers_and_rule_are_compared(
    tmp_path: Path, store: RunStore, capsys: pytest.CaptureFixture[str]
) -> None:
    a = labelled(tmp_path / "a.jsonl", {**RULED, "c2": "send_ready", "c9": "unusable"})
    b = labelled(tmp_path / "b.jsonl", {**RULED, "c2": "send_ready", "c3": "unusable"})
    assert main([str(a), str(b), "--run", "drafting-product"], store) == 0
    shown = capsys.readouterr().out
    assert "4 drafts that both have read (5 by a, 4 by b)" in shown
    assert "a and b: the same on 3 of 4, kappa 0.60, weighted 0.75" in shown
    assert "a and rule: the same on 3 of 4" in shown
    assert "dangerous or not: the same on 3 of 4, kappa 0.50" in shown
    assert "label: both readers agree and the rule differs on 1 of 4" in shown
    assert f"c2 ({RUN}): readers send_ready, rule needs_edit" in shown
    assert "rule: lacks apologise" in shown
    assert "danger: both readers agree and the rule differs on 0 of 4" in shown


def test_the_confusion_table_counts_rows_by_columns(
    tmp_path: Path, store: RunStore, capsys: pytest.CaptureFixture[str]
) -> None:
    a = labelled(tmp_path / "a.jsonl", dict.fromkeys(RULED, "send_ready"))
    b = labelled(tmp_path / "b.jsonl", RULED)
    main([str(a), str(b)], store)
    table = capsys.readouterr().out.splitlines()
    head = next(n for n, line in enumerate(table) if "a / b" in line)
    counted = {line.split()[0]: line.split()[1:] for line in table[head + 1 : head + 4]}
    assert table[head].split()[3:] == list(LABELS)
    assert counted["send_ready"] == ["1", "2", "1"]
    assert counted["unusable"] == ["0", "0", "0"]


def test_without_the_runs_the_readers_alone_are_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a = labelled(tmp_path / "a.jsonl", RULED)
    assert main([str(a), str(a)], RunStore(tmp_path / "none")) == 0
    shown = capsys.readouterr().out
    assert "a and b: the same on 4 of 4, kappa 1.00" in shown
    assert "the runs are not on this machine" in shown


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"reply": "Another text."}, "the readers have read different replies"),
        ({"run": "another"}, "no draft in common"),
        ({"label": "fine"}, "b.jsonl, line 1: label"),
        ({"case_id": "c1"}, "b.jsonl, line 2: c1 was read twice"),
    ],
)
def test_rows_that_do_not_fit_are_refused_in_words(
    tmp_path: Path,
    store: RunStore,
    capsys: pytest.CaptureFixture[str],
    changed: dict[str, object],
    words: str,
) -> None:
    a = labelled(tmp_path / "a.jsonl", RULED)
    b = labelled(tmp_path / "b.jsonl", RULED, **changed)
    assert main([str(a), str(b)], store) == 2
    assert words in capsys.readouterr().err


def test_a_label_cannot_drift_from_what_was_read(
    tmp_path: Path, store: RunStore, capsys: pytest.CaptureFixture[str]
) -> None:
    a = labelled(tmp_path / "a.jsonl", RULED, reply="What it was before.")
    assert main([str(a), str(a)], store) == 2
    assert "has another reply than the one that was read" in capsys.readouterr().err


def test_a_file_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvalError, match=r"none\.jsonl can't be read"):
        read_rows(tmp_path / "none.jsonl")


@pytest.mark.parametrize(
    ("pairs", "plain", "weighted"),
    [
        ("aa bb cc", 1.0, 1.0),
        ("ab ba", -1.0, -1.0),
        ("aa", 1.0, 1.0),
        ("aa bb cb cc", 0.6364, 0.7143),  # a near miss costs less ...
        ("aa bb ca cc", 0.6364, 0.5000),  # ... than a far one
    ],
)
def test_kappa_weighs_how_far_labels_lie_apart(pairs: str, plain: float, weighted: float) -> None:
    split = [(pair[0], pair[1]) for pair in pairs.split()]
    assert kappa(split, "abc", weighted=False) == pytest.approx(plain, abs=1e-4)
    assert kappa(split, "abc", weighted=True) == pytest.approx(weighted, abs=1e-4)
