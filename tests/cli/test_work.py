"""draft, triage, check and search on the real sample brand, with a scripted model."""

import json
from pathlib import Path

import pytest

from service.errors import ModelUnavailable
from tests.cli.conftest import Cli, read_jsonl, write_jsonl

pytestmark = pytest.mark.slow

REPLY = (
    "I'm sorry that nobody came on Thursday and that you lost a whole day waiting. "
    "I'll find out what happened and write to you here by 18:00 the next working day."
)
COMPLAINT = "I took Thursday off for the washing machine and nobody came or called."


@pytest.fixture(autouse=True)
def answering(cli: Cli) -> None:
    cli.answers = [json.dumps({"reply": REPLY})]


def test_drafts_keep_order_and_ids_past_bad_lines(cli: Cli, tidewell: str, tmp_path: Path) -> None:
    source, target = tmp_path / "cases.jsonl", tmp_path / "drafts.jsonl"
    source.write_bytes(
        json.dumps({"id": "a", "complaint": {"text": COMPLAINT}}).encode()
        + b'\n\n{"id": "b", "complaint": "late", "channel": "pigeon"}\n\xff\n'
        + json.dumps({"id": 4, "channel": "facebook", "complaint": COMPLAINT}).encode()
    )
    result = cli("draft", "--brand", tidewell, "--input", str(source), "--output", str(target))
    assert result.exit_code == 1
    assert result.stdout == ""
    first, second, third, fourth = read_jsonl(target)
    assert first["id"] == "a"
    assert first["draft_id"].startswith("drf_")
    assert first["status"] in ("pending_review", "blocked")
    assert first["checks"]["checks_run"]
    assert second["id"] == "b"
    assert second["error"].startswith("channel: ")
    assert (third["line"], third["error"]) == (4, "not UTF-8 (byte 1 of the line)")
    assert (fourth["id"], fourth["case_id"]) == (4, "4")


def test_the_brand_of_the_line_counts_where_none_is_given(
    cli: Cli, tidewell: str, tmp_path: Path
) -> None:
    rows = [
        {"id": "1", "brand": tidewell, "complaint": COMPLAINT},
        {"id": "2", "complaint": COMPLAINT},
        {"id": "3", "brand": "nobody", "complaint": COMPLAINT},
    ]
    result = cli("triage", "--input", str(write_jsonl(tmp_path / "cases.jsonl", rows)))
    assert result.exit_code == 1
    first, second, third = (json.loads(line) for line in result.stdout.splitlines())
    assert first["kind"] == "complaint"
    assert set(first["move"]) >= {"kind", "reason"}
    assert "--brand" in second["error"]
    assert "no brand 'nobody'" in third["error"]


def test_a_brand_that_is_not_here_ends_the_run_at_once(cli: Cli, tmp_path: Path) -> None:
    source = write_jsonl(tmp_path / "cases.jsonl", [{"id": "1", "complaint": COMPLAINT}])
    for command in ("draft", "triage", "check", "search"):
        result = cli(command, "--brand", "nobody", "--input", str(source))
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith("error: no brand")


def test_stdin_to_stdout(cli: Cli, tidewell: str) -> None:
    line = json.dumps({"id": "ü", "complaint": "Das Paket ist kaputt, wo ist mein Geld?"})
    result = cli("triage", "-b", tidewell, "-i", "-", "-o", "-", stdin=line.encode())
    found = json.loads(result.stdout)
    assert (found["id"], found["language"]) == ("ü", "de")


def test_a_nul_is_left_out_and_the_rest_is_read(cli: Cli, tidewell: str) -> None:
    line = b'{"id": "n\\u0000ul", "complaint": "nobody\\u0000 came \\ud83d and nobody called"}'
    result = cli("draft", "-b", tidewell, "-i", "-", stdin=line)
    assert result.exit_code == 0
    assert json.loads(result.stdout)["case_id"] == "nul"


def test_one_text(cli: Cli, tidewell: str) -> None:
    found = cli.json("draft", "--brand", tidewell, "--channel", "facebook", COMPLAINT)
    assert found["reply"]
    assert found["id"] == found["draft_id"]
    shown = cli("draft", "--brand", tidewell, COMPLAINT)
    assert shown.exit_code == 0
    assert "drf_" in shown.stdout
    assert cli.json("triage", "--brand", tidewell, COMPLAINT)["kind"] == "complaint"
    assert "complaint" in cli("triage", "--brand", tidewell, COMPLAINT).stdout


def test_a_model_that_is_down_gives_a_holding_reply(cli: Cli, tidewell: str) -> None:
    cli.answers = [ModelUnavailable("down")]
    found = cli.json("draft", "--brand", tidewell, COMPLAINT)
    assert found["holding"] is True
    assert found["status"] == "pending_review"


def test_check_reports_findings(cli: Cli, tidewell: str, tmp_path: Path) -> None:
    asked = {"complaint": COMPLAINT, "reply": "You should have read our terms, dear [NAME]."}
    rows = [{"id": "bad", **asked}, {"id": "none", "complaint": COMPLAINT}]
    target = tmp_path / "reports.jsonl"
    source = write_jsonl(tmp_path / "replies.jsonl", rows)
    result = cli("check", "-b", tidewell, "-i", str(source), "-o", str(target))
    assert result.exit_code == 1
    report, broken = read_jsonl(target)
    assert set(report) == {"id", "verdict", "findings", "checks_run", "citations"}
    assert report["verdict"] == "block"
    assert "placeholder_left" in {finding["check"] for finding in report["findings"]}
    assert broken["error"].startswith("reply: ")
    shown = cli("check", "-b", tidewell, asked["reply"], "--complaint", COMPLAINT).stdout
    assert "placeholder_left" in shown
    assert cli("check", "-b", tidewell, asked["reply"]).exit_code == 2


def test_search_gives_flat_rows(cli: Cli, tidewell: str, tmp_path: Path) -> None:
    words = "refund for a returned dryer"
    rows: list[dict[str, object]] = [{"id": "q1", "query": words}, {"id": "q2", "query": " "}]
    rows += [{"id": "c1", "complaint": words}, {"id": "c2", "complaint": {"text": words}}]
    source = write_jsonl(tmp_path / "queries.jsonl", rows)
    result = cli("search", "-b", tidewell, "-i", str(source), "--top", "2", "--all")
    assert result.exit_code == 1
    found, broken, *cases = (json.loads(line) for line in result.stdout.splitlines())
    assert found["id"] == "q1"
    assert [one["policy"] for one in cases] == [found["policy"]] * 2
    assert len(found["policy"]) == len(found["past_replies"]) == 2
    assert set(found["policy"][0]) >= {"id", "version", "title", "text", "score"}
    assert broken["error"].startswith("query: ")
    best = found["policy"][0]
    shown = cli("search", "-b", tidewell, words).stdout
    assert f"{best['id']}@{best['version']}" in shown
    assert cli("search", "-b", tidewell, " ").exit_code == 2, "as the API refuses it"


def test_a_second_import_changes_nothing(cli: Cli, tidewell: str) -> None:
    from tests.cli.conftest import TIDEWELL

    again = cli.json("brand", "import", str(TIDEWELL))
    assert (again["changed"], again["embedded"]) == (False, 0)
    assert cli.json("brand", "list")[0]["policy"] == again["policy"]
    assert cli.json("brand", "show", tidewell)["name"] == "Tidewell"
    assert "Tidewell" in cli("brand", "show", tidewell).stdout


def test_a_folder_with_bad_rows_is_refused_whole(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "brand.yaml").write_text("id: X\nname: X\n")
    result = cli("brand", "import", str(tmp_path))
    assert result.exit_code == 2
    assert "brand.yaml: voice" in result.stderr


def test_the_demo_is_a_list_of_drafts_and_can_be_run_again(cli: Cli) -> None:
    for _ in range(2):
        drafts = cli.json("demo")
        assert [draft["case_id"] for draft in drafts] == ["demo-1", "demo-2", "demo-3"]
    assert len(cli.json("queue", "--brand", "tidewell")) == 3


def test_the_demo_on_screen_says_what_to_type_next(cli: Cli) -> None:
    shown = cli("demo").stdout
    assert "Took Thursday off for the washing machine" in shown
    line = next(line for line in shown.splitlines() if "approve --by you" in line)
    assert cli(*line.split()[1:]).exit_code == 0
    for words in ("amends key create", "amends serve", "curl"):
        assert words in shown
