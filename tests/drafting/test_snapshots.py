"""What a draft saw, kept with it: also as earlier versions of Amends wrote it."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from service.bootstrap import Services
from service.domain.draft import SNAPSHOT_VERSION
from service.domain.review import DecisionKind
from service.settings import RetrievalSettings, Settings
from service.store.tables import draft_versions, drafts
from tests.drafting.conftest import Opening
from tests.drafting.test_way import GOOD, answer, content_of, draft
from tests.factories import ADMIN, case, decision
from tests.knowledge.cross_encoders import build

pytestmark = pytest.mark.slow
BOTH = "My new lamp arrived broken and the parcel was nine days late. Not happy."


async def test_evidence_is_kept_with_its_scores_and_with_what_was_cut(
    opened: Opening, settings: Settings
) -> None:
    one = settings.model_copy(update={"retrieval": RetrievalSettings(policy=1)})
    async with opened([answer(GOOD)], chosen=one) as (services, _):
        made = await draft(services, case(BOTH))
        snapshot = await services.drafts.snapshot(made.id)
    assert snapshot is not None
    assert snapshot.schema_version == SNAPSHOT_VERSION
    assert snapshot.evidence == content_of(made).evidence
    assert snapshot.evidence.policy[0].scores.matched
    assert len(snapshot.evidence.policy) == 1
    assert [one.scores.cut for one in snapshot.evidence.cut] == ["beyond the best 1"]


async def test_a_draft_of_the_first_schema_is_read_and_can_be_edited(opened: Opening) -> None:
    async with opened([answer(GOOD)]) as (services, _):
        made = await draft(services, case(BOTH))
        await as_first_written(services, made.id)
        old = content_of(await services.drafts.get(made.id))
        snapshot = await services.drafts.snapshot(made.id)
        asked = decision(DecisionKind.EDIT.value, text=GOOD)
        edited = await services.review.decide(made.id, asked, ADMIN)
    assert snapshot is not None
    assert snapshot.schema_version == 1
    assert old.evidence.policy == content_of(made).evidence.policy
    assert old.evidence.cut == ()
    assert edited.version == 2


async def test_the_fingerprint_changes_with_the_reranker(
    opened: Opening, settings: Settings, tmp_path: Path
) -> None:
    chosen = RetrievalSettings(reranker=build(tmp_path / "orders"))
    found = []
    for one in (settings, settings.model_copy(update={"retrieval": chosen})):
        async with opened([answer(GOOD)], chosen=one) as (services, _):
            found.append(content_of(await draft(services, case(BOTH))))
    plain, reranked = (content.provenance for content in found)
    assert plain.fingerprint != reranked.fingerprint
    assert "reranker" not in plain.retrieval
    assert reranked.retrieval["reranker"] == chosen.reranker
    scores = [[one.scores.reranked for one in content.evidence.policy] for content in found]
    assert scores[0] == [None, None]
    assert None not in scores[1]


async def as_first_written(services: Services, draft_id: str) -> None:
    """The draft's rows as the first release wrote them."""
    columns = draft_versions.c
    async with services.database.write() as connection:
        row = (
            await connection.execute(select(draft_versions).where(columns.draft_id == draft_id))
        ).one()
        content, snapshot = _first(row.content), {**_first(row.snapshot), "schema_version": 1}
        await connection.execute(
            update(draft_versions)
            .where(columns.draft_id == draft_id)
            .values(content=content, snapshot=snapshot)
        )
        await connection.execute(
            update(drafts).where(drafts.c.id == draft_id).values(content=content)
        )


def _first(stored: dict[str, Any]) -> dict[str, Any]:
    evidence = {name: rows for name, rows in stored["evidence"].items() if name != "cut"}
    for row in (*evidence["policy"], *evidence["past_replies"]):
        del row["scores"]["reranked"]
    return {**stored, "evidence": evidence}
