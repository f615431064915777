"""Style notes and good examples at the terminal."""

import pytest

from tests.cli.conftest import Cli
from tests.cli.test_review import draft

__all__ = ["draft"]
pytestmark = pytest.mark.slow


def test_a_note_is_written_listed_and_retired(cli: Cli, plain_brand: str) -> None:
    on = ("--brand", plain_brand, "--by", "Zofia")
    note = cli.json("notes", "add", "No exclamation marks.", "--language", "de", *on)
    assert (note["status"], note["language"]) == ("accepted", "de")
    shown = cli("notes", "list", "--brand", plain_brand).stdout
    assert "No exclamation marks." in shown
    assert cli.json("notes", "propose", "--brand", plain_brand) == {"notes": [], "edits": {}}
    retired = cli.json("notes", "retire", note["id"], *on)
    assert retired["status"] == "retired"
    again = cli("notes", "retire", note["id"], *on)
    assert (again.exit_code, "read it again" in again.stderr) == (2, True)
    odd = cli("notes", "list", "--brand", plain_brand, "--status", "odd")
    assert "proposed, accepted, declined, retired" in odd.stderr
    late = cli("notes", "add", "Be brief.", "--expires", "2020-01-01", *on)
    assert "365 days" in late.stderr


def test_an_example_is_marked_shown_and_accepted(cli: Cli, draft: str) -> None:
    early = cli("examples", "mark", draft, "--by", "Marta")
    assert (early.exit_code, "only an approved reply" in early.stderr) == (2, True)
    cli("decide", draft, "approve", "--by", "Marta")
    marked = cli.json("examples", "mark", draft, "--by", "Marta")
    assert marked["status"] == "proposed"
    assert draft in cli("examples", "list", "--brand", "tidewell").stdout
    assert marked["example"]["reply"][:40] in cli("examples", "show", draft).stdout
    accepted = cli.json("examples", "accept", draft, "--by", "Zofia")
    assert (accepted["status"], accepted["decided_by"]) == ("accepted", "Zofia")
    declined = cli("examples", "decline", draft, "--by", "Jan")
    assert (declined.exit_code, "that stands" in declined.stderr) == (2, True)
