"""What a brand sets for a check, as YAML reads it."""

import pytest
import yaml
from pydantic import ValidationError

from service.domain.brand import Brand
from service.domain.checks import Severity
from service.knowledge.importer import explain

WITHOUT = {"id": "shop", "name": "Shop", "voice": "Plain."}


def brand(checks: str) -> Brand:
    return Brand.model_validate({**WITHOUT, "checks": yaml.safe_load(checks)})


@pytest.mark.parametrize(
    "written", ["off", "'off'", "{severity: off}", "{severity: off, options: {}}"]
)
def test_off_is_off_although_yaml_takes_it_for_false(written: str) -> None:
    set_to = brand(f"{{corporate_we: {written}}}").checks["corporate_we"]
    assert set_to.severity is Severity.OFF


@pytest.mark.parametrize("written", ["on", "{severity: on}"])
def test_on_says_what_can_be_written(written: str) -> None:
    with pytest.raises(ValidationError) as refused:
        brand(f"{{corporate_we: {written}}}")
    assert list(explain(refused.value)) == [
        "checks.corporate_we.severity: it can be 'off', 'info', 'warn' or 'block'"
    ]
