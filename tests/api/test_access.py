import pytest

from service.domain.brand import Brand
from service.domain.review import Role
from tests.api.calling import OTHER, Api, case

TIDEWELL = Brand(id="tidewell", name="Tidewell", voice="Warm and plain.")
SETTINGS = "/v1/brands/tidewell/settings"


@pytest.fixture
async def two(cold: Api) -> Api:
    """An API with two brands that know nothing yet."""
    for brand in (TIDEWELL, OTHER):
        await cold.services.library.replace(brand, actor="test")
    return cold


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer amk_unknown"}, {"Authorization": "Basic x"}, {"X-API-Key": ""}],
)
async def test_without_a_known_key(cold: Api, headers: dict[str, str]) -> None:
    answer = await cold.client.get("/v1/drafts", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_key_is_asked_for_before_the_body_is_judged(cold: Api) -> None:
    assert (await cold.client.post("/v1/drafts", json={})).status_code == 401


async def test_a_revoked_key(cold: Api) -> None:
    made = await cold.services.keys.create(name="old", role=Role.ADMIN, brand_id=None, actor="test")
    await cold.services.keys.revoke(made.id, actor="test")
    answer = await cold.client.get("/v1/queue", headers={"X-API-Key": made.secret})
    assert answer.status_code == 401


async def test_either_header_carries_the_key(cold: Api) -> None:
    bearer = await cold.key()
    secret = bearer["Authorization"].removeprefix("Bearer ")
    for headers in (bearer, {"X-API-Key": secret}):
        assert (await cold.client.get("/v1/queue", headers=headers)).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/v1/brands/tidewell",
        SETTINGS,
        "/v1/brands/tidewell/policies",
        "/v1/brands/tidewell/past-replies",
        "/v1/brands/tidewell/search?q=refund",
        "/v1/drafts?brand=tidewell",
        "/v1/queue?brand=tidewell",
        "/v1/brands/no-such-brand",
    ],
)
async def test_the_key_of_another_brand_reads_nothing(two: Api, path: str) -> None:
    answer = await two.client.get(path, headers=await two.key(Role.ADMIN, "brindle"))
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_the_key_of_another_brand_asks_for_nothing(two: Api) -> None:
    headers = await two.key(Role.ADMIN, "brindle")
    for path, body in (
        ("/v1/drafts", case()),
        ("/v1/checks", case(reply="Hello.")),
        ("/v1/triage", case()),
    ):
        answer = await two.client.post(path, json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    for path, body in (("policies", {"items": []}), ("past-replies", {"items": []})):
        url = f"/v1/brands/tidewell/{path}"
        assert (await two.client.put(url, json=body, headers=headers)).status_code == 403
    written = await two.client.put(SETTINGS, json=TIDEWELL.model_dump(mode="json"), headers=headers)
    assert written.status_code == 403


async def test_a_key_for_all_brands_names_the_brand(two: Api) -> None:
    answer = await two.client.post("/v1/drafts", json={"complaint": "hi"}, headers=await two.key())
    assert answer.status_code == 422
    assert "this key is for all brands" in answer.json()["detail"]


async def test_a_brand_list_holds_what_the_key_may_touch(two: Api) -> None:
    listed = {}
    for brand in (None, "brindle"):
        answer = await two.client.get("/v1/brands", headers=await two.key(Role.AGENT, brand))
        listed[brand] = [item["id"] for item in answer.json()["items"]]
    assert listed == {None: ["brindle", "tidewell"], "brindle": ["brindle"]}


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.AGENT, 403), (Role.REVIEWER, 403), (Role.LEAD, 200), (Role.ADMIN, 200)],
)
async def test_settings_need_a_lead(two: Api, role: Role, status: int) -> None:
    headers = await two.key(role, "tidewell")
    body = {"id": "tidewell", "name": "Tidewell & Co", "voice": "Warm.", "languages": ["en", "pl"]}
    answer = await two.client.put(SETTINGS, json=body, headers=headers)
    assert answer.status_code == status
    kept = (await two.client.get(SETTINGS, headers=headers)).json()
    assert kept["name"] == ("Tidewell & Co" if status == 200 else "Tidewell")


async def test_settings_belong_to_the_brand_of_the_address(two: Api) -> None:
    body = OTHER.model_dump(mode="json")
    answer = await two.client.put(SETTINGS, json=body, headers=await two.key())
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


async def test_settings_come_back_whole(two: Api) -> None:
    headers = await two.key(Role.LEAD)
    sent = OTHER.model_copy(update={"four_eyes": True}).model_dump(mode="json")
    put = await two.client.put("/v1/brands/brindle/settings", json=sent, headers=headers)
    got = await two.client.get("/v1/brands/brindle/settings", headers=headers)
    shown = await two.client.get("/v1/brands/brindle", headers=headers)
    assert put.json() == got.json() == sent
    assert shown.json()["four_eyes"] is True


async def test_a_typo_in_settings_is_named(two: Api) -> None:
    body = {"id": "tidewell", "name": "T", "voice": "V", "for_eyes": True}
    answer = await two.client.put(SETTINGS, json=body, headers=await two.key())
    assert [error["field"] for error in answer.json()["errors"]] == ["for_eyes"]
