"""Drafts that cite policy which changed meanwhile."""

import json

import pytest

from service.domain.draft import DraftStatus
from service.domain.knowledge import PolicyStatus
from tests.drafting.conftest import Opening
from tests.factories import ADMIN, LAMPS, PAST, POLICY, case

pytestmark = pytest.mark.slow

REPLY = (
    "I'm sorry that your new lamp arrived with smashed glass. A lamp that arrives broken is "
    "replaced free of charge or refunded in full if you tell us within 14 days of delivery. "
    "I'll write to you here with an update by 18:00 the next working day."
)
COMPLAINT = (
    "My lamp arrives broken, glass smashed. Isn't a lamp that arrives broken replaced free of "
    "charge or refunded in full?"
)
ANSWER = json.dumps(
    {
        "reply": REPLY,
        "citations": [{"sentence": REPLY.split(". ")[1] + ".", "policy_id": "broken-on-arrival"}],
    }
)
CHANGED = POLICY[0].model_copy(update={"text": POLICY[0].text.replace("14", "30")})
NEWER = CHANGED.model_copy(update={"version": "3"})


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        ((CHANGED, *POLICY[1:]), "broken-on-arrival@2, which the reply cites, was changed"),
        ((NEWER, *POLICY[1:]), "broken-on-arrival@2, which the reply cites, was removed"),
        (POLICY[1:], "was removed"),
        (
            (POLICY[0].model_copy(update={"status": PolicyStatus.SUPERSEDED}), NEWER),
            "was superseded by version 3",
        ),
    ],
)
async def test_a_waiting_draft_that_cites_what_changed_is_stale(
    opened: Opening, policy: tuple[object, ...], reason: str
) -> None:
    async with opened([ANSWER]) as (services, _):
        draft_id = await services.drafts.create(case(COMPLAINT), LAMPS.id, ADMIN)
        draft = await services.drafts.finished(draft_id)
        assert draft.content
        assert draft.content.citations
        told = await services.library.update(LAMPS.id, policy=policy, actor="me", dry_run=True)  # type: ignore[arg-type]
        assert (told.stale_drafts, told.dry_run) == (1, True)
        assert (await services.drafts.get(draft_id)).status is DraftStatus.PENDING_REVIEW
        done = await services.library.replace(LAMPS, policy=policy, actor="me")  # type: ignore[arg-type]
        stale = await services.drafts.get(draft_id)
        assert (stale.status, done.stale_drafts) == (DraftStatus.STALE, 1)
        assert reason in (stale.stale_reason or "")
        await services.drafts.redraft(draft_id, ADMIN)
        again = await services.drafts.finished(draft_id)
        assert (again.version, again.stale_reason) == (2, None)


async def test_a_change_elsewhere_leaves_it_waiting(opened: Opening) -> None:
    async with opened([ANSWER]) as (services, _):
        draft_id = await services.drafts.create(case(COMPLAINT), LAMPS.id, ADMIN)
        await services.drafts.finished(draft_id)
        asked = POLICY[0].model_copy(update={"asks": ("my lamp is broken",)})
        done = await services.library.replace(
            LAMPS, policy=(asked, POLICY[1]), past_replies=PAST[:0], actor="me"
        )
        assert (done.changed, done.stale_drafts) == (True, 0)
        assert (await services.drafts.get(draft_id)).status is DraftStatus.PENDING_REVIEW


async def test_policy_that_changes_while_a_draft_is_made_makes_it_stale(opened: Opening) -> None:
    async with opened([ANSWER], delay_s=1.0) as (services, model):
        draft_id = await services.drafts.create(case(COMPLAINT), LAMPS.id, ADMIN)
        while not model.requests:
            await services.drafts.wait(draft_id, 0.05)
        await services.library.replace(LAMPS, policy=POLICY[1:], actor="me")
        draft = await services.drafts.finished(draft_id)
        assert draft.status is DraftStatus.STALE
        assert "was removed" in (draft.stale_reason or "")
