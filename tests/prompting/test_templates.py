import hashlib
from pathlib import Path

import pytest

from service.domain.triage import MoveKind
from service.errors import ConfigurationError, NotFound
from service.prompting.sound import require_sound_prompts
from service.prompting.template import (
    all_refs,
    find_template,
    load_template,
    parse_template,
    prompt_folder,
    released,
)

SMALL = """
name: t
version: v1
description: d
answer: text
variables: [brand_name]
system: Hello {{ brand_name }}
user: hi
revise: again
moves: {}
"""


@pytest.mark.parametrize(("name", "version"), all_refs())
def test_every_prompt_loads_under_its_own_name(name: str, version: str) -> None:
    template = load_template(name, version)
    assert (template.name, template.version) == (name, version)


def test_released_prompts_never_change() -> None:
    for ref, sha256 in released().items():
        name, _, version = ref.partition("@")
        text = (prompt_folder() / name / f"{version}.yaml").read_bytes()
        assert hashlib.sha256(text).hexdigest() == sha256, f"{ref} was changed after its release"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("{{ brand_name }}", "{{ brand }}"), "brand, brand_name"),
        (("[brand_name]", "[brand_name, voice]"), "voice"),
        (("{{ brand_name }}", "{{ brand_name"), "unexpected end of template"),
        (("answer: text", "answer: maybe"), "answer"),
        (("name: t", "nom: t"), "name"),
        (("system: Hello", "system: [Hello"), "not valid: line 7: "),
        (("user: hi", "user: '{{ brand_name | shout }}'"), "No filter named 'shout'"),
        (("moves: {}", "moves: {public_reply: hi}"), "moves lacks public_then_private, private_"),
        (("moves: {}", "moves: {}\nmove: hi"), "move: there is no such field"),
        ((SMALL, ""), "not valid: it holds no fields"),
        ((SMALL, "hello"), "not valid: it holds no fields"),
    ],
)
def test_a_faulty_prompt_is_refused_before_any_call(change: tuple[str, str], problem: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^prompt file t.yaml.*{problem}"):
        parse_template(SMALL.replace(*change, 1), where="t.yaml")


def drafting(**changed: str) -> str:
    moves = {move.value: "" for move in MoveKind} | changed
    return SMALL.replace("moves: {}", f"moves: {moves}")


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        (SMALL.replace("brand_name", "brand_nme"), "brand_nme"),
        (SMALL.replace("brand_name", "voice"), "voice"),
        (drafting().replace("brand_name", "passage"), "passage"),
        (drafting(escalate="{{ brand_name }} {{ move }}").replace("[b", "[move, b"), "move"),
    ],
    ids=["misspelt", "of drafts alone", "of questions alone", "of a move in itself"],
)
def test_a_variable_that_nobody_fills_in_is_refused(text: str, unknown: str) -> None:
    with pytest.raises(
        ConfigurationError, match=f"^prompt file t.yaml: .*such variable: {unknown};"
    ):
        parse_template(text, where="t.yaml")


@pytest.mark.parametrize("ref", ["nothing", "draft_reply@v99", "../secrets", "draft_reply@../x"])
def test_an_unknown_prompt_is_named(ref: str) -> None:
    with pytest.raises(NotFound, match="amends prompt list"):
        find_template(ref)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of all prompts, with one, `t`, in it."""
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / "v1.yaml").write_text(SMALL, encoding="utf-8")
    (tmp_path / "judge").mkdir()
    monkeypatch.setattr("service.prompting.template.prompt_folder", lambda: tmp_path)
    monkeypatch.setattr("service.prompting.judge_prompts.prompt_folder", lambda: tmp_path)
    load_template.cache_clear()
    return tmp_path


def test_a_copied_prompt_that_kept_its_name_is_refused(folder: Path) -> None:
    (folder / "warm").mkdir()
    (folder / "warm" / "v1.yaml").write_text(SMALL, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"warm/v1\.yaml goes by another name inside: t@"):
        load_template("warm")


@pytest.mark.parametrize("name", ["v2.yml", "V2.yaml", "v2 (copy).yaml", "vnext.yaml", "2.yaml"])
def test_a_file_that_nobody_would_find_is_named(folder: Path, name: str) -> None:
    (folder / "t" / name).write_text(SMALL, encoding="utf-8")
    for refused in (lambda: find_template("t@v1"), all_refs, require_sound_prompts):
        with pytest.raises(ConfigurationError, match=r"^prompt file t/.*: call it v1") as said:
            refused()
        assert f"t/{name}:" in str(said.value)


@pytest.mark.parametrize("place", ["warm.yaml", "warm-words/v1.yaml"])
def test_a_prompt_in_no_prompts_folder_is_named(folder: Path, place: str) -> None:
    (folder / place).parent.mkdir(exist_ok=True)
    (folder / place).write_text(SMALL, encoding="utf-8")
    name = place.partition("/")[0]
    with pytest.raises(ConfigurationError, match=f"^prompts/{name} is no prompt"):
        require_sound_prompts()


def test_what_editors_and_people_leave_beside_prompts_is_no_prompt(folder: Path) -> None:
    for name in ("v1.yaml~", ".v2.yaml", "notes.md"):
        (folder / "t" / name).write_text("-", encoding="utf-8")
    (folder / "__pycache__").mkdir()
    require_sound_prompts()
    assert all_refs() == (("t", "v1"),)


def test_a_prompt_that_cannot_be_read_is_named(folder: Path) -> None:
    (folder / "t" / "v2.yaml").write_bytes("name: ü".encode("latin-1"))
    with pytest.raises(ConfigurationError, match=r"^prompt file t/v2\.yaml can't be read"):
        find_template("t")


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("v1.yml", "", r"^prompt file judge/canned/v1\.yml: call it"),
        ("notes.md", "", r"^judge prompt canned: .* no v1\.yaml"),
        ("v1.yaml", "", r"^judge prompt canned/v1\.yaml is not valid: it holds no fields"),
    ],
)
def test_a_broken_judge_prompt_is_named_too(
    folder: Path, name: str, text: str, problem: str
) -> None:
    (folder / "judge" / "canned").mkdir()
    (folder / "judge" / "canned" / name).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=problem):
        require_sound_prompts()
