import errno
import fcntl
import hashlib
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from service.errors import ConfigurationError, NoModelConfigured
from service.llm.bundled_file import PartedModel, installed_parts, model_file, verify

CONTENT = b"GGUF" + bytes(range(256)) * 40
PARTS = 3


def parted(prefix: str, content: bytes = CONTENT) -> PartedModel:
    return PartedModel(
        name="tiny",
        packages=tuple(f"{prefix}_part{number}" for number in range(1, PARTS + 1)),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def install(folder: Path, model: PartedModel, content: bytes = CONTENT) -> None:
    """Lay the parts out as their wheels do."""
    step = len(content) // PARTS + 1
    for number, package in enumerate(model.packages, start=1):
        data = folder / package / "data"
        data.mkdir(parents=True)
        (folder / package / "__init__.py").touch()
        piece = content[(number - 1) * step : number * step]
        (data / f"part{number:02d}.bin").write_bytes(piece)
    importlib.invalidate_caches()


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PartedModel:
    found = parted(tmp_path.name.replace("-", "_"))
    install(tmp_path / "site", found)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    return found


def test_the_parts_are_joined_once(tmp_path: Path, model: PartedModel) -> None:
    path = model_file(tmp_path / "cache", model=model)
    made = path.stat()
    again = model_file(tmp_path / "cache", model=model)

    assert path.read_bytes() == CONTENT
    assert path.name == f"tiny-{model.sha256[:12]}.gguf"
    assert path.parent == tmp_path / "cache" / "models"
    assert again.stat().st_mtime_ns == made.st_mtime_ns
    assert verify(path, model=model)


def test_a_file_that_a_killed_run_left_half_made_does_no_harm(
    tmp_path: Path, model: PartedModel
) -> None:
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / model.file_name).with_suffix(".joining").write_bytes(b"x" * 99_999)
    (folder / model.file_name).write_bytes(CONTENT[:100])

    path = model_file(tmp_path, model=model)

    assert path.read_bytes() == CONTENT
    assert sorted(item.suffix for item in folder.iterdir()) == [".gguf", ".lock"]


def test_parts_that_are_damaged_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = parted("damaged")
    install(tmp_path / "site", model, CONTENT[:-1] + b"?")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))

    with pytest.raises(ConfigurationError, match="damaged; run `pip install"):
        model_file(tmp_path, model=model)

    assert [item.suffix for item in (tmp_path / "models").iterdir()] == [".lock"]


def test_a_changed_file_is_found_by_verifying(tmp_path: Path, model: PartedModel) -> None:
    path = model_file(tmp_path, model=model)
    path.write_bytes(CONTENT[:-1] + b"?")

    assert not verify(path, model=model)


def test_without_the_parts_three_ways_out(tmp_path: Path) -> None:
    with pytest.raises(NoModelConfigured) as caught:
        model_file(tmp_path, model=parted("nowhere"))

    words = str(caught.value)
    assert "pip install 'amends[local]'" in words
    assert "AMENDS_LLM__MODEL" in words
    assert "AMENDS_LLM__GGUF=/path/to/model.gguf" in words
    assert "(0 of its 3 parts are here)" in words
    assert not (tmp_path / "models").exists()


def test_a_missing_part_is_counted(tmp_path: Path, model: PartedModel) -> None:
    (tmp_path / "site" / model.packages[1] / "data" / "part02.bin").unlink()

    with pytest.raises(NoModelConfigured, match="2 of its 3 parts"):
        installed_parts(model)


def test_once_joined_the_parts_may_go(tmp_path: Path, model: PartedModel) -> None:
    path = model_file(tmp_path, model=model)
    (tmp_path / "site" / model.packages[0] / "data" / "part01.bin").unlink()

    assert model_file(tmp_path, model=model) == path


def test_a_cache_folder_that_cannot_be_made(tmp_path: Path, model: PartedModel) -> None:
    (tmp_path / "cache").write_text("a file, not a folder")

    with pytest.raises(ConfigurationError, match="AMENDS_CACHE_DIR"):
        model_file(tmp_path / "cache", model=model)


def test_no_room_says_how_much_is_needed(tmp_path: Path, model: PartedModel) -> None:
    huge = PartedModel(name="huge", packages=model.packages, size=10**18, sha256=model.sha256)

    with pytest.raises(ConfigurationError, match=r"no room .*AMENDS_CACHE_DIR") as caught:
        model_file(tmp_path, model=huge)

    cause = caught.value.__cause__
    assert isinstance(cause, OSError)
    assert cause.errno == errno.ENOSPC


def test_another_gguf_is_taken_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "mine.gguf"
    path.write_bytes(CONTENT)

    assert model_file(tmp_path / "cache", path) == path


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04"])
def test_a_gguf_that_is_none_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "mine.gguf"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(ConfigurationError, match=r"AMENDS_LLM__GGUF=.*give another path"):
        model_file(tmp_path, path)


JOIN = """
import sys
from pathlib import Path
from service.llm.bundled_file import PartedModel, model_file
site, cache, packages, size, sha = sys.argv[1:]
sys.path.insert(0, site)
model = PartedModel(name="tiny", packages=tuple(packages.split()), size=int(size), sha256=sha)
print(model_file(Path(cache), model=model).read_bytes().count(b"GGUF"))
"""


@pytest.mark.slow
def test_two_processes_that_join_at_once(tmp_path: Path, model: PartedModel) -> None:
    (tmp_path / "models").mkdir()
    lock = (tmp_path / "models" / model.file_name).with_suffix(".lock")
    arguments = [str(tmp_path / "site"), str(tmp_path), " ".join(model.packages)]
    command = [sys.executable, "-c", JOIN, *arguments, str(model.size), model.sha256]
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # both stand at the door until it opens
        both = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(2)]
        with pytest.raises(subprocess.TimeoutExpired):
            both[0].wait(1.5)

    assert [process.communicate(timeout=20)[0] for process in both] == [b"1\n", b"1\n"]
    assert verify(lock.with_suffix(".gguf"), model=model)
