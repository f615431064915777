import asyncio
from typing import Any

import pytest

from service.domain.draft import DraftStatus
from service.domain.review import Role
from service.errors import ModelUnavailable
from service.settings import Settings
from tests.api.calling import COMPLAINT, Api, case, open_api

pytestmark = pytest.mark.slow

FIELDS = {
    *("id", "case_id", "brand", "brand_id", "thread_id", "status", "reply", "language", "move"),
    *("triage", "evidence", "citations", "commitments", "checks", "missing_facts", "attempts"),
    *("holding", "holding_reason", "deadline_at", "version", "provenance", "timings"),
    *("assignee", "rank", "asked_at"),
    *("created_at", "updated_at", "edited_by", "decided_by", "stale_reason", "edits"),
}
MADE = FIELDS - {
    *("case_id", "holding_reason", "edited_by", "decided_by", "stale_reason", "edits", "assignee")
}


async def until_ready(api: Api, draft_id: str, headers: dict[str, str]) -> dict[str, Any]:
    async with asyncio.timeout(30):
        while True:
            found = (await api.client.get(f"/v1/drafts/{draft_id}", headers=headers)).json()
            if found["status"] != "drafting":
                return dict(found)
            await asyncio.sleep(0.02)


async def test_a_draft_is_flat_and_whole(api: Api) -> None:
    headers = await api.key(Role.AGENT, "tidewell")
    body = {"id": "ticket-1", "channel": "facebook", "complaint": COMPLAINT}
    answer = await api.client.post("/v1/drafts", json=body, headers=headers)
    draft = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/v1/drafts/{draft['id']}"
    assert set(draft) == FIELDS
    assert (draft["case_id"], draft["brand"], draft["version"]) == ("ticket-1", "tidewell", 1)
    assert draft["status"] == "pending_review"
    assert draft["reply"]
    assert draft["move"]["kind"] == draft["triage"]["move"]["kind"]
    assert set(draft["checks"]) == {"verdict", "findings", "checks_run"}
    assert draft["attempts"][0]["reply"]
    assert draft["provenance"]["fingerprint"]
    assert {row["id"] for row in draft["evidence"]["policy"]} >= {"missed-slot"}
    shown = await api.client.get(answer.headers["location"], headers=headers)
    assert shown.json() == draft


async def test_a_draft_that_takes_longer_than_the_wait(brands: Settings) -> None:
    async with open_api(brands, delay_s=0.3) as api:
        headers = await api.key(Role.AGENT)
        body = case(options={"wait_s": 0})
        answer = await api.client.post("/v1/drafts", json=body, headers=headers)
        early = answer.json()
        assert (answer.status_code, early["status"]) == (202, "drafting")
        assert [name for name in MADE if early[name] in (None, [], {})]
        assert (early["reply"], early["checks"], early["evidence"]["policy"]) == (None, None, [])
        later = await until_ready(api, early["id"], headers)
    assert answer.headers["location"] == f"/v1/drafts/{later['id']}"
    assert later["status"] == "pending_review"


async def test_a_model_that_is_down_gives_a_holding_reply(brands: Settings) -> None:
    async with open_api(brands, ModelUnavailable("down")) as api:
        draft = await api.draft(await api.key(Role.AGENT))
    assert draft["holding"] is True
    assert draft["holding_reason"]
    assert draft["reply"]
    assert draft["commitments"][0]["due_at"]


async def test_a_complaint_longer_than_can_be_read_is_held(api: Api) -> None:
    draft = await api.draft(await api.key(Role.AGENT), text="Nobody came. " * 800)
    assert draft["holding"] is True
    assert "longer than 10,000" in draft["holding_reason"]


async def test_nul_characters_are_dropped(api: Api) -> None:
    headers = await api.key(Role.AGENT)
    draft = await api.draft(headers, text="Nobody\x00 came on Thursday.")
    assert draft["status"] == "pending_review"


async def test_the_same_key_gives_the_same_draft(api: Api) -> None:
    headers = {**await api.key(Role.AGENT), "Idempotency-Key": "once"}
    first = await api.client.post("/v1/drafts", json=case(), headers=headers)
    again = await api.client.post("/v1/drafts", json=case(), headers=headers)
    other = await api.client.post("/v1/drafts", json=case("Something else."), headers=headers)
    assert again.json() == first.json()
    assert again.status_code == 201
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_conflict")
    assert len(api.model.requests) == 1
    theirs = await api.client.post(
        "/v1/drafts", json=case(), headers={**headers, **await api.key(Role.LEAD)}
    )
    assert theirs.json()["id"] != first.json()["id"]


async def test_requests_with_one_key_at_the_same_time_make_one_draft(api: Api) -> None:
    headers = {**await api.key(Role.AGENT), "Idempotency-Key": "race"}
    calls = [api.client.post("/v1/drafts", json=case(), headers=headers) for _ in range(5)]
    answers = await asyncio.gather(*calls)
    assert {answer.status_code for answer in answers} <= {201, 202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    listed = (await api.client.get("/v1/drafts", headers=headers)).json()["items"]
    assert len(listed) == 1


async def test_pages_hold_every_draft_once_newest_first(api: Api) -> None:
    headers = await api.key(Role.AGENT)
    made = [(await api.draft(headers, text=f"Nobody came, day {n}."))["id"] for n in range(3)]
    seen: list[str] = []
    query = {"limit": "2", "status": "pending_review"}
    while "cursor" not in query or query["cursor"]:
        page = (await api.client.get("/v1/drafts", params=query, headers=headers)).json()
        seen += [item["id"] for item in page["items"]]
        query["cursor"] = page["next_cursor"]
    assert seen == made[::-1]
    nobody = await api.client.get("/v1/drafts?status=approved", headers=headers)
    assert nobody.json() == {"items": [], "next_cursor": None}


@pytest.mark.parametrize("query", ["limit=101", "limit=0", "cursor=%21%21", "status=nearly"])
async def test_a_page_that_cannot_be(api: Api, query: str) -> None:
    answer = await api.client.get(f"/v1/drafts?{query}", headers=await api.key())
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


async def test_the_draft_of_another_brand(api: Api) -> None:
    draft = await api.draft(await api.key(Role.AGENT, "tidewell"))
    theirs = await api.key(Role.ADMIN, "brindle")
    url = f"/v1/drafts/{draft['id']}"
    decision = {"decision": "approve", "by": "Eve", "expected_version": 1}
    for answer in (
        await api.client.get(url, headers=theirs),
        await api.client.post(f"{url}/redraft", headers=theirs),
        await api.client.post(f"{url}/decisions", json=decision, headers=theirs),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    for path in ("drafts", "queue"):
        assert (await api.client.get(f"/v1/{path}", headers=theirs)).json()["items"] == []


async def test_a_message_that_comes_later_makes_it_stale_and_redraft_begins_anew(api: Api) -> None:
    headers = {**await api.key(Role.AGENT), "Idempotency-Key": "again"}
    asked = case(thread_id="fb-1")
    first = (await api.client.post("/v1/drafts", json=asked, headers=await api.key())).json()
    news = {"text": "The driver is on the way.", "by": "jan"}
    known = "/v1/threads/fb-1/known?brand=tidewell"
    await api.client.post(known, json=news, headers=await api.key())
    url = f"/v1/drafts/{first['id']}"
    assert (await api.client.get(url, headers=headers)).json()["status"] == DraftStatus.STALE
    redrafted = await api.client.post(f"{url}/redraft", headers=headers)
    assert redrafted.status_code == 200
    assert (redrafted.json()["id"], redrafted.json()["version"]) == (first["id"], 2)
    again = await api.client.post(f"{url}/redraft", headers=headers)
    assert again.json() == redrafted.json()
    fresh = {**headers, "Idempotency-Key": "new"}
    refused = await api.client.post(f"{url}/redraft", json={"wait_s": 1}, headers=fresh)
    assert (refused.status_code, refused.json()["code"]) == (409, "transition_refused")


async def test_no_customer_text_is_logged_when_drafting_breaks(
    brands: Settings, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    def bug(request: Any) -> str:
        raise ValueError(request.messages[-1].content)

    async with open_api(brands, bug) as api:
        answer = await api.client.post("/v1/drafts", json=case(), headers=await api.key())
    logged = capfd.readouterr().err + caplog.text
    assert answer.json()["status"] == "failed"
    assert "draft_failed" in logged
    assert "washing machine" not in logged


async def test_a_draft_is_taken_before_the_models_are_loaded(brands: Settings) -> None:
    async with open_api(brands, warm=False) as api:
        headers = await api.key(Role.AGENT)
        answer = await api.client.post(
            "/v1/drafts", json=case(options={"wait_s": 0}), headers=headers
        )
        assert answer.status_code == 202
        later = await until_ready(api, answer.json()["id"], headers)
    assert later["status"] == "pending_review"
