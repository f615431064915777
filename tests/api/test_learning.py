"""Style notes and good examples as leads and agents reach them through the API."""

import asyncio
from typing import Any

import pytest

from service.domain.review import Role
from tests.api.calling import Api

pytestmark = pytest.mark.slow

NOTES = "/v1/brands/tidewell/style-notes"
EXAMPLES = "/v1/brands/tidewell/examples"
OWN = {"text": "Write as one person: I, not we.", "by": "Zofia", "language": "en"}


async def test_a_lead_writes_a_note_and_retires_it(api: Api) -> None:
    lead = await api.key(Role.LEAD, "tidewell")
    once = {**lead, "Idempotency-Key": "n1"}
    made = await api.client.post(NOTES, json=OWN, headers=once)
    again = await api.client.post(NOTES, json=OWN, headers=once)
    assert (made.status_code, made.json()["status"]) == (201, "accepted")
    assert again.json() == made.json()
    other = await api.client.post(NOTES, json={**OWN, "text": "Be brief."}, headers=once)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_conflict")
    listed = (await api.client.get(f"{NOTES}?status=accepted", headers=lead)).json()["items"]
    assert listed == [made.json()]
    decisions = f"{NOTES}/{made.json()['id']}/decisions"
    both = await asyncio.gather(
        *(
            api.client.post(decisions, json={"decision": "retire", "by": by}, headers=lead)
            for by in ("Zofia", "Jan")
        )
    )
    assert sorted(answer.status_code for answer in both) == [200, 409]
    (refused,) = [answer.json() for answer in both if answer.status_code == 409]
    assert refused["code"] == "transition_refused"


@pytest.mark.parametrize(
    ("role", "brand", "body", "expected"),
    [
        (Role.REVIEWER, "tidewell", OWN, 403),
        (Role.LEAD, "brindle", OWN, 403),
        (Role.LEAD, None, {**OWN, "expires_at": "2020-01-01T00:00:00Z"}, 422),
        (Role.LEAD, None, {**OWN, "text": ""}, 422),
        (Role.LEAD, None, {**OWN, "channel": "fax"}, 422),
        (Role.LEAD, None, {**OWN, "text": "x" * 201}, 422),
    ],
    ids=["a reviewer", "another brand", "long ago", "no words", "no channel", "too long"],
)
async def test_a_note_that_cannot_be(
    cold: Api, role: Role, brand: str | None, body: dict[str, Any], expected: int
) -> None:
    from service.domain.brand import Brand

    for one in ("tidewell", "brindle"):
        await cold.services.library.replace(Brand(id=one, name=one, voice="Kind."), actor="test")
    answer = await cold.client.post(NOTES, json=body, headers=await cold.key(role, brand))
    assert answer.status_code == expected


async def test_an_approved_reply_becomes_a_past_reply(api: Api) -> None:
    agent, lead = await api.key(Role.AGENT), await api.key(Role.LEAD)
    draft = await api.draft(agent)
    mark_url = f"/v1/drafts/{draft['id']}/example"
    early = await api.client.post(mark_url, json={"by": "Ann"}, headers=agent)
    assert (early.status_code, early.json()["code"]) == (409, "transition_refused")
    approve = {"decision": "approve", "by": "Ruth", "expected_version": 1}
    decided = await api.client.post(
        f"/v1/drafts/{draft['id']}/decisions", json=approve, headers=lead
    )
    assert decided.status_code == 200, decided.text
    marked = await api.client.post(mark_url, json={"by": "Ann"}, headers=agent)
    assert marked.status_code == 201, marked.text
    assert "Declan" not in marked.text
    assert "Marta" not in marked.json()["example"]["reply"]

    listed = await api.client.get(f"{EXAMPLES}?status=proposed&limit=1", headers=agent)
    assert listed.json() == {"items": [marked.json()], "next_cursor": None}
    shown = await api.client.get(f"{EXAMPLES}/{draft['id']}", headers=agent)
    assert shown.json() == marked.json()
    url = f"{EXAMPLES}/{draft['id']}/decisions"
    accept = {"decision": "accept", "by": "Zofia"}
    refused = await api.client.post(url, json=accept, headers=agent)
    assert refused.status_code == 403
    accepted = await api.client.post(url, json=accept, headers=lead)
    assert accepted.json()["status"] == "accepted"
    assert (await api.client.post(url, json=accept, headers=lead)).json() == accepted.json()
    replies = await api.client.get("/v1/brands/tidewell/past-replies", headers=lead)
    (kept,) = [one for one in replies.json()["items"] if one["id"] == draft["id"]]
    assert kept == accepted.json()["example"]
    missing = await api.client.get(f"{EXAMPLES}/drf_none", headers=agent)
    assert missing.status_code == 404


async def test_examples_come_in_pages(api: Api) -> None:
    admin = await api.key()
    ids: list[str] = []
    for channel in ("email", "helpdesk", "chat"):
        draft = await api.draft(admin, channel=channel)
        approve = {"decision": "approve", "by": "Ruth", "expected_version": draft["version"]}
        await api.client.post(f"/v1/drafts/{draft['id']}/decisions", json=approve, headers=admin)
        url = f"/v1/drafts/{draft['id']}/example"
        answer = await api.client.post(url, json={"by": "Ann"}, headers=admin)
        assert answer.status_code == 201, answer.text
        ids.insert(0, draft["id"])
    first = (await api.client.get(f"{EXAMPLES}?limit=2", headers=admin)).json()
    more = f"{EXAMPLES}?limit=2&cursor={first['next_cursor']}"
    second = (await api.client.get(more, headers=admin)).json()
    assert [one["draft_id"] for one in (*first["items"], *second["items"])] == ids
    assert second["next_cursor"] is None
