"""What a reply that somebody wrote is held against: the case's rules, and those it speaks of."""

from collections.abc import AsyncIterator

import pytest

from service.bootstrap import Services
from service.domain.brand import Brand
from service.domain.checks import CheckReport, Severity
from service.domain.knowledge import PolicyPassage
from service.domain.thread import ReplyToCheck
from tests.drafting.conftest import Opening

BOATS = Brand(id="boats", name="Boats", voice="Plain.", languages=("en", "pl", "es", "de"))
RULES = {
    "breakdown": "If the boat breaks down, a fitter reaches you within 3 hours. For each started "
    "block of 6 hours that you cannot move, we refund a quarter of a day's hire.",
    "deposit": "The damage deposit is £200 and is taken from your card on the day you collect the "
    "boat. We give it back within 7 days of return.",
    "late": "Boats are due back at 09:00 on the last day. Each started hour after 09:30 costs £40.",
    "dogs": "Two dogs may travel on every boat. Each costs £30 a week.",
    "cancel": "If you cancel 43 days or more before the start of your hire, we refund everything "
    "but the £150 booking fee. From 42 to 15 days we refund half of the hire price.",
    "locks": "Locks and tunnels belong to the Waterways Board. If a closure stops your route we "
    "help you plan another.",
}


@pytest.fixture
async def boats(opened: Opening) -> AsyncIterator[Services]:
    policy = tuple(PolicyPassage(id=name, text=text) for name, text in RULES.items())
    async with opened() as (services, _):
        await services.library.replace(BOATS, policy=policy, past_replies=(), actor="test")
        yield services


async def check(services: Services, reply: str, complaint: str, **more: object) -> CheckReport:
    asked = {"reply": reply, "complaint": {"text": complaint}, "channel": "facebook", **more}
    return await services.checker.check(ReplyToCheck.model_validate(asked), BOATS)


def blocked(report: CheckReport) -> list[str | None]:
    """The words that a check of claims stops."""
    claims = {"ungrounded_specific", "ungrounded_promise", "contradicts_policy"}
    blocks = (one for one in report.findings if one.severity is Severity.BLOCK)
    return [one.span.text for one in blocks if one.check in claims]


async def test_a_share_that_the_brand_has_a_rule_for_blocks_nothing(boats: Services) -> None:
    complaint = "Waited six hours for the fitter, engine dead"
    report = await check(boats, "We'll pay back a quarter of a day's hire.", complaint)
    assert blocked(report) == []
    assert [one.policy_id for one in report.citations] == ["breakdown"]
    wrong = await check(boats, "We'll pay back half of a day's hire.", complaint)
    assert len(blocked(wrong)) == 1


@pytest.mark.parametrize(
    ("reply", "complaint", "wrong"),
    [
        ("Kaucja wynosi 200 funtów.", "Ile wynosi kaucja?", []),
        ("La fianza son 200 libras.", "¿Cuánto es la fianza?", []),
        ("Die Kaution beträgt 200 Pfund.", "Wie hoch ist die Kaution?", []),
        ("Kaucja wynosi 500 funtów.", "Ile wynosi kaucja?", ["500 funtów"]),
        ("La fianza son 500 libras.", "¿Cuánto es la fianza?", ["500 libras"]),
        ("Die Kaution beträgt 500 Pfund.", "Wie hoch ist die Kaution?", ["500 Pfund"]),
    ],
)
async def test_an_amount_is_looked_up_across_languages(
    boats: Services, reply: str, complaint: str, wrong: list[str]
) -> None:
    assert blocked(await check(boats, reply, complaint)) == wrong


async def test_a_look_alike_rule_makes_no_value_right(boats: Services) -> None:
    complaint = "Our dog was sick on the floor and you want extra money?"
    report = await check(boats, "Each started hour after 09:30 costs £40.", complaint)
    (found,) = [one for one in report.findings if one.span.text == "£40"]
    assert found.severity is Severity.WARN
    assert (found.evidence or "").startswith("late: ")


async def test_named_policy_is_all_that_counts(boats: Services) -> None:
    report = await check(boats, "The deposit is £200.", "How much is it?", policy_ids=["dogs"])
    assert blocked(report) == ["£200"]
