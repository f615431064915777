from datetime import date

import pytest

from service.bootstrap import Services
from service.domain.knowledge import Evidence, PolicyPassage
from service.knowledge.query import Query
from tests.factories import LAMPS, PAST, POLICY

pytestmark = pytest.mark.slow


async def find(services: Services, text: str, *, cut_off: bool = True) -> Evidence:
    query = Query(points=(text,), language="en", today=date(2026, 11, 21), cut_off=cut_off)
    return await services.retriever.retrieve(LAMPS, query)


async def test_importing_twice_changes_nothing(services: Services) -> None:
    first = await services.library.replace(LAMPS, policy=POLICY, past_replies=PAST, actor="me")
    again = await services.library.replace(LAMPS, policy=POLICY, past_replies=PAST, actor="me")
    assert first.changed
    assert first.embedded == 3
    assert not again.changed
    assert again.embedded == 0


async def test_only_what_changed_is_embedded_again(services: Services) -> None:
    await services.library.replace(LAMPS, policy=POLICY, past_replies=PAST, actor="me")
    added = PolicyPassage(id="bulbs", text="Bulbs are covered for two years.")
    result = await services.library.replace(LAMPS, policy=(*POLICY, added), actor="me")
    assert (result.embedded, result.policy, result.past_replies) == (1, 4, 1)


async def test_policy_and_past_replies_are_found_apart(services: Services) -> None:
    await services.library.replace(LAMPS, policy=POLICY, past_replies=PAST, actor="me")
    found = await find(services, "The lamp arrived broken, the glass is smashed")
    assert found.policy[0].id == "broken-on-arrival"
    assert found.past_replies[0].id == "pr-1"


async def test_superseded_passages_never_come_back(services: Services) -> None:
    await services.library.replace(LAMPS, policy=POLICY, past_replies=PAST, actor="me")
    found = await find(services, "my parcel is nine days late, what do I get", cut_off=False)
    assert [p.version for p in found.policy if p.id == "late-parcel"] == ["1"]


async def test_unrelated_words_find_nothing(services: Services) -> None:
    await services.library.replace(LAMPS, policy=POLICY, past_replies=PAST, actor="me")
    found = await find(services, "Good morning everyone, lovely weather today")
    assert found.policy == ()


async def test_brands_do_not_see_each_other(services: Services) -> None:
    await services.library.replace(LAMPS, policy=POLICY, past_replies=PAST, actor="me")
    other = LAMPS.model_copy(update={"id": "other"})
    await services.library.replace(other, policy=(), past_replies=(), actor="me")
    query = Query(points=("broken lamp",), language="en", today=date(2026, 11, 21), cut_off=False)
    found = await services.retriever.retrieve(other, query)
    assert found == Evidence()


async def test_a_search_says_what_each_part_said_and_why_a_passage_was_cut(
    services: Services,
) -> None:
    await services.library.replace(LAMPS, policy=POLICY, past_replies=PAST, actor="me")
    found = await find(services, "The lamp arrived broken, the glass is smashed", cut_off=False)
    best, rest = found.policy
    assert best.scores.relevant
    assert best.scores.cut is None
    assert {span.text for span in best.scores.matched} >= {"lamp", "broken"}
    assert None not in (best.scores.trained, best.scores.vector, best.scores.text)
    assert not rest.scores.relevant
    assert "below the cut-off" in (rest.scores.cut or "")


async def test_the_next_passages_are_named_with_the_reason_and_without_their_text(
    services: Services,
) -> None:
    await services.library.replace(LAMPS, policy=POLICY, past_replies=PAST, actor="me")
    found = await find(services, "The lamp arrived broken, the glass is smashed")
    assert [one.id for one in found.policy] == ["broken-on-arrival"]
    (cut,) = found.cut
    assert (cut.id, cut.version, cut.title) == ("late-parcel", "1", "Late parcel")
    assert "below the cut-off" in (cut.scores.cut or "")
    assert cut.scores.vector is not None
    assert cut.scores.matched == ()
    assert (await find(services, "The lamp arrived broken", cut_off=False)).cut == ()


async def test_passages_that_apply_beyond_the_number_wanted_are_named_too(
    services: Services,
) -> None:
    alike = [PolicyPassage(id=f"broken-{n}", title="Broken", text=POLICY[0].text) for n in range(5)]
    await services.library.replace(LAMPS, policy=alike, actor="me")
    found = await find(services, "The lamp arrived broken, the glass is smashed")
    assert len(found.policy) == services.settings.retrieval.policy == 4
    assert [one.scores.cut for one in found.cut] == ["beyond the best 4"]


async def test_an_example_in_the_customers_language_comes_first(services: Services) -> None:
    polish = PAST[0].model_copy(
        update={
            "id": "pr-pl",
            "language": "pl",
            "complaint": "Lampa przyszła z pękniętym kloszem, mam dość",
            "reply": "Pęknięty klosz w nowej lampie, przepraszam. Nowa czy zwrot pieniędzy?",
        }
    )
    await services.library.replace(LAMPS, policy=POLICY, past_replies=(*PAST, polish), actor="me")
    query = Query(
        points=("Moja lampa dotarła z pękniętym kloszem",), language="pl", today=date(2026, 11, 21)
    )
    found = await services.retriever.retrieve(LAMPS, query)
    assert found.past_replies[0].id == "pr-pl"
