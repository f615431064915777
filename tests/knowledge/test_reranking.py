"""A reranker orders what was found; the cut-off stays with the fused relevance."""

import json
from collections.abc import AsyncIterator, Callable
from datetime import date
from pathlib import Path

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from evals.bench.stub_openai import Behaviour, Exchange, StubOpenAi, delayed, garbage, status
from service.bootstrap import Services, open_services
from service.domain.knowledge import Evidence
from service.errors import ConfigurationError, ModelError
from service.knowledge.query import Query
from service.knowledge.reranking import Reranker, reranker_of
from service.knowledge.retriever import retrieval_version
from service.llm.litellm_client import close_connections
from service.settings import LlmSettings, RetrievalSettings, Settings
from tests.factories import LAMPS, PAST, POLICY
from tests.knowledge.cross_encoders import build

pytestmark = pytest.mark.slow
BROKEN = "The lamp arrived broken, and the parcel was late"
TEXTS = ["A lamp that arrives broken is replaced.", "A late parcel entitles you to money back."]


@pytest.fixture
async def stub() -> AsyncIterator[StubOpenAi]:
    with StubOpenAi() as running:
        yield running
        await close_connections()


def scored(score: Callable[[str], float]) -> Behaviour:
    """Answer as rerank APIs do: the best first, by place."""

    def behave(exchange: Exchange) -> None:
        documents = [d if isinstance(d, str) else d["text"] for d in exchange.body["documents"]]
        results = [{"index": n, "relevance_score": score(d)} for n, d in enumerate(documents)]
        results.sort(key=lambda one: -one["relevance_score"])
        exchange.send(200, json.dumps({"id": "r", "results": results}).encode())

    return behave


def provider(stub: StubOpenAi, *, timeout_s: float = 5) -> tuple[RetrievalSettings, LlmSettings]:
    llm = LlmSettings(
        model="hosted_vllm/drafter",
        api_base=stub.address,
        api_key=SecretStr("sk-SECRET"),
        timeout_s=timeout_s,
    )
    return RetrievalSettings(reranker="litellm:hosted_vllm/orders"), llm


def by_provider(stub: StubOpenAi, *, timeout_s: float = 5) -> Reranker:
    found = reranker_of(*provider(stub, timeout_s=timeout_s))
    assert found is not None
    return found


def by_folder(folder: str) -> Reranker:
    found = reranker_of(RetrievalSettings(reranker=folder), LlmSettings())
    assert found is not None
    return found


async def find(services: Services, *, cut_off: bool = False, top: int | None = None) -> Evidence:
    query = Query(
        points=(BROKEN,), language="en", today=date(2026, 11, 21), cut_off=cut_off, policy=top
    )
    return await services.retriever.retrieve(LAMPS, query)


async def filled(services: Services) -> None:
    await services.library.replace(LAMPS, policy=POLICY, past_replies=PAST, actor="me")


async def test_a_folders_scores_lie_between_0_and_1(tmp_path: Path) -> None:
    plain = await by_folder(build(tmp_path / "a")).relevances(BROKEN, TEXTS)
    other = await by_folder(build(tmp_path / "b", opposite=True)).relevances(BROKEN, TEXTS)
    assert [round(a + b, 5) for a, b in zip(plain, other, strict=True)] == [1.0, 1.0]
    assert plain[0] != plain[1]


async def test_a_folder_orders_what_was_found(settings: Settings, tmp_path: Path) -> None:
    orders = {}
    for name, opposite in (("one", False), ("other", True)):
        chosen = RetrievalSettings(reranker=build(tmp_path / name, opposite=opposite))
        async with open_services(settings.model_copy(update={"retrieval": chosen})) as services:
            await filled(services)
            found = (await find(services)).policy
            scores = [one.scores.reranked or 0.0 for one in found]
            assert scores == sorted(scores, reverse=True)
            assert all(0 < score < 1 for score in scores)
            orders[name] = [one.id for one in found]
            assert services.retriever.trouble is None
    assert orders["one"] == orders["other"][::-1]


@pytest.mark.parametrize(
    ("reranker", "words"),
    [("/nowhere/at-all", "no folder on this machine"), ("EMPTY", "cannot be loaded")],
)
async def test_a_folder_that_is_none_is_said_in_words(
    settings: Settings, tmp_path: Path, reranker: str, words: str
) -> None:
    chosen = RetrievalSettings(reranker=reranker.replace("EMPTY", str(tmp_path)))
    async with open_services(settings.model_copy(update={"retrieval": chosen})) as services:
        await filled(services)
        with capture_logs() as logs:
            found = await find(services)
        assert found.policy[0].scores.reranked is None
        assert words in (await services.warnings())["reranker"]
    assert [line["event"] for line in logs] == ["not_reranked"]


async def test_a_classifier_of_several_kinds_orders_nothing(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="3 scores a pair"):
        await by_folder(build(tmp_path / "a", labels=3)).relevances(BROKEN, TEXTS)


async def test_a_provider_is_asked_once_with_its_key(stub: StubOpenAi) -> None:
    stub.then(scored(lambda text: 0.9 if "late" in text else 0.2))
    assert await by_provider(stub).relevances(BROKEN, TEXTS) == [0.2, 0.9]
    (sent,) = stub.requests
    assert (sent["model"], sent["query"], sent["documents"]) == ("orders", BROKEN, TEXTS)
    assert stub.headers[0]["authorization"] == "Bearer sk-SECRET"


async def test_raw_scores_are_squashed(stub: StubOpenAi) -> None:
    stub.then(scored(lambda text: -800.0 if "late" in text else 0.0))
    assert await by_provider(stub).relevances(BROKEN, TEXTS) == pytest.approx([0.5, 0.0])


@pytest.mark.parametrize(
    "behaviour",
    [
        status(500),
        status(401),
        garbage(),
        garbage(b'{"id": "r", "results": [{"index": 0, "relevance_score": 0.4}]}'),
        delayed(1.5, status(200)),
    ],
)
async def test_a_provider_that_fails_says_so_once_and_without_the_complaint(
    stub: StubOpenAi, behaviour: Behaviour
) -> None:
    stub.then(behaviour)
    with pytest.raises(ModelError) as failed:
        await by_provider(stub, timeout_s=0.5).relevances("SECRETPROMPT", TEXTS)
    assert "SECRET" not in str(failed.value)
    assert "AMENDS_LLM__MODEL" not in str(failed.value)
    assert len(stub.requests) == 1


async def test_the_fused_order_stands_while_a_provider_is_down(
    stub: StubOpenAi, settings: Settings
) -> None:
    retrieval, llm = provider(stub)
    chosen = settings.model_copy(update={"retrieval": retrieval, "llm": llm})
    stub.then(scored(lambda text: 0.9 if "late" in text else 0.2))
    async with open_services(chosen) as services:
        await filled(services)
        assert (await find(services)).policy[0].id == "late-parcel"
        stub.then(status(503))
        with capture_logs() as logs:
            down = (await find(services)).policy
        assert [one.score for one in down] == sorted((p.score for p in down), reverse=True)
        assert [(line["event"], line["log_level"]) for line in logs] == [
            ("not_reranked", "warning")
        ]
        assert BROKEN not in str(logs)
        assert "first order" in (await services.warnings())["reranker"]
        stub.then(scored(lambda text: 0.5))
        await find(services)
        assert await services.warnings() == {}


async def test_the_cut_off_stays_with_the_fused_relevance(
    stub: StubOpenAi, settings: Settings
) -> None:
    retrieval, llm = provider(stub)
    stub.then(scored(lambda text: 0.001))
    chosen = settings.model_copy(update={"retrieval": retrieval, "llm": llm})
    async with open_services(chosen) as services:
        await filled(services)
        every = (await find(services)).policy
        kept = (await find(services, cut_off=True)).policy
        assert {one.id for one in kept} == {one.id for one in every if one.scores.relevant}
        assert kept
        stub.then(status(500))
        assert (await find(services, cut_off=True, top=0)).policy == ()
        assert services.retriever.trouble is None  # nobody was asked


def test_the_version_changes_with_the_reranker_and_with_what_a_folder_holds(tmp_path: Path) -> None:
    one, other = build(tmp_path / "a"), build(tmp_path / "b", opposite=True)
    reranked = [one, other, "litellm:cohere/rerank-v3.5", "litellm:cohere/rerank-v4", "", None]
    versions = [retrieval_version(RetrievalSettings(reranker=name)) for name in reranked]
    assert len(set(versions)) == 5
    assert versions[-1] == versions[-2] == retrieval_version()
    same = build(tmp_path / "moved")
    assert retrieval_version(RetrievalSettings(reranker=same)) == versions[0]


@pytest.mark.parametrize("wrong", ["litellm:", "litellm:cohere", "litellm:/x"])
def test_a_model_without_its_provider_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="litellm:provider/model"):
        RetrievalSettings(reranker=wrong)
