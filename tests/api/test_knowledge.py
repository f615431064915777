import pytest

from service.domain.review import Role
from tests.api.calling import COMPLAINT, Api, case

pytestmark = pytest.mark.slow

POLICIES = "/v1/brands/tidewell/policies"
REPLIES = "/v1/brands/tidewell/past-replies"
SEARCH = "/v1/brands/tidewell/search"
PASSAGE = {"id": "missed-slot", "version": "9", "text": "A missed slot gives 99 euros of credit."}


async def test_policies_are_read_replaced_and_found(api: Api) -> None:
    headers = await api.key(Role.LEAD, "tidewell")
    before = (await api.client.get(POLICIES, headers=headers)).json()
    unchanged = (await api.client.put(POLICIES, json=before, headers=headers)).json()
    assert (unchanged["changed"], unchanged["embedded"]) == (False, 0)
    put = await api.client.put(POLICIES, json={"items": [PASSAGE]}, headers=headers)
    assert put.status_code == 200
    assert (put.json()["brand"], put.json()["policy"], put.json()["changed"]) == (
        "tidewell",
        1,
        True,
    )
    found = await api.client.get(SEARCH, params={"q": "the van missed my slot"}, headers=headers)
    row = found.json()["policy"][0]
    assert (row["id"], row["version"], row["text"]) == ("missed-slot", "9", PASSAGE["text"])
    assert 0 < row["score"] <= 1


async def test_past_replies_are_read_and_replaced(api: Api) -> None:
    headers = await api.key(Role.LEAD, "tidewell")
    before = (await api.client.get(REPLIES, headers=headers)).json()["items"]
    kept = await api.client.put(REPLIES, json={"items": before[:2]}, headers=headers)
    assert kept.json()["past_replies"] == 2
    assert kept.json()["policy"] > 1
    assert (await api.client.get(REPLIES, headers=headers)).json()["items"] == before[:2]


@pytest.mark.parametrize("path", [POLICIES, REPLIES])
async def test_replacing_knowledge_needs_a_lead(api: Api, path: str) -> None:
    headers = await api.key(Role.REVIEWER, "tidewell")
    answer = await api.client.put(path, json={"items": []}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_twins_are_refused_and_nothing_is_replaced(api: Api) -> None:
    headers = await api.key()
    before = (await api.client.get(POLICIES, headers=headers)).json()
    answer = await api.client.put(POLICIES, json={"items": [PASSAGE, PASSAGE]}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert (await api.client.get(POLICIES, headers=headers)).json() == before


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"valid_too": "2026-12-31", "text": "x"}, "items.0: valid_too: no such field"),
        ({"text": "   "}, "items.0: text: it is empty"),
        ({"id": "missed\nslot"}, "items.0: id: it holds a line break"),
    ],
)
async def test_a_row_that_would_do_harm_is_refused(
    api: Api, wrong: dict[str, str], told: str
) -> None:
    row = PASSAGE | wrong
    answer = await api.client.put(POLICIES, json={"items": [row]}, headers=await api.key())
    assert answer.status_code == 422
    assert told in answer.text


async def test_a_search_has_a_cut_off_unless_all_is_asked_for(api: Api) -> None:
    headers = await api.key()
    query = {"q": "quarterly zebra astronomy", "top": "3"}
    near = await api.client.get(SEARCH, params=query, headers=headers)
    every = await api.client.get(SEARCH, params={**query, "all": "true"}, headers=headers)
    assert near.json()["policy"] == []
    assert [set(row) for row in near.json()["cut"]] == [
        {"id", "version", "title", "score", "scores"}
    ] * 3
    assert all("below the cut-off" in row["scores"]["cut"] for row in near.json()["cut"])
    assert len(every.json()["policy"]) == 3


@pytest.mark.parametrize("query", ["", "?q=", "?q=x&top=0", "?q=x&top=51"])
async def test_a_search_that_cannot_be(api: Api, query: str) -> None:
    answer = await api.client.get(SEARCH + query, headers=await api.key())
    assert answer.status_code == 422


async def test_a_reply_is_checked(api: Api) -> None:
    body = case(
        id="r-1",
        reply="As we already told you, it was your own fault for not reading the terms.",
        policy_ids=[],
        recent_replies=[],
    )
    headers = await api.key(Role.AGENT)
    report = (await api.client.post("/v1/checks", json=body, headers=headers)).json()
    assert set(report) == {"id", "verdict", "findings", "checks_run", "citations"}
    assert (report["id"], report["verdict"]) == ("r-1", "block")
    assert "blames_customer" in {finding["check"] for finding in report["findings"]}
    assert (await api.client.get("/v1/drafts", headers=headers)).json()["items"] == []


async def test_a_complaint_is_triaged(api: Api) -> None:
    headers = await api.key(Role.AGENT, "tidewell")
    body = {"id": "t-1", "channel": "facebook", "complaint": COMPLAINT}
    found = (await api.client.post("/v1/triage", json=body, headers=headers)).json()
    assert (found["id"], found["kind"], found["language"]) == ("t-1", "complaint", "en")
    assert set(found) >= {"sensitivities", "issues", "move", "deadline_class", "deadline_at"}
    assert found["injection_suspected"] is False
    assert found["issues"][0]["text"] in COMPLAINT


async def test_brands_that_are_not_there(api: Api) -> None:
    headers = await api.key()
    for path in ("", "/policies", "/past-replies", "/settings", "/search?q=x"):
        answer = await api.client.get(f"/v1/brands/nobody{path}", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    put = await api.client.put("/v1/brands/nobody/policies", json={"items": []}, headers=headers)
    assert put.status_code == 404
    body = case(brand="nobody", reply="Hello.")
    assert (await api.client.post("/v1/checks", json=body, headers=headers)).status_code == 404


async def test_a_replacement_answers_what_changed(api: Api) -> None:
    headers = await api.key(Role.LEAD, "tidewell")
    before = (await api.client.get(POLICIES, headers=headers)).json()
    newer = {"id": "price-match", "version": "2", "text": "We match prices within 20 days."}
    rows = [row for row in before["items"] if row["id"] != "data-privacy"]
    body = {"items": [*rows, newer]}
    told = await api.client.put(POLICIES, params={"dry_run": True}, json=body, headers=headers)
    assert (told.json()["dry_run"], told.json()["embedded"]) == (True, 1)
    assert (await api.client.get(POLICIES, headers=headers)).json() == before
    done = (await api.client.put(POLICIES, json=body, headers=headers)).json()
    assert {**done, "dry_run": True} == told.json()
    diff = done["diff"]["policy"]
    assert diff["added"] == [{"id": "price-match", "version": "2"}]
    assert [row["id"] for row in diff["removed"]] == ["data-privacy"]
    assert [row["id"] for row in diff["superseded"]] == ["price-match"]
    assert len(diff["unchanged"]) == len(rows) - 1


async def test_pages_follow_each_other_by_cursor(api: Api) -> None:
    headers = await api.key(Role.AGENT, "tidewell")
    for path in (POLICIES, REPLIES):
        whole = (await api.client.get(path, headers=headers)).json()
        assert whole["next_cursor"] is None
        found: list[object] = []
        query: dict[str, str] = {"limit": "8"}
        while True:
            page = (await api.client.get(path, params=query, headers=headers)).json()
            found += page["items"]
            if page["next_cursor"] is None:
                break
            assert len(page["items"]) == 8
            query["cursor"] = page["next_cursor"]
        assert found == whole["items"]
        odd = await api.client.get(path, params={"cursor": "never-given"}, headers=headers)
        assert (odd.status_code, odd.json()["code"]) == (422, "invalid_input")


async def test_one_page_is_not_taken_for_the_whole(api: Api) -> None:
    headers = await api.key(Role.LEAD, "tidewell")
    page = (await api.client.get(POLICIES, params={"limit": "2"}, headers=headers)).json()
    answer = await api.client.put(POLICIES, json=page, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "next_cursor"


async def test_a_repeated_replacement_is_answered_like_the_first(api: Api) -> None:
    headers = {**await api.key(Role.LEAD, "tidewell"), "Idempotency-Key": "put-1"}
    first = await api.client.put(POLICIES, json={"items": [PASSAGE]}, headers=headers)
    again = await api.client.put(POLICIES, json={"items": [PASSAGE]}, headers=headers)
    assert first.json()["changed"] is True
    assert again.json() == first.json()
    other = await api.client.put(POLICIES, json={"items": []}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_conflict")


@pytest.mark.parametrize(("path", "what"), [(POLICIES, "policy"), (REPLIES, "past_replies")])
async def test_emptying_has_to_be_meant(api: Api, path: str, what: str) -> None:
    headers = await api.key(Role.LEAD, "tidewell")
    before = (await api.client.get(path, headers=headers)).json()
    held = len(before["items"])
    for query in ({}, {"dry_run": "true"}, {"allow_empty": "false"}):
        answer = await api.client.put(path, params=query, json={"items": []}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
        assert f"holds {held} " in answer.json()["detail"]
        assert "allow_empty=true" in answer.json()["detail"]
    assert (await api.client.get(path, headers=headers)).json() == before
    meant = {"allow_empty": "true", "dry_run": "true"}
    told = await api.client.put(path, params=meant, json={"items": []}, headers=headers)
    assert (told.json()[what], len(told.json()["diff"][what]["removed"])) == (0, held)
    meant = {"allow_empty": "true"}
    done = await api.client.put(path, params=meant, json={"items": []}, headers=headers)
    assert {**done.json(), "dry_run": True} == told.json()
    nothing = await api.client.put(path, json={"items": []}, headers=headers)
    assert (nothing.status_code, nothing.json()["changed"]) == (200, False)


async def test_every_bad_row_is_named_and_nothing_is_replaced(api: Api) -> None:
    headers = await api.key(Role.LEAD, "tidewell")
    before = (await api.client.get(POLICIES, headers=headers)).json()
    rows = [PASSAGE, {"id": "a"}, {"id": "", "text": "x"}, {**PASSAGE, "valid_from": "soon"}]
    answer = await api.client.put(POLICIES, json={"items": rows}, headers=headers)
    assert answer.status_code == 422
    fields = [error["field"] for error in answer.json()["errors"]]
    assert fields == ["items.1.text", "items.2.id", "items.3.valid_from"]
    assert (await api.client.get(POLICIES, headers=headers)).json() == before


async def test_questions_of_a_passage_are_shown_and_lead_to_it(api: Api) -> None:
    headers = await api.key(Role.LEAD, "tidewell")
    row = {**PASSAGE, "asks": ["the lad with the lorry never rang my bell"]}
    await api.client.put(POLICIES, json={"items": [row]}, headers=headers)
    shown = (await api.client.get(POLICIES, headers=headers)).json()["items"][0]
    assert shown["asks"] == row["asks"]
    query = {"q": "lad never rang the bell", "all": "true"}
    found = (await api.client.get(SEARCH, params=query, headers=headers)).json()["policy"][0]
    assert (found["scores"]["source"], found["excerpt"]) == ("asks", PASSAGE["text"])
