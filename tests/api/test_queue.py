"""The queue's pages and filters, and who may take or hand over what, as a client sees it."""

from typing import Any

import pytest

from service.domain.review import Role
from tests.api.calling import Api
from tests.followup.waiting import PEOPLE, Store, brand


async def fill(api: Api) -> None:
    store = Store(api.services.database)
    await store.brand(brand(team=PEOPLE))
    await store.brand(brand("other"))
    for number in range(5):
        await store.draft(f"d{number}", due=number - 2000, assignee="Ana" if number > 2 else None)
    await store.draft("undated", due=None, content=None, status="failed", assignee="Dan")
    await store.draft("theirs", due=-1999, of="other")


async def pages(api: Api, headers: dict[str, str], **asked: Any) -> list[list[str]]:
    found: list[list[str]] = []
    cursor: dict[str, str] = {}
    while True:
        answer = await api.client.get("/v1/queue", params={**asked, **cursor}, headers=headers)
        assert answer.status_code == 200, answer.text
        found.append([item["id"] for item in answer.json()["items"]])
        if (after := answer.json()["next_cursor"]) is None:
            return found
        cursor = {"cursor": after}


async def test_pages_filters_and_brands(cold: Api) -> None:
    await fill(cold)
    everybody, own = await cold.key(Role.AGENT), await cold.key(Role.AGENT, "other")
    assert await pages(cold, everybody, limit=3) == [
        ["d0", "d1", "theirs"],
        ["d2", "d3", "d4"],
        ["undated"],
    ]
    assert await pages(cold, own) == [["theirs"]]
    asks = [({"assignee": "Ana"}, ["d3", "d4"]), ({"assignee": "left"}, ["undated"])]
    asks += [({"status": "failed"}, ["undated"]), ({"overdue": "false"}, ["undated"])]
    asks += [({"assignee": "none", "brand": "lampwick"}, ["d0", "d1", "d2"])]
    asks += [({"kind": "spam"}, []), ({"language": "en", "assignee": "Ana"}, ["d3", "d4"])]
    for asked, ids in asks:
        assert await pages(cold, everybody, **asked) == [ids], asked
    assert (await cold.client.get("/v1/queue", headers=own)).json()["drafting"] == 0
    await Store(cold.services.database).draft("d9", due=None, content=None, status="drafting")
    assert (await cold.client.get("/v1/queue", headers=everybody)).json()["drafting"] == 1
    assert (await cold.client.get("/v1/queue", headers=own)).json()["drafting"] == 0
    (item,) = (await cold.client.get("/v1/queue?assignee=left", headers=everybody)).json()["items"]
    names = ("assignee", "rank", "overdue", "minutes_left", "deadline_at", "attempts")
    assert [item[name] for name in names] == ["Dan", 3, False, None, None, []]
    first = (await cold.client.get("/v1/queue?limit=1", headers=everybody)).json()["items"][0]
    assert (first["overdue"], first["minutes_left"] < -2000) == (True, True)
    assert first["asked_at"] == "2026-11-20T11:00:00Z"


@pytest.mark.parametrize(
    "asked", ["cursor=what", "cursor=eHh4", "status=approved", "overdue=perhaps", "kind=rant"]
)
async def test_a_question_that_cannot_be(cold: Api, asked: str) -> None:
    answer = await cold.client.get(f"/v1/queue?{asked}", headers=await cold.key())
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


async def test_taking_and_handing_over(cold: Api) -> None:
    await fill(cold)
    made = await cold.services.keys.create(
        name="Ben", role=Role.AGENT, brand_id="lampwick", actor="test"
    )
    ben = {"Authorization": f"Bearer {made.secret}"}
    lead = await cold.key(Role.LEAD)

    async def post(draft: str, headers: dict[str, str], **body: Any) -> tuple[int, Any]:
        url = f"/v1/drafts/{draft}/assignment"
        answer = await cold.client.post(url, json=body, headers=headers)
        found = answer.json()
        return answer.status_code, found.get("code") or found["assignee"]

    once = {**ben, "Idempotency-Key": "k1"}
    assert await post("d0", once, to="Ben", note="mine") == (200, "Ben")
    assert await post("d0", once, to="Ben", note="mine") == (200, "Ben")
    assert await post("d0", once, to="Ben", note="other") == (409, "idempotency_conflict")
    assert await post("d3", ben, to="Ben") == (409, "already_taken")
    assert await post("d0", ben, to="Ana") == (403, "forbidden")
    assert await post("theirs", ben, to="Ben") == (403, "forbidden")
    assert await post("d3", lead, to="Ben") == (200, "Ben")
    assert await post("d3", lead, to="Dan") == (422, "invalid_input")
    assert await post("d3", lead, to="") == (422, "invalid_input")
    assert await post("nothing", lead, to="Ben") == (404, "not_found")
    shown = await cold.client.get("/v1/drafts/d3", headers=lead)
    assert shown.json()["assignee"] == "Ben"
