"""Which version counts, and what an import changes."""

from datetime import date
from typing import Any

from service.domain.changes import Changes
from service.domain.knowledge import PolicyPassage
from service.domain.slips import slips
from service.knowledge.versions import policy_changes, settled


def passage(version: str = "1", text: str = "Thirty days.", **more: Any) -> PolicyPassage:
    return PolicyPassage.model_validate({"id": "returns", "version": version, "text": text, **more})


def states(passages: list[PolicyPassage]) -> dict[str, str]:
    return {p.version: f"until {p.valid_to}" if p.valid_to else p.status.value for p in passages}


def kinds(changes: Changes) -> dict[str, list[str]]:
    return {kind.value: [str(row) for row in rows] for kind, rows in changes.by_kind() if rows}


def test_a_newer_version_supersedes_the_stored_one() -> None:
    stored = [passage("1")]
    after = settled([passage("2", "Forty days.")], stored, keep_old=True)
    assert states(after) == {"1": "superseded", "2": "active"}
    assert kinds(policy_changes(stored, after)) == {
        "added": ["returns@2"],
        "superseded": ["returns@1"],
    }


def test_importing_the_same_again_changes_nothing() -> None:
    once = settled([passage("2")], [passage("1")], keep_old=True)
    again = settled([passage("2")], once, keep_old=True)
    assert not policy_changes(once, again).any


def test_the_newest_of_a_file_counts_whatever_their_order() -> None:
    after = settled([passage("3.10"), passage("3.9"), passage("2")], [], keep_old=True)
    assert states(after) == {"2": "superseded", "3.9": "superseded", "3.10": "active"}


def test_two_versions_are_never_both_in_force() -> None:
    both = [passage("1", status="active"), passage("2", status="active")]
    once = settled(both, [], keep_old=True)
    assert states(once) == {"1": "superseded", "2": "active"}
    assert not policy_changes(once, settled(both, once, keep_old=True)).any


def test_the_old_version_stays_until_the_new_one_begins() -> None:
    wanted = [passage("2", valid_from="2027-01-01")]
    after = settled(wanted, [passage("1")], keep_old=True)
    assert states(after) == {"1": "until 2026-12-31", "2": "active"}
    assert kinds(policy_changes([passage("1")], after))["superseded"] == ["returns@1"]
    assert settled(wanted, after, keep_old=True) == after


def test_a_version_that_ends_by_itself_is_left_alone() -> None:
    stored = [passage("1", valid_to="2026-06-30")]
    after = settled([passage("2", valid_from="2027-01-01")], stored, keep_old=True)
    assert states(after)["1"] == "until 2026-06-30"


def test_going_back_to_an_older_version_ends_the_newer_one() -> None:
    after = settled([passage("1")], [passage("2")], keep_old=True)
    assert states(after) == {"1": "active", "2": "superseded"}


def test_a_replacement_keeps_just_what_was_sent() -> None:
    stored = [passage("1")]
    after = settled([passage("2")], stored, keep_old=False)
    assert kinds(policy_changes(stored, after)) == {
        "added": ["returns@2"],
        "removed": ["returns@1"],
    }


def test_an_id_that_is_gone_is_removed_with_its_versions() -> None:
    other = PolicyPassage(id="other", text="Ten.")
    assert settled([other], [passage("1"), passage("2")], keep_old=True) == [other]


def test_a_changed_text_is_a_change_and_a_returned_status_too() -> None:
    before = [passage("1", status="superseded"), passage("2", "Old.")]
    after = [passage("1"), passage("2", "New.")]
    assert kinds(policy_changes(before, after)) == {"changed": ["returns@1", "returns@2"]}


def test_a_version_that_never_began_ends_no_other() -> None:
    versions = [
        passage("1"),
        passage("2", valid_from="2026-06-01"),
        passage("3", valid_from="2026-03-01"),
    ]
    after = settled(versions, [], keep_old=True)
    assert states(after) == {"1": "until 2026-02-28", "2": "superseded", "3": "active"}
    on_a_day = [one.version for one in after if one.in_force(date(2026, 4, 1))]
    assert on_a_day == ["3"]


def test_the_first_day_of_all_means_always() -> None:
    after = settled([passage("1"), passage("2", valid_from="0001-01-01")], [], keep_old=True)
    assert states(after) == {"1": "superseded", "2": "active"}


def test_languages_are_two_letters_however_a_tool_writes_them() -> None:
    assert [passage(language=one).language for one in ("EN", "de-DE", "pt_BR")] == [
        "en",
        "de",
        "pt",
    ]
    wrong = {"id": "x", "text": "y", "language": "English", "version": 3.1}
    assert [one.partition(":")[0] for one in slips(PolicyPassage, wrong)] == ["language", "version"]
