import json
from pathlib import Path

import pytest

from evals.drafting.schema import SCHEMAS, schema_text
from evals.suite_files import SUITES


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_the_schema_is_current(path: Path) -> None:
    written = path.read_text(encoding="utf-8") if path.is_file() else ""
    current = written == schema_text(SCHEMAS[path])
    assert current, "the schema is out of date: python -m evals.drafting.schema"


def test_the_schema_refuses_what_the_suite_refuses() -> None:
    schema = json.loads((SUITES / "drafting.schema.json").read_text(encoding="utf-8"))
    assert schema["required"] == ["suite", "kind", "variants"]
    assert schema["additionalProperties"] is False


def test_suites_name_their_schema() -> None:
    drafting = [
        text
        for path in SUITES.glob("*.yaml")
        if "kind: drafting" in (text := path.read_text(encoding="utf-8"))
    ]
    assert drafting
    assert all("$schema=drafting.schema.json" in text for text in drafting)
