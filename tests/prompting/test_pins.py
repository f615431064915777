from collections.abc import Mapping

import pytest
import structlog
from pydantic import ValidationError

from service.domain.brand import Brand
from service.errors import ImportRefused
from service.prompting.pins import check_pins, pinned_template
from service.prompting.template import released
from tests.factories import LAMPS


def pinning(**prompts: str) -> Brand:
    return LAMPS.model_copy(update={"prompts": prompts})


def test_a_pin_chooses_the_version_and_without_one_it_is_the_newest() -> None:
    assert pinned_template("draft_reply", pinning(draft_reply="v1")).version == "v1"
    assert pinned_template("draft_reply", LAMPS).name == "draft_reply"


def test_a_pinned_version_that_went_missing_is_logged_and_the_newest_used() -> None:
    with structlog.testing.capture_logs() as logged:
        template = pinned_template("draft_reply", pinning(draft_reply="v99"))
    assert template.version == "v1"
    (line,) = logged
    assert (line["event"], line["brand"]) == ("pinned_prompt_missing", "lampwick")
    assert line["prompt"] == "draft_reply@v99"


@pytest.mark.parametrize(
    ("pin", "problem"),
    [
        ({"draft_reply": "v99"}, "draft_reply has no version 'v99'; there are v1"),
        (
            {"draft_rply": "v1"},
            "no prompt 'draft_rply'; there are draft_plain, draft_reply, draft_reply_compact",
        ),
    ],
)
def test_a_pin_on_what_there_is_not_lists_what_there_is(pin: dict[str, str], problem: str) -> None:
    with pytest.raises(ImportRefused, match="nothing was imported") as refused:
        check_pins(pinning(**pin), released())
    assert f"brand.yaml: prompts: {problem}" in str(refused.value)


@pytest.mark.parametrize(
    ("lock", "words"),
    [
        ({}, "not released"),
        ({"draft_reply@v1": "0" * 64}, "changed since its release"),
    ],
)
def test_a_pin_whose_words_may_change_is_warned_of(lock: Mapping[str, str], words: str) -> None:
    (warning,) = check_pins(pinning(draft_reply="v1"), lock)
    assert "draft_reply@v1" in warning
    assert words in warning


def test_a_released_pin_and_no_pin_at_all_are_quiet() -> None:
    assert check_pins(pinning(draft_reply="v1", draft_reply_compact="v1"), released()) == ()
    assert check_pins(LAMPS, {}) == ()


@pytest.mark.parametrize("prompts", [{"draft_reply": "newest"}, {"../x": "v1"}, {"draft_reply": 1}])
def test_a_pin_of_another_shape_is_refused_with_the_brand(prompts: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Brand.model_validate({**LAMPS.model_dump(), "prompts": prompts})
