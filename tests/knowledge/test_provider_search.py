"""Searches by a provider's embeddings, and by words alone while it can't be asked."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import date
from functools import partial

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from evals.bench.stub_openai import Behaviour, StubOpenAi, by_words, embeddings, status
from service.bootstrap import Services, open_services
from service.domain.draft import DraftStatus
from service.domain.knowledge import Evidence, PolicyPassage
from service.drafting.job import Job
from service.drafting.stages import ignore_stages
from service.embedding.embedder import BUNDLED_NAME
from service.errors import EmbeddingChanged, ModelRefused
from service.knowledge.query import Query
from service.llm.litellm_client import close_connections
from service.llm.scripted import ScriptedChatModel
from service.settings import EmbeddingSettings, Settings
from tests.factories import BROKEN, LAMPS, PAST, POLICY, case
from tests.knowledge.test_import import indexed

pytestmark = pytest.mark.slow
Opening = Callable[..., AbstractAsyncContextManager[Services]]
NAME = "litellm:openai/words"
LATE = "my parcel is more than 5 days late"
MANY = [PolicyPassage(id=f"rule-{n}", text=f"Lamp {n} comes with {n} bulbs.") for n in range(70)]
REPLY = (
    "Smashed glass and nine days' delay: I'm sorry. Which lamp was it, and how was the box "
    "packed when it came?"
)


@pytest.fixture
async def stub() -> AsyncIterator[StubOpenAi]:
    with StubOpenAi(embeddings()) as running:
        yield running
        await close_connections()


def by_provider(settings: Settings, stub: StubOpenAi, model: str = NAME) -> Settings:
    chosen = EmbeddingSettings(model=model, api_base=stub.base_url, api_key=SecretStr("sk-SECRET"))
    llm = settings.llm.model_copy(update={"attempts": 1})
    return settings.model_copy(update={"embedding": chosen, "llm": llm})


@pytest.fixture
def opening(settings: Settings, stub: StubOpenAi) -> Opening:
    return partial(open_services, by_provider(settings, stub))


async def find(services: Services, text: str = LATE) -> Evidence:
    query = Query(points=(text,), language="en", today=date(2026, 11, 21), cut_off=False)
    return await services.retriever.retrieve(LAMPS, query)


async def filled(services: Services) -> None:
    await services.library.replace(LAMPS, policy=POLICY, past_replies=PAST, actor="me")


def vectors_of(found: Evidence) -> list[bool]:
    return [one.scores.vector is not None for one in found.policy]


async def test_a_brand_is_indexed_and_searched_under_the_providers_model(
    stub: StubOpenAi, opening: Opening
) -> None:
    async with opening() as services:
        await filled(services)
        assert await indexed(services) == {("lampwick", NAME): 3}
        assert all(len(sent["input"]) <= 2 for sent in stub.requests)
        asked = len(stub.requests)
        found = await find(services)
        assert found.policy[0].id == "late-parcel"
        assert all(vectors_of(found))
        await find(services)
        assert [sent["input"] for sent in stub.requests[asked:]] == [[LATE]]  # kept by text
        assert await services.warnings() == {}


async def test_triage_and_checks_ask_the_provider_nothing(
    stub: StubOpenAi, opening: Opening
) -> None:
    async with opening(model=ScriptedChatModel([REPLY])) as services:
        await filled(services)
        asked = len(stub.requests)
        done = await services.drafter.draft(Job(case=case(), brand=LAMPS), ignore_stages)
        assert done.content.provenance is not None
        assert done.content.provenance.embedding == NAME
        (sent,) = stub.requests[asked:]
        assert all(point in BROKEN for point in sent["input"])


@pytest.mark.parametrize("failure", [status(503), status(401)])
async def test_while_a_provider_is_down_drafts_go_on_by_words(
    stub: StubOpenAi, opening: Opening, failure: Behaviour
) -> None:
    async with opening(model=ScriptedChatModel([REPLY])) as services:
        await filled(services)
        stub.then(failure)
        with capture_logs() as logs:
            found = await find(services)
        assert found.policy[0].id == "late-parcel"
        assert not any(vectors_of(found))
        assert [(line["event"], line["log_level"]) for line in logs] == [
            ("searched_by_words", "warning")
        ]
        assert LATE not in str(logs)
        assert "sk-SECRET" not in str(logs)
        assert "by words alone: openai/words" in (await services.warnings())["search"]
        done = await services.drafter.draft(Job(case=case(), brand=LAMPS), ignore_stages)
        assert done.status is DraftStatus.PENDING_REVIEW
        stub.then(embeddings())
        assert all(vectors_of(await find(services, "where is it")))
        assert await services.warnings() == {}


async def test_an_import_that_breaks_off_goes_on_where_it_was(
    stub: StubOpenAi, opening: Opening
) -> None:
    async with opening() as services:
        stub.then(embeddings(), status(401))
        with pytest.raises(ModelRefused, match=r"64 of 70 texts are embedded and kept"):
            await services.library.replace(LAMPS, policy=MANY, actor="me")
        assert await indexed(services) == {}
        sent = len(stub.requests)
        stub.then(embeddings())
        done = await services.library.replace(LAMPS, policy=MANY, actor="me")
        assert (done.changed, await indexed(services)) == (True, {("lampwick", NAME): 70})
        assert [len(one["input"]) for one in stub.requests[sent:]] == [6]


async def test_a_model_of_another_length_under_the_same_name_is_said_and_the_old_index_kept(
    stub: StubOpenAi, opening: Opening
) -> None:
    async with opening() as services:
        await filled(services)
        stub.then(embeddings(lambda text: by_words(text, 32)))
        assert not any(vectors_of(await find(services)))
        assert "gives 32" in (await services.warnings())["search"]
        with pytest.raises(EmbeddingChanged, match="the old index is kept"):
            await services.library.replace(LAMPS, policy=[*POLICY, *MANY[:1]], actor="me")
        assert await indexed(services) == {("lampwick", NAME): 3}
        await services.library.reindex("lampwick", actor="me", anew=True)
        assert all(vectors_of(await find(services)))
        assert await services.warnings() == {}


async def test_what_a_wrong_model_made_stands_in_nobodys_way(
    stub: StubOpenAi, opening: Opening
) -> None:
    async with opening() as services:
        await filled(services)
        stub.then(embeddings(lambda text: by_words(text, 32)))
        with pytest.raises(EmbeddingChanged):
            await services.library.replace(LAMPS, policy=[*POLICY, *MANY[:1]], actor="me")
        stub.then(embeddings())
        done = await services.library.replace(LAMPS, policy=[*POLICY, *MANY[:1]], actor="me")
        assert (done.changed, await indexed(services)) == (True, {("lampwick", NAME): 4})


async def test_a_brand_moves_to_the_provider_and_back(
    services: Services, stub: StubOpenAi, opening: Opening
) -> None:
    await filled(services)
    async with opening() as later:
        assert all(vectors_of(await find(later)))
        assert stub.requests == []  # the old index serves, with the bundled model
        assert "searched with it" in (await later.warnings())["search"]
        await later.keep_indexed()
        assert await indexed(later) == {("lampwick", NAME): 3}
        assert all(vectors_of(await find(later)))
    asked = len(stub.requests)
    found = await find(services)
    assert found.policy[0].id == "late-parcel"
    assert not any(vectors_of(found))
    assert len(stub.requests) == asked  # words go to no provider that the settings don't name
    assert "by words alone" in (await services.warnings())["search"]
    await services.keep_indexed()
    assert await indexed(services) == {("lampwick", BUNDLED_NAME): 3}


async def test_an_index_of_another_model_of_the_same_provider_is_searched_with_it(
    stub: StubOpenAi, settings: Settings, opening: Opening
) -> None:
    async with opening() as services:
        await filled(services)
    async with open_services(by_provider(settings, stub, "litellm:openai/larger")) as services:
        assert all(vectors_of(await find(services)))
        assert stub.requests[-1]["model"] == "words"


@pytest.mark.parametrize("wrong", ["litellm:", "litellm:openai", "litellm:/x"])
def test_a_model_without_its_provider_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="litellm:provider/model"):
        EmbeddingSettings(model=wrong)
