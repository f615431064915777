"""The kinds of an edit stay with the version that it made, on both databases."""

import pytest

from service.domain.edits import EditKind
from service.domain.review import DecisionKind
from service.drafting.shape import draft_shape
from tests.drafting.conftest import Opening
from tests.drafting.test_way import GOOD, answer
from tests.factories import ADMIN, case, decision
from tests.review.test_decisions import held

pytestmark = pytest.mark.slow

LATER = GOOD.replace("18:00 the next working day", "12:00 tomorrow")
CHEAPER = LATER.replace("€10", "€4")


async def test_each_decision_knows_what_its_edit_changed(opened: Opening) -> None:
    async with held(opened) as (services, draft_id):
        first = await services.review.decide(draft_id, decision("edit", text=LATER), ADMIN)
        last = decision("edit", version=2, text=CHEAPER)
        second = await services.review.decide(draft_id, last, ADMIN)
        rejected = decision("reject", version=3, reason="no")
        await services.review.decide(draft_id, rejected, ADMIN)
        taken = await services.review.history(draft_id)
        kept = await services.drafts.get(draft_id)
    assert first.content is not None
    assert second.content is not None
    assert {finding.kind for finding in first.content.edits} == {EditKind.PROMISE}
    assert EditKind.FACT in {finding.kind for finding in second.content.edits}
    assert kept.content == second.content
    assert [(one.decision, bool(one.edit_kinds)) for one in taken] == [
        (DecisionKind.EDIT, True),
        (DecisionKind.EDIT, True),
        (DecisionKind.REJECT, False),
    ]
    assert taken[0].edit_kinds == (EditKind.PROMISE,)
    assert "fact" in str(draft_shape(kept)["edits"])


async def test_a_redraft_and_an_edited_holding_reply_have_none(opened: Opening) -> None:
    async with opened([answer("Your fault. You get €75.")]) as (services, _):
        draft_id = await services.drafts.create(case(), "lampwick", ADMIN)
        made = await services.drafts.finished(draft_id)
        assert made.content is not None
        assert made.content.holding
        assert made.content.edits == ()
        edited = await services.review.decide(draft_id, decision("edit", text=GOOD), ADMIN)
        (taken,) = await services.review.history(draft_id)
    assert edited.content is not None
    assert edited.content.edits == ()
    assert taken.edit_kinds == ()
