"""Which prompt drafts: the case's own, then the brand's version of what the settings name."""

import pytest

from service.domain.brand import Brand
from service.domain.thread import Case
from service.domain.triage import MoveKind, Sensitivity
from service.drafting.profile import profile_for, require_prompt
from service.errors import InvalidInput, NotFound
from service.settings import DraftingSettings, LlmSettings, Settings
from tests.drafting.conftest import Opening
from tests.drafting.test_way import GOOD, answer
from tests.factories import ADMIN, LAMPS, case

PINNED = LAMPS.model_copy(update={"prompts": {"draft_reply": "v1"}})


def settings(prompt: str | None = None, model: str = "scripted") -> Settings:
    return Settings(llm=LlmSettings(model=model), drafting=DraftingSettings(prompt=prompt))


def chosen(given: Settings, brand: Brand, asked: Case | None = None) -> str:
    return str(profile_for(given, asked or case(), brand).template.ref)


def test_without_pin_or_option_the_settings_name_it_or_the_model_does() -> None:
    assert chosen(settings(), LAMPS) == "draft_reply@v1"
    assert chosen(settings(model="bundled"), LAMPS) == "draft_sections@v2"
    assert chosen(settings("draft_reply_compact"), LAMPS) == "draft_reply_compact@v1"


def test_a_brands_pin_goes_before_a_version_in_the_settings() -> None:
    nowhere = settings("draft_reply@v99")
    assert chosen(nowhere, PINNED) == "draft_reply@v1"
    with pytest.raises(NotFound):
        chosen(nowhere, LAMPS)


def test_a_pin_is_about_its_own_prompt_alone() -> None:
    assert chosen(settings("draft_reply_compact"), PINNED) == "draft_reply_compact@v1"


def test_a_cases_own_prompt_goes_before_the_pin() -> None:
    asked = case(options={"prompt": "draft_reply_compact@v1"})
    assert chosen(settings(), PINNED, asked) == "draft_reply_compact@v1"
    pinned = LAMPS.model_copy(update={"prompts": {"draft_sections": "v2"}})
    same = case(options={"prompt": "draft_sections@v1"})
    assert chosen(settings(model="bundled"), pinned, same) == "draft_sections@v1"


def test_a_prompt_that_there_is_not_is_named_with_its_place() -> None:
    with pytest.raises(NotFound, match=r"options\.prompt: no prompt nobody"):
        require_prompt(settings(), case(options={"prompt": "nobody"}))
    with pytest.raises(NotFound, match="AMENDS_DRAFTING__PROMPT: no prompt draft_reply@v99"):
        require_prompt(settings("draft_reply@v99"), case())
    with pytest.raises(NotFound, match="expand@v1 drafts no reply"):
        require_prompt(settings(), case(options={"prompt": "expand"}))


@pytest.mark.parametrize(
    "grave", [Sensitivity.SAFETY, Sensitivity.HEALTH, Sensitivity.LEGAL_THREAT]
)
def test_the_bundled_model_answers_nobody_in_danger_or_with_a_lawyer(grave: Sensitivity) -> None:
    bundled = profile_for(settings(model="bundled"), case(), LAMPS)
    assert bundled.refusal("en", MoveKind.PUBLIC_REPLY) is None
    assert grave.value in (bundled.refusal("en", MoveKind.PUBLIC_REPLY, [grave]) or "")
    assert (
        profile_for(settings(), case(), LAMPS).refusal("en", MoveKind.PUBLIC_REPLY, [grave]) is None
    )


@pytest.mark.slow
async def test_provenance_names_the_pinned_prompt(opened: Opening) -> None:
    async with opened([answer(GOOD)]) as (services, _):
        await services.library.replace(PINNED, actor="test")
        draft_id = await services.drafts.create(case(), "lampwick", ADMIN)
        made = await services.drafts.finished(draft_id)
        with pytest.raises(InvalidInput, match=r"options\.prompt"):
            await services.drafts.create(case(options={"prompt": "nobody"}), "lampwick", ADMIN)
    assert made.content is not None
    assert str(made.content.provenance.prompt) == "draft_reply@v1"
