"""A provider's embeddings: in order, of unit length, on the right side, and failing in words."""

import json
from collections.abc import AsyncIterator, Sequence

import numpy as np
import pytest
from pydantic import SecretStr

from evals.bench.stub_openai import (
    Behaviour,
    StubOpenAi,
    delayed,
    embeddings,
    garbage,
    hang_up,
    status,
)
from service.errors import ModelError, ModelRefused, ModelRubbish, ModelTimeout, ModelUnavailable
from service.llm.endpoints import ModelEndpoint
from service.llm.litellm_client import close_connections
from service.llm.litellm_embedder import LitellmEmbedder
from service.llm.retrying import Tries
from tests.llm.asking import KEY, SECRET

pytestmark = pytest.mark.slow
TRIES = Tries(attempts=2, within_s=60)


@pytest.fixture
async def stub() -> AsyncIterator[StubOpenAi]:
    with StubOpenAi(embeddings()) as running:
        yield running
        await close_connections()


def model(stub: StubOpenAi, name: str = "openai/words") -> LitellmEmbedder:
    bases = {"voyage": f"{stub.base_url}/embeddings", "ollama": stub.address}
    base = bases.get(name.partition("/")[0], stub.base_url)
    return LitellmEmbedder(
        ModelEndpoint(name=name, litellm_model=name, api_base=base, api_key=SecretStr(KEY))
    )


def listed(*vectors: Sequence[float], first: int = 0) -> Behaviour:
    """Answer with these vectors, the last one first."""
    rows = [{"index": n + first, "embedding": list(one)} for n, one in enumerate(vectors)]
    return garbage(json.dumps({"object": "list", "data": rows[::-1], "model": "m"}).encode())


async def test_texts_become_unit_vectors_in_their_order_in_one_call(stub: StubOpenAi) -> None:
    stub.then(listed((3, 4, 0), (0, 0, 2)))
    rows = await model(stub).embed(["one", "two"], asked=True, tries=TRIES)
    assert rows.tolist() == [pytest.approx([0.6, 0.8, 0.0]), [0.0, 0.0, 1.0]]
    assert rows.dtype == np.float32
    (sent,) = stub.requests
    assert (sent["model"], sent["input"]) == ("words", ["one", "two"])
    assert stub.headers[0]["authorization"] == f"Bearer {KEY}"


async def test_a_text_without_a_word_and_a_very_long_one_are_sent_as_a_provider_takes_them(
    stub: StubOpenAi,
) -> None:
    rows = await model(stub).embed(["", " \n", "lamp " * 5_000], asked=False, tries=TRIES)
    blank, spaces, long = stub.requests[0]["input"]
    assert blank == spaces != ""
    assert 1_000 < len(long) <= 2_000
    assert np.allclose(np.linalg.norm(rows, axis=1), 1)


@pytest.mark.parametrize(
    ("name", "asked", "text", "argument"),
    [
        ("openai/text-embedding-3-small", True, "lamp", None),
        ("ollama/nomic-embed-text", True, "search_query: lamp", None),
        ("openai/nomic-embed-text:v1.5", False, "search_document: lamp", None),
        ("openai/intfloat/multilingual-e5-large", True, "query: lamp", None),
        ("openai/intfloat/multilingual-e5-large", False, "passage: lamp", None),
        ("openai/intfloat/multilingual-e5-large-instruct", False, "lamp", None),
        ("voyage/voyage-3", True, "lamp", "query"),
        ("voyage/voyage-3", False, "lamp", "document"),
    ],
)
async def test_models_that_tell_searches_from_passages_are_told(
    stub: StubOpenAi, name: str, asked: bool, text: str, argument: str | None
) -> None:
    await model(stub, name).embed(["lamp"], asked=asked, tries=TRIES)
    (sent,) = stub.requests
    assert (sent["input"], sent.get("input_type")) == ([text], argument)


@pytest.mark.parametrize("failure", [status(429), status(500), hang_up(), garbage()])
async def test_a_passing_failure_is_tried_again(stub: StubOpenAi, failure: Behaviour) -> None:
    stub.then(failure, embeddings())
    assert len(await model(stub).embed(["lamp"], asked=True, tries=TRIES)) == 1
    assert len(stub.requests) == 2


@pytest.mark.parametrize(
    ("failure", "kind", "words", "calls"),
    [
        (status(503), ModelUnavailable, "503", 2),
        (hang_up(), ModelUnavailable, "cannot be reached", 2),
        (status(400), ModelRefused, "AMENDS_EMBEDDING__MODEL", 1),
        (status(401), ModelRefused, "AMENDS_EMBEDDING__API_KEY", 1),
        (status(404), ModelRefused, "AMENDS_EMBEDDING__API_BASE", 1),
        (listed((1, 2)), ModelRubbish, "no vector for every text", 1),
        (listed((1, 2), (1, 2), first=1), ModelRubbish, "no vector for every text", 1),
        (listed((1, 2), (1, 2, 3)), ModelRubbish, "no vector for every text", 1),
        (listed((1, 2), (0, 0)), ModelRubbish, "empty or no number", 1),
        (listed((1, 2), (1, float("nan"))), ModelRubbish, "empty or no number", 1),
    ],
)
async def test_a_failure_says_what_to_do_and_nothing_of_the_text_or_the_key(
    stub: StubOpenAi, failure: Behaviour, kind: type[ModelError], words: str, calls: int
) -> None:
    stub.then(failure)
    with pytest.raises(kind, match=words) as failed:
        await model(stub).embed([SECRET, "two"], asked=True, tries=TRIES)
    assert SECRET not in str(failed.value)
    assert KEY not in str(failed.value)
    assert len(stub.requests) == calls


async def test_a_provider_that_hangs_is_waited_for_so_long(stub: StubOpenAi) -> None:
    await model(stub).embed(["lamp"], asked=True, tries=TRIES)
    stub.then(delayed(3, embeddings()))
    with pytest.raises(ModelTimeout, match=r"no answer within 0\.7 s"):
        await model(stub).embed(["lamp"], asked=True, tries=Tries(2, 0.7))
    assert len(stub.requests) == 2


async def test_what_is_missing_is_said_without_asking(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("OPENAI_API_KEY", "OLLAMA_API_BASE"):
        monkeypatch.delenv(variable, raising=False)
    found = {
        name: await LitellmEmbedder(ModelEndpoint(name=name, litellm_model=name)).trouble()
        for name in ("openai/text-embedding-3-small", "ollama/nomic-embed-text", "no-such/model")
    }
    assert found["openai/text-embedding-3-small"] == "OPENAI_API_KEY is not set"
    assert found["ollama/nomic-embed-text"] is None
    assert "AMENDS_EMBEDDING__MODEL: 'no-such/model' names no provider" in str(
        found["no-such/model"]
    )
