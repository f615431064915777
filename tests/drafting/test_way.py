"""The way of a draft, station by station, over real parts and a scripted model."""

import itertools
import json
from datetime import timedelta

import pytest

from service.bootstrap import Services
from service.domain.checks import Verdict
from service.domain.draft import AttemptKind, Draft, DraftContent, DraftStatus
from service.domain.thread import Case
from service.domain.triage import MoveKind
from service.errors import ModelRefused, ModelTimeout, ModelUnavailable
from service.llm.client import ChatRequest
from service.llm.scripted import Answer
from tests.drafting.conftest import FixedClock, Opening
from tests.factories import ADMIN, BROKEN, case

pytestmark = pytest.mark.slow

GOOD = (
    "The glass smashed and nine days late on top: I'm sorry, that's a rotten start. You can have "
    "a new lamp free of charge or your money back, and €10 for the delay. I'll write here by "
    "18:00 the next working day. Thank you for telling me."
)
DEFENSIVE = (
    "Our records show that the parcel left us in perfect condition, so you must have dropped it. "
    "You get €75."
)


def answer(reply: str, **more: object) -> str:
    return json.dumps({"reply": reply, **more})


async def draft(services: Services, asked: Case) -> Draft:
    return await services.drafts.finished(await services.drafts.create(asked, "lampwick", ADMIN))


def content_of(draft: Draft) -> DraftContent:
    assert draft.content is not None
    return draft.content


async def test_a_good_reply_is_held_with_its_evidence(opened: Opening) -> None:
    both = "My new lamp arrived broken and the parcel was nine days late. Not happy."
    async with opened([answer(GOOD)]) as (services, model):
        made = await draft(services, case(both))
        content = content_of(made)
    assert made.status is DraftStatus.PENDING_REVIEW
    assert content.reply == GOOD
    assert not content.holding
    assert content.checks.verdict is not Verdict.BLOCK
    assert {p.id for p in content.evidence.policy} >= {"broken-on-arrival", "late-parcel"}
    assert [c.due_at.isoformat()[:16] for c in content.commitments if c.due_at] == [
        "2026-11-23T17:00"
    ]
    assert {c.policy_id for c in content.citations} >= {"late-parcel"}
    assert content.provenance.fingerprint
    assert str(content.provenance.prompt) == "draft_reply@v1"
    assert len(model.requests) == 1


async def test_a_blocked_reply_is_revised_with_the_findings_in_words(opened: Opening) -> None:
    async with opened([answer(DEFENSIVE), answer(GOOD)]) as (services, model):
        content = content_of(await draft(services, case()))
    assert content.reply == GOOD
    assert [a.kind for a in content.attempts] == [AttemptKind.CANDIDATE, AttemptKind.REVISION]
    asked_again = model.requests[1].messages
    assert asked_again[-2].content == DEFENSIVE
    assert "€75" in asked_again[-1].content


async def test_revision_ends_when_it_does_not_help(opened: Opening) -> None:
    async with opened([answer(DEFENSIVE)]) as (services, model):
        content = content_of(await draft(services, case()))
    assert len(model.requests) == 2
    assert content.holding
    assert [a.reply for a in content.attempts] == [DEFENSIVE, DEFENSIVE]


async def test_of_several_candidates_the_one_with_the_best_checks_wins(opened: Opening) -> None:
    async with opened([answer(DEFENSIVE), answer(GOOD)]) as (services, model):
        content = content_of(await draft(services, case(options={"candidates": 3})))
    assert content.reply == GOOD
    assert {request.temperature for request in model.requests} > {0.4}


@pytest.mark.parametrize(
    ("failing", "words"),
    [
        (ModelUnavailable("the model is down"), "down"),
        (ModelTimeout("no answer within 45 s"), "45 s"),
        (ModelRefused("declined"), "declined"),
        ('{"reply": "I am sor', "reply"),
        ("", "reply"),
        ("[[[", "reply"),
    ],
)
async def test_a_failing_model_leads_to_a_holding_reply(
    opened: Opening, failing: Answer, words: str
) -> None:
    async with opened([failing]) as (services, _):
        made = await draft(services, case())
    content = content_of(made)
    assert made.status is DraftStatus.PENDING_REVIEW
    assert content.holding
    assert content.reply
    assert content.attempts[0].error
    assert words in (content.holding_reason or "")
    assert content.commitments[0].due_at is not None


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("pl", "Lampa przyszła rozbita i nikt nie odpowiada na moje wiadomości.", "roboczego"),
        ("es", "La lámpara llegó rota y nadie contesta a mis mensajes.", "laborable"),
        ("de", "Die Lampe kam zerbrochen an und keiner antwortet auf meine Mails.", "Werktag"),
    ],
)
async def test_a_holding_reply_speaks_the_customers_language(
    opened: Opening, language: str, text: str, said: str
) -> None:
    async with opened([ModelUnavailable("down")]) as (services, _):
        content = content_of(await draft(services, case(text)))
    assert content.language == language
    assert said in (content.reply or "")


async def test_neighbouring_holding_replies_differ(opened: Opening, clock: FixedClock) -> None:
    said = []
    async with opened([ModelUnavailable("down")]) as (services, _):
        for number in range(4):
            clock.time += timedelta(minutes=1)
            asked = case(f"{BROKEN} Order of week {number}.")
            said.append(content_of(await draft(services, asked)).reply)
    assert len(set(said[:3])) == 3
    assert all(one != other for one, other in itertools.pairwise(said))


async def test_an_unlisted_language_is_answered_in_the_brands_first(opened: Opening) -> None:
    text = "Ma lampe est arrivée cassée et personne ne répond à mes messages depuis une semaine."
    async with opened([ModelUnavailable("down")]) as (services, _):
        content = content_of(await draft(services, case(text)))
    assert content.triage.language == "fr"
    assert content.language == "en"


async def test_spam_gets_no_reply_and_no_model_call(opened: Opening) -> None:
    text = "Earn $5000 weekly from home with crypto, follow my profile and DM me for free signals"
    async with opened([answer(GOOD)]) as (services, model):
        content = content_of(await draft(services, case(text)))
    assert content.move.kind is MoveKind.NO_REPLY
    assert content.reply is None
    assert model.requests == []


async def test_what_is_too_long_to_read_is_stored_and_held(opened: Opening) -> None:
    text = f"{BROKEN} " * 130
    async with opened([answer(GOOD)]) as (services, model):
        made = await draft(services, case(text))
        snapshot = await services.drafts.snapshot(made.id)
    assert len(text) > 10_000
    assert content_of(made).holding
    assert snapshot is not None
    assert snapshot.case.complaint.text == text
    assert model.requests == []


async def test_private_facts_guide_and_never_show(opened: Opening) -> None:
    asked = case(known=[{"text": "The carrier lost pallet 7", "private": True}])
    async with opened([answer(GOOD)]) as (services, model):
        await draft(services, asked)
    shown = model.requests[0].messages[-1].content
    assert "private" in shown
    assert "pallet 7" in shown


async def test_no_connection_is_held_while_the_model_thinks(opened: Opening) -> None:
    in_use: list[int] = []
    async with opened([answer(GOOD)]) as (services, model):

        def look(_: ChatRequest) -> str:
            in_use.append(services.database.in_use)
            return answer(GOOD)

        model.replace([look])
        await draft(services, case())
    assert in_use == [0]
