"""GET /v1/threads/{id}: who may read a thread, and what of it."""

from typing import Any
from urllib.parse import quote

import pytest

from service.api.threads import ReadThread
from service.domain.brand import Brand
from service.domain.review import Role
from tests.api.calling import OTHER, Api

TIDEWELL = Brand(id="tidewell", name="Tidewell", voice="Warm and plain.")
PATH = "/v1/threads/fb-1"


def post(external_id: str, text: str, hour: int, **more: Any) -> dict[str, Any]:
    return {
        "external_id": external_id,
        "channel": "facebook",
        "text": text,
        "posted_at": f"2026-11-20T{hour:02}:00:00Z",
        "conversation_id": "fb-1",
        "brand": "tidewell",
        **more,
    }


@pytest.fixture
async def told(cold: Api) -> Api:
    for brand in (TIDEWELL, OTHER):
        await cold.services.library.replace(brand, actor="test")
    items = [
        post("a", "Where is my fridge?", 8, author_name="Ruth", author_handle="@ruth"),
        post("b", "I'm asking the depot.", 9, author="brand", in_reply_to="a"),
        post("c", "They owe me, too.", 10, author="other", author_handle="@ben"),
        post("d", "Still nothing.", 11, author_name="Ruth", author_handle="@ruth"),
        {"external_id": "c", "channel": "facebook", "event": "deleted", "brand": "tidewell"},
    ]
    sent = await cold.client.post(
        "/v1/mentions", json={"items": items}, headers=await cold.key(Role.AGENT, "tidewell")
    )
    assert (sent.json()["stored"], sent.json()["deleted"]) == (4, 1), sent.text
    return cold


@pytest.mark.parametrize("role", [Role.AGENT, Role.REVIEWER])
async def test_a_thread_is_read_in_order_without_what_was_taken_down(told: Api, role: Role) -> None:
    answer = await told.client.get(PATH, headers=await told.key(role, "tidewell"))
    assert answer.status_code == 200, answer.text
    read = answer.json()
    assert (read["id"], read["brand"], read["channel"]) == ("fb-1", "tidewell", "facebook")
    assert (read["public"], read["closed_at"]) == (True, None)
    fields = ("external_id", "author", "author_name", "author_handle", "text", "posted_at")
    assert [tuple(message[name] for name in fields) for message in read["messages"]] == [
        ("a", "customer", "Ruth", "@ruth", "Where is my fridge?", "2026-11-20T08:00:00Z"),
        ("b", "brand", None, None, "I'm asking the depot.", "2026-11-20T09:00:00Z"),
        ("d", "customer", "Ruth", "@ruth", "Still nothing.", "2026-11-20T11:00:00Z"),
    ]


async def test_only_keys_of_its_brand_read_a_thread(told: Api) -> None:
    other, everywhere = await told.key(Role.ADMIN, "brindle"), await told.key(Role.AGENT)
    asked = [
        (other, PATH, 404),
        (other, f"{PATH}?brand=tidewell", 403),
        (everywhere, PATH, 422),
        (everywhere, f"{PATH}?brand=tidewell", 200),
        (everywhere, f"{PATH}?brand=brindle", 404),
        (everywhere, "/v1/threads/none?brand=tidewell", 404),
    ]
    for headers, path, status in asked:
        answer = await told.client.get(path, headers=headers)
        assert answer.status_code == status, (path, answer.text)
        assert ("fridge" in answer.text) is (status == 200)


@pytest.mark.parametrize(
    "thread_id", ["accounts/1/locations/2/reviews/x", "a/known", "resolved", "x/resolved", "ä #?"]
)
async def test_a_thread_is_reached_whatever_its_id(told: Api, thread_id: str) -> None:
    """Servers decode %2F before anybody routes by the path: a Google review's id has slashes."""
    headers = await told.key(Role.LEAD, "tidewell")
    item = post("g", "The fridge came without its shelves.", 12, conversation_id=thread_id)
    await told.client.post("/v1/mentions", json={"items": [item]}, headers=headers)
    path = f"/v1/threads/{quote(thread_id, safe='')}"
    known = await told.client.post(f"{path}/known", json={"text": "Sent today."}, headers=headers)
    assert (known.status_code, known.json()["id"]) == (200, thread_id), known.text
    body = {"what": "Delivered.", "by": "Zofia"}
    solved = await told.client.post(f"{path}/resolved", json=body, headers=headers)
    assert (solved.status_code, solved.json()["id"]) == (200, thread_id), solved.text
    read = (await told.client.get(path, headers=headers)).json()
    assert (read["id"], [one["external_id"] for one in read["messages"]]) == (thread_id, ["g"])
    assert read["resolved_at"] is not None


async def test_the_longest_id_of_a_thread_takes_an_idempotency_key(told: Api) -> None:
    """PostgreSQL refuses what a column cannot hold."""
    thread_id = "t" * 200
    headers = await told.key(Role.LEAD, "tidewell")
    item = post("g", "The fridge came without its shelves.", 12, conversation_id=thread_id)
    await told.client.post("/v1/mentions", json={"items": [item]}, headers=headers)
    path, once = f"/v1/threads/{thread_id}", {**headers, "Idempotency-Key": "k1"}
    for action, body in (
        ("known", {"text": "Sent today."}),
        ("resolved", {"what": "Delivered.", "by": "Zofia"}),
    ):
        for _ in range(2):
            answer = await told.client.post(f"{path}/{action}", json=body, headers=once)
            assert (answer.status_code, answer.json()["id"]) == (200, thread_id), answer.text


async def test_the_list_is_found_with_a_slash_behind_it(told: Api) -> None:
    headers = await told.key(Role.LEAD, "tidewell")
    answer = await told.client.get("/v1/threads/", headers=headers, follow_redirects=True)
    assert (answer.status_code, answer.json()["items"]) == (200, [])


async def test_its_example_is_a_thread(cold: Api) -> None:
    found = cold.app.openapi()["paths"]["/v1/threads/{thread_id}"]["get"]["responses"]["200"]
    example = found["content"]["application/json"]["example"]
    assert ReadThread.model_validate(example).messages
