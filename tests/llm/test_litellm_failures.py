import logging
import os
import time

import pytest

from evals.bench.stub_openai import (
    Behaviour,
    StubOpenAi,
    answer,
    delayed,
    filtered,
    garbage,
    hang_up,
    status,
)
from service.errors import (
    ModelError,
    ModelRefused,
    ModelRubbish,
    ModelTimeout,
    ModelUnavailable,
)
from service.llm.client import ChatModel
from service.llm.endpoints import endpoints
from service.llm.litellm_client import LitellmChatModel
from service.settings import LlmSettings
from tests.llm.asking import KEY, REQUEST, SCHEMA, SECRET, TOO_LONG, asking, at, chat_model

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("failure", [status(429), status(500), status(503), hang_up(), garbage()])
async def test_a_passing_failure_is_tried_again(
    model: ChatModel, stub: StubOpenAi, failure: Behaviour
) -> None:
    stub.then(failure, answer("at last"))

    assert (await model.complete(REQUEST)).text == "at last"
    assert len(stub.requests) == 2


@pytest.mark.parametrize(
    ("failure", "kind", "words", "calls"),
    [
        (status(429), ModelUnavailable, "429", 2),
        (status(500), ModelUnavailable, "500", 2),
        (hang_up(), ModelUnavailable, "cannot be reached", 2),
        (garbage(), ModelUnavailable, "try again", 2),
        (status(408), ModelTimeout, "in time", 2),
        (status(400), ModelRefused, "AMENDS_LLM__MODEL", 1),
        (status(401), ModelRefused, "AMENDS_LLM__API_KEY", 1),
        (status(403), ModelRefused, "AMENDS_LLM__API_KEY", 1),
        (status(404), ModelRefused, "AMENDS_LLM__API_BASE", 1),
        (status(413), ModelRefused, "longer than the model can read", 1),
        (status(400, message=TOO_LONG), ModelRefused, "longer than", 1),
        (filtered("half a"), ModelRefused, "content policy", 1),
        (answer(""), ModelRubbish, "empty", 1),
        (answer(" \n"), ModelRubbish, "empty", 1),
        (answer(None), ModelRubbish, "empty", 1),
    ],
)
async def test_failures_in_our_words(
    model: ChatModel,
    stub: StubOpenAi,
    failure: Behaviour,
    kind: type[ModelError],
    words: str,
    calls: int,
) -> None:
    stub.then(failure)

    with pytest.raises(kind, match=words) as caught:
        await model.complete(REQUEST)

    assert type(caught.value) is kind
    assert len(stub.requests) == calls
    assert SECRET not in str(caught.value)
    assert KEY not in str(caught.value)


async def test_a_content_policy_is_no_matter_of_the_schema(
    model: ChatModel, stub: StubOpenAi
) -> None:
    declined = "Your request was rejected by our safety system: content_policy_violation"
    stub.then(status(400, message=declined, kind="invalid_request_error"))

    with pytest.raises(ModelRefused, match="content policy"):
        await model.complete(asking(schema=SCHEMA))

    assert len(stub.requests) == 1


async def test_the_deadline_is_kept(model: ChatModel, stub: StubOpenAi) -> None:
    stub.then(delayed(2.0, answer("too late")))
    began = time.monotonic()

    with pytest.raises(ModelTimeout, match=r"no answer within 0\.4 s"):
        await model.complete(asking(timeout_s=0.4))

    assert time.monotonic() - began < 1.0
    assert len(stub.requests) == 1


async def test_retry_after_is_obeyed_while_the_deadline_allows(stub: StubOpenAi) -> None:
    model = chat_model(stub)
    stub.then(status(429, headers={"Retry-After": "0.8"}), answer("ok"))
    found = await model.complete(REQUEST)
    stub.then(status(429, headers={"Retry-After": "60"}), answer("never"))

    with pytest.raises(ModelUnavailable):
        await model.complete(REQUEST)

    assert found.seconds >= 0.8
    assert len(stub.requests) == 3
    await model.aclose()


async def test_fallbacks_are_tried_in_order() -> None:
    with StubOpenAi(status(500)) as broken, StubOpenAi(answer("from the second")) as second:
        settings = LlmSettings(model="openai/a", attempts=1)
        model = LitellmChatModel(settings, models=[at(broken, "a"), at(second, "b")])

        found = await model.complete(REQUEST)

        assert (found.text, found.model) == ("from the second", "b")
        await model.aclose()


async def test_a_model_that_hangs_leaves_time_for_the_next() -> None:
    slow = StubOpenAi(delayed(3.0, answer("late")))
    with slow, StubOpenAi(answer("from the second")) as second:
        model = LitellmChatModel(LlmSettings(), models=[at(slow, "a"), at(second, "b")])

        found = await model.complete(asking(timeout_s=1.0))

        assert found.model == "b"
        assert found.seconds < 1.0
        await model.aclose()


async def test_when_all_fail_every_model_is_named() -> None:
    with StubOpenAi(status(401)) as first, StubOpenAi(hang_up()) as second:
        settings = LlmSettings(attempts=1)
        model = LitellmChatModel(settings, models=[at(first, "a"), at(second, "b")])

        with pytest.raises(ModelRefused, match=r"a: .*; then b: ") as caught:
            await model.complete(REQUEST)

        assert caught.value.__cause__ is not None
        await model.aclose()


async def test_naming_the_bundled_model_where_none_runs(model: ChatModel) -> None:
    with pytest.raises(ModelUnavailable, match="no server here"):
        await model.complete(asking(model="bundled"))


@pytest.mark.parametrize("name", ["nonsense", "nobody/has-this"])
async def test_an_unknown_name_says_which_setting(model: ChatModel, name: str) -> None:
    with pytest.raises(ModelRefused, match="AMENDS_LLM__MODEL"):
        await model.complete(asking(model=name))


@pytest.mark.parametrize("name", ["openai/gpt-4o", "anthropic/claude-x", "gemini/gemini-x"])
async def test_a_missing_key_says_which_setting(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in [name for name in os.environ if name.endswith("_API_KEY")]:
        monkeypatch.delenv(variable)
    settings = LlmSettings(model=name)
    model = LitellmChatModel(settings, models=endpoints(settings))

    with pytest.raises(ModelRefused, match="AMENDS_LLM__API_KEY"):
        await model.complete(REQUEST)

    await model.aclose()


async def test_nothing_is_logged_of_a_prompt(
    model: ChatModel,
    stub: StubOpenAi,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    stub.then(status(500), status(401))
    with pytest.raises(ModelRefused):
        await model.complete(REQUEST)

    printed = capfd.readouterr()
    assert SECRET not in caplog.text + printed.out + printed.err
    assert KEY not in caplog.text + printed.out + printed.err
