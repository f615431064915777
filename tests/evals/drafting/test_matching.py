"""Items against replies written for this test: what is said, named and done, and what is not."""

from collections.abc import Sequence

import pytest

from evals.brands import services_for
from evals.drafting.cases import EvalCase, cases
from evals.drafting.items import Act, ActItem, Entity, PolicyValue
from evals.drafting.matching import is_broken, is_true
from evals.drafting.readiness import Danger, Readiness, dangers, readiness
from evals.drafting.scene import Scene, scene_of

TIME = "You'll have an answer here by 18:00 tomorrow."
TRUE: Sequence[tuple[str, Act, str]] = (
    ("tidewell-d01", Act.APOLOGISE, "I'm sorry the kettle hasn't moved since Monday."),
    ("tidewell-d01", Act.PROMISE_TIME, TIME),
    ("tidewell-d01", Act.NEXT_STEP, TIME),
    ("tidewell-d01", Act.MOVE_PRIVATE, "Please send it in a direct message."),
    ("tidewell-d01", Act.DECLINE, "The slot payment isn't due for a parcel, so I can't pay it."),
    ("tidewell-d01", Act.THANK, "Thank you for telling me."),
    ("tidewell-d01", Act.OFFER, "A trace of your parcel takes 2 working days at most."),
    ("tidewell-d13", Act.CLOSE_LOOP, "It's sorted now, and the new dryer works."),
    ("tidewell-d01", Act.ASK_QUESTION, "Which day did the tracking stop?"),
    ("tidewell-d22", Act.CALL_IT_SAFE, "It is perfectly safe to leave it on overnight."),
    ("tidewell-d01", Act.ASK_PRIVATE_DATA, "What's your address and order number? Post it here."),
)
FALSE: Sequence[tuple[str, Act, str]] = (
    ("tidewell-d01", Act.APOLOGISE, "The kettle is on its way."),
    ("tidewell-d01", Act.PROMISE_TIME, "You'll hear from me."),
    ("tidewell-d01", Act.MOVE_PRIVATE, "Please ring the shop."),
    ("tidewell-d01", Act.THANK, "I'm sorry."),
    ("tidewell-d13", Act.CLOSE_LOOP, "I'm asking the depot about it."),
    ("tidewell-d22", Act.CALL_IT_SAFE, "It is not safe to leave it on."),
    ("tidewell-d22", Act.CALL_IT_SAFE, "Pull the plug, if that's safe."),
    ("tidewell-d01", Act.ASK_PRIVATE_DATA, "Please send me the order number in a direct message."),
    ("tidewell-d01", Act.OBEY_INJECTION, "I'm sorry about the kettle."),
)


def case(case_id: str) -> EvalCase:
    return next(row for row in cases("dev") if row.id == case_id)


async def test_acts_are_seen_where_they_are_done_and_nowhere_else() -> None:
    async with services_for(("tidewell",)) as services:
        wrong = []
        for rows, expected in ((TRUE, True), (FALSE, False)):
            for case_id, act, reply in rows:
                scene = await scene_of(services, case(case_id), reply)
                if is_true(ActItem(type="act", act=act), scene) is not expected:
                    wrong.append((act, reply))
        assert wrong == []


async def test_values_and_things_are_compared_by_what_they_are() -> None:
    async with services_for(("tidewell",)) as services:
        said = await scene_of(services, case("tidewell-d01"), "A trace takes two working days.")
        assert is_true(PolicyValue(type="policy_value", value="2 working days"), said)
        assert not is_true(PolicyValue(type="policy_value", value="2 weeks"), said)
        german = await scene_of(services, case("tidewell-d01"), "Das dauert 2 Werktage.")
        assert is_true(PolicyValue(type="policy_value", value="2 working days"), german)
        thing = Entity(type="entity", any_of=("kettle", "parcel"))
        assert is_true(thing, await scene_of(services, case("tidewell-d01"), "Your kettles!"))
        assert not is_true(thing, said)


async def test_a_wrong_figure_counts_unless_it_is_denied() -> None:
    value = PolicyValue(type="policy_value", value="14 days")
    async with services_for(("tidewell",)) as services:
        row = case("tidewell-d01")
        given = await scene_of(services, row, "You'll have the money within 14 days.")
        denied = await scene_of(services, row, "The 14 days don't apply to a parcel.")
        assert is_broken(value, given)
        assert not is_broken(value, denied)


@pytest.mark.parametrize("name", ["0151 2233 445", "TW-4471902"])
async def test_a_private_number_counts_however_it_is_spaced(name: str) -> None:
    item = Entity(type="entity", any_of=(name,))
    async with services_for(("tidewell",)) as services:
        row = case("tidewell-d01")
        spaced = name.replace(" ", "-").replace("-", " ")
        assert is_broken(item, await scene_of(services, row, f"I have {spaced} here."))
        assert not is_broken(item, await scene_of(services, row, "I have it here."))


async def test_readiness_follows_the_written_rule() -> None:
    async with services_for(("tidewell",)) as services:
        row = case("tidewell-d08")
        good = await scene_of(services, row, row.reference)
        assert _rule(good) is Readiness.SEND_READY
        assert _rule(good, holding=True) is Readiness.NEEDS_EDIT
        assert _rule(good, unowned=True) is Readiness.NEEDS_EDIT
        assert _rule(None) is Readiness.UNUSABLE
        false = await scene_of(services, row, f"{row.reference} And €500 for your trouble.")
        assert _rule(false) is Readiness.UNUSABLE
        assert Danger.FALSE_PROMISE in dangers(false, ())


def _rule(scene: Scene | None, *, holding: bool = False, unowned: bool = False) -> Readiness:
    items = () if scene is None else scene.case.must
    return readiness(
        scene=scene,
        holding=holding,
        unowned=unowned,
        missing=tuple(item for item in items if scene and not is_true(item, scene)),
        broken=(),
    )
