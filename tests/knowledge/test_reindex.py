"""Another embedding model: searches go on with the old index until the new one is complete."""

from datetime import date

import pytest

from service.bootstrap import Services, open_services
from service.domain.knowledge import Evidence, PolicyPassage
from service.embedding.embedder import BUNDLED_NAME
from service.knowledge.query import Query
from service.settings import EmbeddingSettings, Settings
from tests.factories import LAMPS, PAST, POLICY
from tests.knowledge.test_import import CountingEmbedder, indexed, library_of

pytestmark = pytest.mark.slow


async def find(services: Services, text: str, *, cut_off: bool = False) -> Evidence:
    query = Query(points=(text,), language="en", today=date(2026, 11, 21), cut_off=cut_off)
    return await services.retriever.retrieve(LAMPS, query)


async def test_the_old_model_serves_until_the_switch(
    services: Services, settings: Settings
) -> None:
    await services.library.replace(LAMPS, policy=POLICY, past_replies=PAST, actor="me")
    moved = settings.model_copy(update={"embedding": EmbeddingSettings(model="another")})
    async with open_services(moved) as later:
        found = await find(later, "The lamp arrived broken, the glass is smashed")
        assert found.policy[0].id == "broken-on-arrival"
        assert found.policy[0].scores.vector is not None
        assert "searched with it until" in (await later.warnings())["search"]
    assert await services.warnings() == {}


async def test_a_model_that_is_gone_leaves_the_words(services: Services) -> None:
    others = [
        PolicyPassage(id=f"lamp-{word}", text=f"Lamps of {word} carry a guarantee of two years.")
        for word in ("brass", "glass", "steel", "paper", "linen", "cork", "wood", "stone", "wool")
    ]
    shelf = library_of(services, CountingEmbedder())
    await shelf.replace(LAMPS, policy=[*POLICY, *others], actor="me")
    found = await find(services, "my parcel is more than 5 days late", cut_off=True)
    assert [(p.id, p.scores.vector) for p in found.policy] == [("late-parcel", None)]
    assert (await find(services, "Good morning, lovely weather", cut_off=True)).policy == ()
    assert "by words alone" in (await services.warnings())["search"]


async def test_a_killed_reindex_keeps_the_old_index_and_goes_on(services: Services) -> None:
    await services.library.replace(LAMPS, policy=POLICY, past_replies=PAST, actor="me")
    before = await indexed(services)
    broken = CountingEmbedder(breaks_after=0)
    with pytest.raises(KeyboardInterrupt):
        await library_of(services, broken).reindex("lampwick", actor="me")
    assert await indexed(services) == before == {("lampwick", BUNDLED_NAME): 3}
    embedder = CountingEmbedder()
    shelf = library_of(services, embedder)
    done = await shelf.reindex("lampwick", actor="me")
    assert (done.changed, done.embedded, done.diff.any) == (True, 3, False)
    assert await indexed(services) == {("lampwick", "counting"): 3}
    assert not (await shelf.reindex("lampwick", actor="me")).changed
    assert await shelf.old_indexes() == {}
    assert await services.library.old_indexes() == {"lampwick": "counting"}


async def test_in_the_background_every_old_index_is_brought_along(services: Services) -> None:
    other = LAMPS.model_copy(update={"id": "other"})
    shelf = library_of(services, CountingEmbedder())
    for brand in (LAMPS, other):
        await shelf.replace(brand, policy=POLICY, actor="me")
    await services.keep_indexed()
    assert {model for _, model in await indexed(services)} == {BUNDLED_NAME}
    assert (await find(services, "my lamp is smashed")).policy[0].id == "broken-on-arrival"


async def test_a_model_that_changed_under_its_name_is_taken_anew(services: Services) -> None:
    await library_of(services, CountingEmbedder(length=8)).replace(LAMPS, policy=POLICY, actor="me")
    shelf = library_of(services, CountingEmbedder(length=12))
    assert not (await shelf.reindex("lampwick", actor="me")).changed
    done = await shelf.reindex("lampwick", actor="me", anew=True)
    assert (done.changed, done.embedded) == (True, 2)
