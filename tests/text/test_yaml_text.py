"""YAML that people write is read as they meant it, or refused with its line."""

import pytest
import yaml

from service.text.yaml_text import load_yaml, what_is_wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("a: 1\nb: 2\na: 3", "line 3: 'a' stands there twice"),
        ("a:\n  b: 1\n  'b': 2", "line 3: 'b' stands there twice"),
        ("from: 2026-99-01", "line 1: month must be in 1..12"),
        ("a: [", "line 1: expected the node content, but found '<stream end>'"),
    ],
)
def test_a_slip_is_refused_with_its_line(text: str, wrong: str) -> None:
    with pytest.raises(yaml.YAMLError) as caught:
        load_yaml(text)
    assert what_is_wrong(caught.value) == wrong


def test_names_that_only_look_alike_and_merged_ones_are_read() -> None:
    nested = "a: {b: &B {<<: &C {x: 0}, x: 1}}\nd: {<<: *B}"
    assert load_yaml(nested) == {"a": {"b": {"x": 1}}, "d": {"x": 1}}
    text = "1: x\n'1': y\nbase: &base {p: 1, q: 1}\nz: {<<: *base, q: 2}"
    assert load_yaml(text) == {1: "x", "1": "y", "base": {"p": 1, "q": 1}, "z": {"p": 1, "q": 2}}
