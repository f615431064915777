"""The JSON schemas of a suite's file and of a case's row, written: python -m evals.drafting.schema.

Editors read them and say what is wrong with a file while it is being written.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel

from evals.drafting.cases import CASES, EvalCase
from evals.drafting.suite import DraftingSuite
from evals.suite_files import SUITES

SCHEMAS: Mapping[Path, type[BaseModel]] = {
    SUITES / "drafting.schema.json": DraftingSuite,
    CASES / "case.schema.json": EvalCase,
}
"""Each file with the model that it describes."""


def schema_text(model: type[BaseModel]) -> str:
    """A model's schema as it stands in its file."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **model.model_json_schema(),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Write every schema beside what it describes."""
    for path, model in SCHEMAS.items():
        path.write_text(schema_text(model), encoding="utf-8")
        print(f"written: {path.name}")


if __name__ == "__main__":
    main()
