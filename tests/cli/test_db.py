import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Cli


def test_a_backup_brings_everything_back(cli: Cli, plain_brand: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    assert cli.json("db", "backup", str(copy))["bytes"] == copy.stat().st_size
    made = cli.json("key", "create", "--name", "after the backup")
    restored = cli.json("db", "restore", str(copy))
    assert cli.json("key", "list") == []
    assert [brand["id"] for brand in cli.json("brand", "list")] == [plain_brand]
    cli.json("db", "restore", restored["kept"])
    assert [key["id"] for key in cli.json("key", "list")] == [made["id"]]


def test_a_backup_is_one_plain_file(cli: Cli, plain_brand: str, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    cli("db", "backup", str(folder / "copy.db"))
    assert [path.name for path in folder.iterdir()] == ["copy.db"]
    with sqlite3.connect(folder / "copy.db") as copy:
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    copy.close()


def test_a_backup_sees_one_state_while_others_write(
    cli: Cli, plain_brand: str, tmp_path: Path
) -> None:
    database = cli.settings.data_dir / "amends.db"
    other = sqlite3.connect(database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("UPDATE brands SET content_hash = 'half written'")
    copy = tmp_path / "copy.db"
    assert cli("db", "backup", str(copy)).exit_code == 0
    other.execute("ROLLBACK")
    other.close()
    backed = sqlite3.connect(copy)
    assert backed.execute("SELECT content_hash FROM brands").fetchone() != ("half written",)
    backed.close()


def test_restore_refuses_what_is_no_amends_database(
    cli: Cli, plain_brand: str, tmp_path: Path
) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("not a database " * 100)
    other = tmp_path / "other.db"
    made = sqlite3.connect(other)
    made.execute("CREATE TABLE alembic_version (version_num TEXT)")
    made.commit()
    made.close()
    for file in (text, other, tmp_path, tmp_path / "nowhere.db"):
        result = cli("db", "restore", str(file))
        assert result.exit_code == 2
        assert result.stderr.startswith("error: ")
    assert [brand["id"] for brand in cli.json("brand", "list")] == [plain_brand]


def test_restore_refuses_a_newer_database(cli: Cli, plain_brand: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    cli("db", "backup", str(copy))
    newer = sqlite3.connect(copy)
    newer.execute("UPDATE alembic_version SET version_num = '9999'")
    newer.commit()
    newer.close()
    result = cli("db", "restore", str(copy))
    assert result.exit_code == 2
    assert "made by a newer Amends" in result.stderr
    leftovers = {path.name for path in cli.settings.data_dir.iterdir()}
    assert not [name for name in leftovers if "restoring" in name or "part" in name]


def _copy_with_a_key(cli: Cli, tmp_path: Path) -> tuple[str, str]:
    """A copy, and the key that it holds beside the brand."""
    made = cli.json("key", "create", "--name", "in the copy")
    copy = tmp_path / "copy.db"
    cli.json("db", "backup", str(copy))
    return str(copy), made["id"]


def test_restore_takes_the_place_of_a_newer_database(
    cli: Cli, plain_brand: str, tmp_path: Path
) -> None:
    """What every command says then is to restore an older copy."""
    copy, key = _copy_with_a_key(cli, tmp_path)
    newer = sqlite3.connect(cli.settings.data_dir / "amends.db")
    newer.execute("UPDATE alembic_version SET version_num = '9999'")
    newer.commit()
    newer.close()
    assert "restore an older copy" in cli("key", "list").stderr
    kept = cli.json("db", "restore", copy)["kept"]
    assert [one["id"] for one in cli.json("key", "list")] == [key]
    with closing(sqlite3.connect(kept)) as before:
        assert before.execute("SELECT version_num FROM alembic_version").fetchone() == ("9999",)


@pytest.mark.parametrize("damage", ["no header", "cut short"])
def test_restore_takes_the_place_of_a_damaged_file(
    cli: Cli, plain_brand: str, tmp_path: Path, damage: str
) -> None:
    """What was in the damaged file stays, for whoever can read some of it."""
    copy, key = _copy_with_a_key(cli, tmp_path)
    database = cli.settings.data_dir / "amends.db"
    whole = database.read_bytes()
    broken = b"\xff" * 4096 + whole[4096:] if damage == "no header" else whole[: len(whole) // 2]
    database.write_bytes(broken)
    database.with_name("amends.db-wal").write_bytes(b"left over by whoever was killed")
    kept = Path(cli.json("db", "restore", copy)["kept"])
    assert kept.read_bytes() == broken
    assert [one["id"] for one in cli.json("key", "list")] == [key]
    assert [one["id"] for one in cli.json("brand", "list")] == [plain_brand]


def test_restore_where_nothing_was_keeps_nothing(
    cli: Cli, plain_brand: str, tmp_path: Path
) -> None:
    copy, key = _copy_with_a_key(cli, tmp_path)
    shutil.rmtree(cli.settings.data_dir)
    assert cli.json("db", "restore", copy)["kept"] is None
    shutil.rmtree(cli.settings.data_dir)
    said = cli("db", "restore", copy)
    assert said.exit_code == 0
    assert "nothing was there before" in " ".join(said.stdout.split())
    assert [path.name for path in cli.settings.data_dir.glob("*restor*")] == []
    assert [one["id"] for one in cli.json("key", "list")] == [key]


def test_restore_says_where_it_cannot_write(cli: Cli, plain_brand: str, tmp_path: Path) -> None:
    copy, _ = _copy_with_a_key(cli, tmp_path)
    shutil.rmtree(cli.settings.data_dir)
    cli.settings.data_dir.write_text("a file where the folder belongs")
    result = cli("db", "restore", copy)
    assert result.exit_code == 2
    assert result.stderr.startswith("error: ")
    assert "cannot be written" in result.stderr


def test_a_backup_overwrites_none_unless_told_to(
    cli: Cli, plain_brand: str, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    cli.json("db", "backup", str(copy))
    before = copy.read_bytes()
    cli.json("key", "create", "--name", "after the backup")
    refused = cli("db", "backup", str(copy))
    assert refused.exit_code == 2
    assert "copy.db is there already: name another file" in refused.stderr
    assert "--force" in refused.stderr
    assert copy.read_bytes() == before
    cli.json("db", "backup", str(copy), "--force")
    assert copy.read_bytes() != before


def test_each_restore_keeps_what_was_there_before(
    cli: Cli, plain_brand: str, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    cli.json("db", "backup", str(copy))
    made = cli.json("key", "create", "--name", "after the backup")
    kept = [Path(cli.json("db", "restore", str(copy))["kept"]) for _ in range(3)]
    names = ["amends.db.before-restore", "amends.db.before-restore-2", "amends.db.before-restore-3"]
    assert [path.name for path in kept] == names
    cli.json("db", "restore", str(kept[0]))
    assert [key["id"] for key in cli.json("key", "list")] == [made["id"]]


def test_a_backup_onto_itself_or_nowhere_is_refused(cli: Cli, plain_brand: str) -> None:
    database = cli.settings.data_dir / "amends.db"
    assert "name another file" in cli("db", "backup", str(database)).stderr
    assert "cannot be written" in cli("db", "backup", "/nowhere/copy.db").stderr


def test_without_a_database_there_is_nothing_to_copy(cli: Cli, tmp_path: Path) -> None:
    result = cli("db", "backup", str(tmp_path / "copy.db"))
    assert result.exit_code == 2
    assert "no database yet" in result.stderr
    assert not cli.settings.data_dir.exists()


def test_upgrade_says_where_and_which(cli: Cli) -> None:
    found = cli.json("db", "upgrade")
    assert found["path"] == str(cli.settings.data_dir / "amends.db")
    assert found["revision"]
