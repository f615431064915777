from datetime import UTC, datetime

import pytest

from service.domain.review import Role
from tests.api.calling import Api

pytestmark = pytest.mark.slow

GOOD = "Declan, I'm sorry that you took Thursday off and nobody came or rang."


async def test_an_agent_edits_and_a_reviewer_approves(api: Api) -> None:
    agent, reviewer = await api.key(Role.AGENT), await api.key(Role.REVIEWER)
    draft = await api.draft(agent)
    url = f"/v1/drafts/{draft['id']}/decisions"
    edit = {"decision": "edit", "by": "Ann", "text": GOOD, "expected_version": 1}
    edited = await api.client.post(url, json=edit, headers=agent)
    assert (edited.status_code, edited.json()["version"]) == (200, 2)
    assert (edited.json()["reply"], edited.json()["edited_by"]) == (GOOD, "Ann")
    approve = {"decision": "approve", "by": "Ruth", "expected_version": 2}
    refused = await api.client.post(url, json=approve, headers=agent)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    late = {**approve, "expected_version": 1}
    conflict = await api.client.post(url, json=late, headers=reviewer)
    assert (conflict.status_code, conflict.json()["code"]) == (409, "version_conflict")


async def test_a_decision_with_a_key_is_taken_once(api: Api) -> None:
    draft = await api.draft(await api.key(Role.AGENT))
    headers = {**await api.key(Role.REVIEWER), "Idempotency-Key": "d1"}
    url = f"/v1/drafts/{draft['id']}/decisions"
    body = {"decision": "reject", "by": "Ruth", "reason": "wrong tone", "expected_version": 1}
    first = await api.client.post(url, json=body, headers=headers)
    again = await api.client.post(url, json=body, headers=headers)
    assert first.json()["status"] == "rejected"
    assert first.json()["decided_by"] == "Ruth"
    assert again.json() == first.json()
    other = await api.client.post(url, json={**body, "reason": "other"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_conflict")
    assert len(await api.services.review.history(draft["id"])) == 1
    closed = await api.client.post(url, json=body, headers=await api.key(Role.REVIEWER))
    assert (closed.status_code, closed.json()["code"]) == (409, "transition_refused")


async def test_an_override_needs_a_lead(api: Api) -> None:
    draft = await api.draft(await api.key(Role.AGENT))
    body = {
        "decision": "approve",
        "by": "Ruth",
        "expected_version": 1,
        "override": [{"check": "defensive", "reason": "a quotation"}],
    }
    url = f"/v1/drafts/{draft['id']}/decisions"
    answer = await api.client.post(url, json=body, headers=await api.key(Role.REVIEWER))
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


@pytest.mark.parametrize(
    "body",
    [
        {"decision": "edit", "by": "Ann", "expected_version": 1},
        {"decision": "approve", "by": "Ann"},
        {"decision": "approve", "by": "", "expected_version": 1},
        {"decision": "approve", "by": "Ann", "expected_version": 1, "text": "Hello"},
        {"decision": "reject", "by": "Ann", "expected_version": 1},
        {"decision": "shrug", "by": "Ann", "expected_version": 1},
    ],
    ids=str,
)
async def test_a_decision_that_cannot_be(api: Api, body: dict[str, object]) -> None:
    headers = await api.key()
    draft = await api.draft(headers)
    answer = await api.client.post(
        f"/v1/drafts/{draft['id']}/decisions", json=body, headers=headers
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


async def test_the_queue_holds_what_waits_with_the_minutes_left(api: Api) -> None:
    headers = await api.key()
    made = [await api.draft(headers, channel=channel) for channel in ("email", "chat")]
    made.sort(key=lambda draft: str(draft["deadline_at"]))
    waiting = (await api.client.get("/v1/queue", headers=headers)).json()["items"]
    assert [item["id"] for item in waiting] == [draft["id"] for draft in made]
    for item in waiting:
        due = datetime.fromisoformat(item["deadline_at"])
        left = (due - datetime.now(UTC)).total_seconds() / 60
        assert left - 1 <= item["minutes_left"] <= left + 1
    first = (await api.client.get("/v1/queue?limit=1", headers=headers)).json()["items"]
    assert [item["id"] for item in first] == [made[0]["id"]]
