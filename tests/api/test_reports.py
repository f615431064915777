import csv
import io
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from service.domain.review import Role
from tests.api.calling import Api
from tests.factories import LAMPS
from tests.followup.reporting import Ledger

WEEK = {"from": "2026-11-16", "to": "2026-11-20"}
REPORTS = ("coverage", "speed", "commitments", "drafts")


async def get(api: Api, report: str, headers: dict[str, str], **params: Any) -> httpx.Response:
    address = f"/v1/reports/{report}"
    return await api.client.get(address, headers=headers, params={**WEEK, **params})


def rows(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8"), newline="")))


@pytest.fixture
async def filled(cold: Api) -> Api:
    other = LAMPS.model_copy(update={"id": "brindle"})
    await (await Ledger(cold.services, other).begin()).message("theirs", "17 10:00")
    ledger = await Ledger(cold.services).begin()
    for number in range(3):
        await ledger.message(f"@thread-{number}", f"17 1{number}:00", assignee="Zoë")
    draft = await ledger.message("done", "17 10:00", status="approved", decided="17 10:30")
    await ledger.promise(draft, "done", "17 10:30", "18 10:00", owner="=ola")
    return cold


async def test_reports_and_who_sees_them(filled: Api) -> None:
    own = await filled.key(Role.REVIEWER, "lampwick")
    everyone, agent = await filled.key(Role.REVIEWER), await filled.key(Role.AGENT, "lampwick")
    for report in REPORTS:
        mine = (await get(filled, report, own)).json()
        assert (mine["brand"], mine["from"], mine["to"]) == ("lampwick", *WEEK.values())
        assert mine == (await get(filled, report, everyone, brand="lampwick")).json()
        assert (await get(filled, report, own, brand="brindle")).status_code == 403
        assert (await get(filled, report, agent)).status_code == 403
        assert (await get(filled, report, everyone, brand="nobody")).status_code == 404
    whole = (await get(filled, "coverage", everyone, by="brand")).json()
    assert [(row["group"], row["asked"]) for row in whole["rows"]] == [
        ({"brand": "brindle"}, 1),
        ({"brand": "lampwick"}, 4),
    ]
    assert whole["total"]["share_answered"] == 0.2
    await _in_pages(filled, own)
    await _as_csv(filled, own)
    await _refused(filled, own)


async def _in_pages(api: Api, key: dict[str, str]) -> None:
    first = (await get(api, "coverage", key, limit=2)).json()
    threads = [one["thread_id"] for one in first["unanswered"]]
    assert (threads, first["more"]) == (["@thread-0", "@thread-1"], True)
    rest = (await get(api, "coverage", key, limit=2, cursor=first["next_cursor"])).json()
    assert [one["thread_id"] for one in rest["unanswered"]] == ["@thread-2"]
    assert (rest["more"], rest["next_cursor"]) == (False, None)
    alone = (await get(api, "coverage", key, limit=0)).json()
    assert (alone["total"], alone["unanswered"]) == (first["total"], [])


async def _as_csv(api: Api, key: dict[str, str]) -> None:
    shares = rows(await get(api, "coverage", key, format="csv", by=["kind", "language"]))
    assert [(row["kind"], row["language"], row["asked"]) for row in shares] == [
        ("complaint", "en", "4"),
        ("all", "all", "4"),
    ]
    wanted = {"format": "csv", "table": "unanswered", "limit": 2}
    listed = await get(api, "coverage", key, **wanted)
    assert [row["thread_id"] for row in rows(listed)] == ["'@thread-0", "'@thread-1"]
    assert rows(listed)[0]["assignee"] == "Zoë"
    following = await api.client.get(listed.links["next"]["url"], headers=key)
    assert [row["thread_id"] for row in rows(following)] == ["'@thread-2"]
    assert "next" not in following.links
    accepting = {**key, "Accept": "text/csv; q=1"}
    assert rows(await get(api, "commitments", accepting))[0]["owner"] == "'=ola"
    assert rows(await get(api, "speed", accepting))[-1]["median_minutes"] == "30.0"
    assert rows(await get(api, "drafts", accepting))[0]["edited_tone"] == "0"
    told = await get(api, "drafts", accepting, format="json")
    assert told.json()["total"]["used_as_they_were"] == 1


async def _refused(api: Api, key: dict[str, str]) -> None:
    for report, params in (
        ("speed", {"by": "owner"}),
        ("speed", {"by": "mood"}),
        ("drafts", {"from": "yesterday"}),
        ("drafts", {"from": "2026-11-21"}),
        ("coverage", {"cursor": "x"}),
        ("coverage", {"cursor": "YQ"}),
        ("coverage", {"limit": -1}),
        ("coverage", {"format": "xml"}),
    ):
        answer = await get(api, report, key, **params)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input"), params


async def test_a_report_without_dates_is_about_the_last_30_days(filled: Api) -> None:
    key = await filled.key(Role.REVIEWER)
    answer = (await filled.client.get("/v1/reports/drafts", headers=key)).json()
    begin, end = (datetime.fromisoformat(answer[name]) for name in ("from", "to"))
    assert (end - begin).days == 29
    assert abs((end.replace(tzinfo=UTC) - datetime.now(UTC)).days) <= 1
