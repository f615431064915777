"""A draft that a person turned down is drafted again: another text, or it says that it is not."""

import pytest

from service.bootstrap import Services
from service.domain.brand import Brand
from service.domain.checks import Severity, Verdict
from service.domain.draft import AttemptKind, DraftContent, DraftStatus
from service.errors import ModelUnavailable
from service.settings import LlmSettings, Settings
from service.text.sentences import split_sentences
from tests.drafting.conftest import Opening
from tests.drafting.test_way import DEFENSIVE, GOOD, answer
from tests.factories import ADMIN, LAMPS, case, decision

pytestmark = pytest.mark.slow

OTHER = (
    "I'm sorry that your new lamp came with its glass smashed, and nine days late. You can have a "
    "new lamp free of charge or your money back, and €10 for the delay. You'll hear from me here "
    "by 18:00 the next working day."
)
WHY = "Too chatty, say it in fewer words"
SAME = "the very text that a person turned down"


async def rejected(services: Services, reason: str = WHY) -> str:
    """A draft that a person turned down."""
    draft_id = await services.drafts.create(case(), LAMPS.id, ADMIN)
    await services.drafts.finished(draft_id)
    await services.review.decide(draft_id, decision("reject", reason=reason), ADMIN)
    return draft_id


async def redrafted(services: Services, draft_id: str) -> DraftContent:
    await services.drafts.redraft(draft_id, ADMIN)
    again = await services.drafts.finished(draft_id)
    assert again.status is DraftStatus.PENDING_REVIEW
    assert again.content is not None
    return again.content


def said_to_be_the_same(content: DraftContent) -> bool:
    found = [one for one in content.checks.findings if SAME in one.message]
    assert {one.severity for one in found} <= {Severity.WARN}
    return bool(found)


async def test_the_reason_is_told_and_another_text_wins(opened: Opening) -> None:
    async with opened([answer(GOOD), answer(GOOD), answer(OTHER)]) as (services, model):
        content = await redrafted(services, await rejected(services))
    assert content.reply == OTHER
    assert not said_to_be_the_same(content)
    assert [one.kind for one in content.attempts[-2:]] == [
        AttemptKind.CANDIDATE,
        AttemptKind.REVISION,
    ]
    first, again, revised = (" ".join(m.content for m in r.messages) for r in model.requests)
    assert WHY not in first
    assert WHY in again
    assert "turned down" in revised.split(WHY)[-1]


async def test_where_no_other_can_be_made_the_same_text_says_so(opened: Opening) -> None:
    async with opened([answer(GOOD)]) as (services, _):
        content = await redrafted(services, await rejected(services))
    assert (content.reply, content.holding) == (GOOD, False)
    assert content.checks.verdict is Verdict.WARN
    assert said_to_be_the_same(content)


async def test_the_same_text_is_better_than_one_that_is_blocked(opened: Opening) -> None:
    async with opened([answer(GOOD), answer(DEFENSIVE), answer(GOOD)]) as (services, _):
        content = await redrafted(services, await rejected(services))
    assert content.reply == GOOD
    assert said_to_be_the_same(content)


async def test_every_text_that_was_turned_down_is_remembered(opened: Opening) -> None:
    async with opened([answer(GOOD), answer(OTHER), answer(GOOD)]) as (services, _):
        draft_id = await rejected(services)
        assert (await redrafted(services, draft_id)).reply == OTHER
        await services.review.decide(draft_id, decision("reject", version=2, reason="no"), ADMIN)
        assert said_to_be_the_same(await redrafted(services, draft_id))


async def test_another_holding_reply_takes_the_turn(opened: Opening) -> None:
    async with opened([ModelUnavailable("down")]) as (services, _):
        draft_id = await rejected(services)
        before = await services.drafts.get(draft_id)
        content = await redrafted(services, draft_id)
    assert before.content is not None
    assert content.holding
    assert content.reply != before.content.reply
    assert not said_to_be_the_same(content)


async def test_the_only_holding_reply_says_that_it_is_the_same(opened: Opening) -> None:
    words = "I'm sorry. I'm looking into it and will write to you here {window}."
    only = Brand.model_validate({**LAMPS.model_dump(), "holding_replies": {"en": [words]}})
    async with opened([ModelUnavailable("down")]) as (services, _):
        await services.library.replace(only, actor="test")
        content = await redrafted(services, await rejected(services))
    assert content.holding
    assert said_to_be_the_same(content)


async def test_a_small_model_is_asked_for_another_beginning(
    opened: Opening, settings: Settings
) -> None:
    small = settings.model_copy(update={"llm": LlmSettings(model="bundled")})
    first = "I'm sorry that your lamp arrived with the glass smashed and the parcel so late."
    other = "I'm sorry that the glass of your new lamp was in pieces after nine days."
    async with opened([first, first, other], chosen=small) as (services, model):
        draft_id = await rejected(services)
        before = await services.drafts.get(draft_id)
        content = await redrafted(services, draft_id)
    assert before.content is not None
    assert before.content.reply is not None
    assert content.reply is not None
    assert split_sentences(content.reply)[0] != split_sentences(before.content.reply)[0]
    assert not said_to_be_the_same(content)
    assert WHY not in "".join(m.content for r in model.requests for m in r.messages)
