from collections.abc import AsyncIterator, Iterator

import pytest

from evals.bench.stub_openai import StubOpenAi
from service.llm.litellm_client import LitellmChatModel
from tests.llm.asking import chat_model


@pytest.fixture
def stub() -> Iterator[StubOpenAi]:
    with StubOpenAi() as running:
        yield running


@pytest.fixture
async def model(stub: StubOpenAi) -> AsyncIterator[LitellmChatModel]:
    chat = chat_model(stub)
    yield chat
    await chat.aclose()
