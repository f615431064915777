"""Drafts that nobody asked for: the workers write them, and a person approves."""

import asyncio
from typing import Any

from service.bootstrap import Services
from service.domain.draft import Draft, DraftContent, DraftStatus
from tests.factories import ADMIN, case, decision
from tests.working import a_worker

WORK_S = 60


async def settled(services: Services, draft_id: str | None) -> Draft:
    """The draft once a worker has written it."""
    assert draft_id is not None
    async with a_worker(services.drafts), asyncio.timeout(WORK_S):
        draft = await services.drafts.get(draft_id)
        while draft.status is DraftStatus.DRAFTING:
            await asyncio.sleep(0.02)
            draft = await services.drafts.get(draft_id)
    return draft


def content_of(draft: Draft) -> DraftContent:
    assert draft.content is not None
    return draft.content


async def approve(services: Services, draft_id: str, **more: Any) -> Draft:
    draft = await services.drafts.get(draft_id)
    asked = decision("approve", version=draft.version, **more)
    return await services.review.decide(draft_id, asked, ADMIN)


async def approved(services: Services, *, thread_id: str = "t1", **more: Any) -> str:
    """A thread with an approved reply in it."""
    asked = case(thread_id=thread_id, **more)
    draft_id = await services.drafts.create(asked, "lampwick", ADMIN)
    await services.drafts.finished(draft_id)
    await approve(services, draft_id)
    return draft_id


async def topics(services: Services, prefix: str) -> list[str]:
    events = await services.review.waiting_events()
    return [event["topic"] for event in events if event["topic"].startswith(prefix)]
