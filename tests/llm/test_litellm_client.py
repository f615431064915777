import asyncio
import os
import subprocess
import sys

import pytest

from evals.bench.stub_openai import (
    StubOpenAi,
    answer,
    delayed,
    half_json,
    without_schema,
)
from service.domain.draft import Usage
from service.errors import (
    NoModelConfigured,
)
from service.llm.client import ChatModel
from service.llm.endpoints import endpoints
from service.llm.litellm_client import LitellmChatModel, warm_up
from service.settings import LlmSettings
from tests.llm.asking import KEY, REQUEST, SCHEMA, SECRET, asking, chat_model

pytestmark = pytest.mark.slow


async def test_an_answer_with_its_cost(model: ChatModel, stub: StubOpenAi) -> None:
    found = await model.complete(REQUEST)

    assert (found.text, found.model, found.cut) == ("Hello", "openai/stub", False)
    assert found.usage == Usage(prompt_tokens=11, completion_tokens=7)
    assert 0 < found.seconds < 5
    assert model.name == "openai/stub"
    assert stub.headers[0]["authorization"] == f"Bearer {KEY}"


async def test_calls_with_other_deadlines_share_one_client(model: ChatModel) -> None:
    kept = warm_up().in_memory_llm_clients_cache.cache_dict
    await model.complete(asking(timeout_s=20.0))
    before = len(kept)
    for left in (19.5, 19.0, 18.5):
        await model.complete(asking(timeout_s=left))
    assert len(kept) == before


async def test_every_parameter_is_passed_on(model: ChatModel, stub: StubOpenAi) -> None:
    await model.complete(
        asking(seed=3, stop=("END",), temperature=0.1, max_tokens=50, schema=SCHEMA)
    )

    sent = stub.requests[0]
    assert sent["messages"] == [{"role": "user", "content": SECRET}]
    assert (sent["seed"], sent["stop"]) == (3, ["END"])
    assert (sent["temperature"], sent["max_tokens"]) == (0.1, 50)
    assert sent["response_format"]["json_schema"]["schema"] == SCHEMA


async def test_plain_text_is_asked_for_without_a_schema(model: ChatModel, stub: StubOpenAi) -> None:
    await model.complete(REQUEST)

    assert not {"response_format", "seed", "stop"} & set(stub.requests[0])


async def test_a_provider_that_declines_schemas_is_asked_without(
    model: ChatModel, stub: StubOpenAi
) -> None:
    stub.then(without_schema(answer("plain")))

    texts = [(await model.complete(asking(schema=SCHEMA))).text for _ in range(2)]

    assert texts == ["plain", "plain"]
    sent_with = ["response_format" in body for body in stub.requests]
    assert sent_with == [True, False, False]  # and it is remembered


async def test_an_answer_that_ran_into_the_limit_says_so(
    model: ChatModel, stub: StubOpenAi
) -> None:
    stub.then(half_json())

    assert (await model.complete(REQUEST)).cut


async def test_a_request_may_name_another_model(model: ChatModel, stub: StubOpenAi) -> None:
    found = await model.complete(asking(model="openai/other"))

    assert found.model == "openai/other"
    assert stub.requests[0]["model"] == "other"


async def test_calls_at_once_are_limited(stub: StubOpenAi) -> None:
    model = chat_model(stub, concurrency=2)
    stub.then(delayed(0.1, answer("ok")))

    await asyncio.gather(*(model.complete(REQUEST) for _ in range(6)))

    assert stub.most_at_once == 2
    await model.aclose()


async def test_the_bundled_server_is_asked_one_thing_at_a_time(stub: StubOpenAi) -> None:
    settings = LlmSettings(model="bundled", api_base=stub.address)
    model = LitellmChatModel(settings, models=endpoints(settings))
    stub.then(delayed(0.4, answer("ok")))

    calls = (model.complete(asking(timeout_s=0.7)) for _ in range(3))
    found = await asyncio.gather(*calls, return_exceptions=True)

    words = sorted(getattr(outcome, "text", str(outcome)) for outcome in found)
    assert words[0].endswith("no answer within 0.7 s")
    assert words[1].endswith("no free place, too many calls at once within 0.7 s")
    assert words[2] == "ok"
    assert stub.most_at_once == 1
    await model.aclose()


async def test_ready_in_words(stub: StubOpenAi) -> None:
    settings = LlmSettings(model="bundled", api_base=stub.address)
    model = LitellmChatModel(settings, models=endpoints(settings))
    answers = []
    for health in [(200, b""), (503, b""), (500, b"")]:
        stub.health = health
        answers.append(await model.ready())
    provider = chat_model(stub)

    assert answers == [None, "loading the model", "the bundled model's server answers 500"]
    assert await provider.ready() is None


PROXIED = """
import asyncio, sys
from service.domain.draft import ChatMessage
from service.llm.client import ChatRequest
from service.llm.endpoints import endpoints
from service.llm.litellm_client import LitellmChatModel
from service.settings import LlmSettings

async def main():
    settings = LlmSettings(model="bundled", api_base=sys.argv[1])
    model = LitellmChatModel(settings, models=endpoints(settings))
    request = ChatRequest(messages=(ChatMessage(role="user", content="Hi"),))
    print(await model.ready(), (await model.complete(request)).text)
    await model.aclose()

asyncio.run(main())
"""


def test_the_bundled_server_is_not_asked_through_a_proxy(stub: StubOpenAi) -> None:
    proxies = dict.fromkeys(("HTTP_PROXY", "http_proxy", "ALL_PROXY"), "http://127.0.0.1:9")

    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROXIED, stub.address],
        env={**os.environ, **proxies, "NO_PROXY": "example.org"},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert (done.stdout, done.stderr) == ("None Hello\n", "")


async def test_ready_where_nothing_listens() -> None:
    settings = LlmSettings(model="bundled", api_base="http://127.0.0.1:9")

    words = await LitellmChatModel(settings, models=endpoints(settings)).ready()

    assert words == "the bundled model's server does not answer yet"


async def test_a_cancelled_call_gives_its_place_back(stub: StubOpenAi) -> None:
    model = chat_model(stub, concurrency=1)
    stub.then(delayed(1.0, answer("late")), answer("next"))
    task = asyncio.create_task(model.complete(REQUEST))
    await asyncio.sleep(0.3)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert (await model.complete(REQUEST)).text == "next"
    await model.aclose()


def test_one_model_serves_several_event_loops(stub: StubOpenAi) -> None:
    model = chat_model(stub)

    async def once() -> str:
        try:
            return (await model.complete(REQUEST)).text
        finally:
            await model.aclose()

    assert [asyncio.run(once()) for _ in range(2)] == ["Hello", "Hello"]


def test_litellm_is_quiet() -> None:
    litellm = warm_up()

    assert litellm.drop_params
    assert litellm.turn_off_message_logging
    assert litellm.suppress_debug_info
    assert not litellm.telemetry
    assert os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] == "True"


def test_no_models_at_all() -> None:
    with pytest.raises(NoModelConfigured, match="AMENDS_LLM__MODEL"):
        LitellmChatModel(LlmSettings(), models=[])
