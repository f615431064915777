"""Whether somebody is there for complaints in which people may come to harm."""

from typing import Any

import pytest

from service.domain.brand import Brand
from service.domain.triage import Sensitivity

BOTH = (Sensitivity.SAFETY, Sensitivity.HEALTH)
HEALTH_ONLY = (Sensitivity.HEALTH,)


def brand(**more: Any) -> Brand:
    return Brand.model_validate({"id": "b", "name": "B", "voice": "Plain.", **more})


@pytest.mark.parametrize(
    ("settings", "unowned"),
    [
        ({}, BOTH),
        ({"escalation": [{"sensitivity": "safety", "owner": "Ines"}]}, HEALTH_ONLY),
        (
            {
                "escalation": [{"sensitivity": "safety", "owner": "Ines"}],
                "team": [{"name": "Ines", "left": True}],
            },
            BOTH,
        ),
        (
            {"routing": [{"sensitivity": "safety", "to": ["Ana"]}], "team": [{"name": "Ana"}]},
            HEALTH_ONLY,
        ),
        (
            {
                "routing": [{"sensitivity": "safety", "language": "de", "to": ["Ana"]}],
                "team": [{"name": "Ana"}],
            },
            BOTH,
        ),
    ],
)
def test_an_owner_is_somebody_who_is_here_and_gets_all_of_them(
    settings: dict[str, Any], unowned: tuple[Sensitivity, ...]
) -> None:
    assert set(brand(**settings).unowned_dangers) == set(unowned)
