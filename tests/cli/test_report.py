"""Reports on a brand to which nothing has happened yet."""

import csv
import io

import pytest

from tests.cli.conftest import Cli

REPORTS = ("coverage", "speed", "commitments", "drafts")


def test_an_empty_period_answers_zeros_and_nulls(cli: Cli, plain_brand: str) -> None:
    for report in REPORTS:
        found = cli.json("report", report, "--brand", plain_brand)
        assert found["rows"] == []
        assert {value for name, value in found["total"].items() if "share" in name} <= {None}
        (row,) = csv.DictReader(io.StringIO(cli("report", report, "--csv").stdout, newline=""))
        assert "all" in row.values()
        shown = cli("report", report, "--from", "2026-11-01", "--to", "2026-11-30").stdout
        assert "all brands, 2026-11-01 to 2026-11-30" in shown
    assert "No negative message is unanswered." in cli("report", "coverage").stdout
    listed = cli("report", "coverage", "--csv", "--unanswered").stdout
    assert listed.startswith("draft_id,brand,thread_id")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["speed", "--by", "owner"], "by: this report is not divided by owner"),
        (["commitments", "--by", "mood"], "not divided by mood; it is by owner, brand\n"),
        (["speed", "--json", "--csv"], "give either --json or --csv"),
        (["drafts", "--from", "2026-11-02", "--to", "2026-11-01"], "`from` comes first"),
        (["drafts", "--brand", "nobody"], "no brand 'nobody'"),
    ],
)
def test_what_cannot_be_asked_is_refused(cli: Cli, args: list[str], words: str) -> None:
    result = cli("report", *args)
    assert result.exit_code == 2
    assert words in result.stderr
