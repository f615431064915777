import hashlib
from pathlib import Path

import pytest

from service.errors import ConfigurationError, NotFound
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
        (("{{ brand_name }}", "{{ brand_name"), "t.yaml"),
        (("answer: text", "answer: maybe"), "answer"),
        (("name: t", "nom: t"), "name"),
        (("system: Hello", "system: [Hello"), "not valid"),
    ],
)
def test_a_faulty_prompt_is_refused_before_any_call(change: tuple[str, str], problem: str) -> None:
    with pytest.raises(ConfigurationError, match=problem):
        parse_template(SMALL.replace(*change, 1), where="t.yaml")


@pytest.mark.parametrize("ref", ["nothing", "draft_reply@v99", "../secrets", "draft_reply@../x"])
def test_an_unknown_prompt_is_named(ref: str) -> None:
    with pytest.raises(NotFound, match="amends prompt list"):
        find_template(ref)


def test_a_copied_prompt_that_kept_its_name_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "warm").mkdir()
    (tmp_path / "warm" / "v1.yaml").write_text(SMALL, encoding="utf-8")
    monkeypatch.setattr("service.prompting.template.prompt_folder", lambda: tmp_path)
    with pytest.raises(ConfigurationError, match=r"warm/v1\.yaml goes by another name inside: t@"):
        load_template("warm")
