"""Commitments and threads as a client sees them."""

from datetime import timedelta

import pytest

from service.domain.commitment import Commitment
from service.domain.review import Role
from service.store.commitments import CommitmentRepository
from tests.api.calling import Api
from tests.followup.waiting import NOON, PEOPLE, Store, brand

pytestmark = pytest.mark.slow
PRIVATE = {"what": "Refunded €43.20 by phone.", "private": True, "by": "Marta"}


async def test_a_promise_from_approval_to_kept(api: Api) -> None:
    lead = await api.key(Role.LEAD, "tidewell")
    agent = await api.key(Role.AGENT, "tidewell")
    other = await api.key(Role.LEAD, "brindle")
    draft = await api.draft(lead, thread_id="fb-1")
    approval = {"decision": "approve", "by": "Marta", "owner": "Zofia", "expected_version": 1}
    path = f"/v1/drafts/{draft['id']}/decisions"
    assert (await api.client.post(path, json=approval, headers=lead)).status_code == 200

    listed = await api.client.get("/v1/commitments?status=open&owner=Zofia", headers=agent)
    (promise,) = listed.json()["items"]
    assert (promise["thread_id"], promise["overdue"], promise["version"]) == ("fb-1", False, 1)
    assert (await api.client.get("/v1/commitments", headers=other)).json()["items"] == []

    one = f"/v1/commitments/{promise['id']}"
    asked = {
        "foreign": (other, {"status": "kept", "expected_version": 1}, 403),
        "no note": (agent, {"status": "broken", "expected_version": 1}, 422),
        "an agent moves": (agent, {"owner": "Jan", "note": "ill", "expected_version": 1}, 403),
        "kept": (agent, {"status": "kept", "by": "Zofia", "expected_version": 1}, 200),
        "again": (agent, {"status": "kept", "by": "Zofia", "expected_version": 1}, 409),
    }
    for name, (headers, body, status) in asked.items():
        answer = await api.client.patch(one, json=body, headers=headers)
        assert answer.status_code == status, (name, answer.text)
    assert answer.json()["code"] == "version_conflict"
    missing = await api.client.patch("/v1/commitments/com_0", json=body, headers=lead)
    assert missing.status_code == 404


async def test_a_thread_is_solved_and_waits_to_be_closed(api: Api) -> None:
    lead = await api.key(Role.LEAD, "tidewell")
    everywhere = await api.key(Role.LEAD)
    draft = await api.draft(lead, thread_id="fb-2")
    approval = {"decision": "approve", "by": "Marta", "expected_version": 1}
    await api.client.post(f"/v1/drafts/{draft['id']}/decisions", json=approval, headers=lead)
    known = await api.client.post(
        "/v1/threads/fb-2/known", json={"text": "The van broke down."}, headers=lead
    )
    assert known.status_code == 200, known.text

    path, once = "/v1/threads/fb-2/resolved", {**lead, "Idempotency-Key": "k1"}
    first = await api.client.post(path, json=PRIVATE, headers=once)
    again = await api.client.post(path, json=PRIVATE, headers=once)
    assert first.status_code == again.status_code == 200, first.text
    assert first.json()["draft_id"] == again.json()["draft_id"] is not None
    assert "43.20" not in first.text
    nobodys = await api.client.post(path, json=PRIVATE, headers=everywhere)
    assert nobodys.status_code == 422
    assert (await api.client.post("/v1/threads/no/resolved", json=PRIVATE, headers=lead)).json()[
        "code"
    ] == "not_found"

    left = await api.client.get("/v1/threads?state=resolved_not_closed", headers=lead)
    assert [thread["id"] for thread in left.json()["items"]] == ["fb-2"]
    update = await api.services.drafts.finished(first.json()["draft_id"])
    shown = (await api.client.get(f"/v1/drafts/{update.id}", headers=lead)).json()
    assert "43.20" not in (shown["reply"] or "")


async def test_what_waits_for_a_promise_ends_with_it(cold: Api) -> None:
    store = Store(cold.services.database)
    await store.brand(brand(team=PEOPLE))
    request = {"complaint": {"text": "It broke."}, "channel": "x"}
    await store.draft("drf_1", thread_id="t1", request=request)
    due = cold.services.now() + timedelta(days=1)
    made = Commitment(
        id="com_1",
        brand_id="lampwick",
        draft_id="drf_1",
        thread_id="t1",
        what="News by tomorrow.",
        owner="Ana",
        due_at=due,
        created_at=NOON,
        promised_at=NOON,
        follow_up_draft_id="drf_1",
    )
    async with store.database.write() as connection:
        await CommitmentRepository().add(connection, [made])
    lead = await cold.key(Role.LEAD, "lampwick")
    body = {"owner": "Zed", "note": "on leave", "expected_version": 1}
    refused = await cold.client.patch("/v1/commitments/com_1", json=body, headers=lead)
    assert refused.status_code == 422
    assert "Zed is not in the team of lampwick: Ana, Ben, Cleo" in refused.text
    later = (due + timedelta(days=1)).isoformat()
    body = {"due_at": later, "note": "the depot is shut", "expected_version": 1}
    moved = await cold.client.patch("/v1/commitments/com_1", json=body, headers=lead)
    assert (moved.status_code, moved.json()["follow_up_draft_id"]) == (200, None), moved.text
    shown = (await cold.client.get("/v1/drafts/drf_1", headers=lead)).json()
    assert shown["status"] == "superseded"
